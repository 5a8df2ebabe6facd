"""Events that could not be applied: kept whole with their reason, replayed by an operator, in order.

Written and committed before the broker is told to forget the message; JetStream itself has no dead letters.
Later events of the same aggregate wait behind as dead letters too, so order holds; other aggregates go on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import structlog
from sqlalchemy import text

from kernel.clock import utcnow
from kernel.context import Context, TenantId
from kernel.db.transaction import Database
from kernel.errors import NotFound, Problem
from kernel.events.envelope import Envelope, parse
from kernel.events.inbox import apply, context_of, settle
from kernel.events.subscriptions import Subscriptions

log = structlog.get_logger(__name__)

_BURY = text(
    "insert into k_dead_letter as d (tenant_id, event_id, source, aggregate_type, aggregate_id,"
    " aggregate_version, subject, headers, body, reason, waiting, attempts)"
    " values (:tenant, :event, :source, :type, :aggregate, :version, :subject, cast(:headers as jsonb),"
    " :body, :reason, :waiting, :attempts)"
    " on conflict (tenant_id, event_id) do update set reason = excluded.reason, attempts = excluded.attempts,"
    " waiting = excluded.waiting and d.waiting, replayed_at = null"
)
_BLOCK = text(
    "insert into k_inbox as i (tenant_id, source, aggregate_type, aggregate_id, last_version, duplicates,"
    " blocked, failures, interruptions) values (:tenant, :source, :type, :aggregate, 0, 0, true, 0, 0)"
    " on conflict (tenant_id, source, aggregate_type, aggregate_id) do update set blocked = true,"
    " failures = 0, interruptions = 0 where i.last_version < :version - case when :waiting then 1 else 0 end"
    " returning true"
)
_ADVANCE = text(
    "update k_inbox set last_version = :version, last_event_id = :event, applied_at = clock_timestamp()"
    " where source = :source and aggregate_type = :type and aggregate_id = :aggregate"
    " and last_version = :version - 1 returning last_version"
)
_NEXT = text(
    "select d.subject, d.headers, d.body from k_dead_letter d join k_inbox i on i.tenant_id = d.tenant_id"
    " and i.source = d.source and i.aggregate_type = d.aggregate_type and i.aggregate_id = d.aggregate_id"
    " and i.last_version = d.aggregate_version - 1"
    " where d.waiting and d.replayed_at is null and d.source = :source and d.aggregate_type = :type"
    " and d.aggregate_id = :aggregate"
)


@dataclass(frozen=True, slots=True)
class DeadLetterView:
    """One dead letter as an operator sees it: no content, no personal data."""

    tenant: UUID
    event_id: UUID
    subject: str
    aggregate_id: UUID
    version: int
    reason: str
    waiting: bool
    attempts: int
    recorded_at: datetime


def reason_of(error: BaseException) -> str:
    """The kind of an error, never its text: that may quote the event's data."""
    return f"{type(error).__name__} ({error.name})" if isinstance(error, Problem) else type(error).__name__


async def bury(db: Database, envelope: Envelope, *, reason: str, attempts: int, waiting: bool) -> bool:
    """Keep an event that could not be applied, or (`waiting`) one that comes after such a one. Commits.

    False when that is no longer so: it was applied meanwhile, or what it waited for was, so it is the next.
    """
    values = _values(envelope) | {"reason": reason, "attempts": attempts, "waiting": waiting}
    async with db.transaction(context_of(envelope)) as tx:
        if (await tx.session.execute(_BLOCK, values)).first() is None:
            return False
        await tx.session.execute(_BURY, values)
    tell = log.warning if waiting else log.error
    tell(
        "event set aside until an earlier one is applied" if waiting else "dead letter",
        event_id=str(envelope.id),
        subject=envelope.subject,
        reason=reason,
        attempts=attempts,
    )
    return True


async def listing(db: Database, tenant: TenantId) -> list[DeadLetterView]:
    """The dead letters of a tenant that were not replayed yet, by aggregate and version."""
    async with db.transaction(Context.system(tenant, utcnow())) as tx:
        rows = await tx.session.execute(
            text(
                "select tenant_id, event_id, subject, aggregate_id, aggregate_version, reason, waiting,"
                " attempts, recorded_at from k_dead_letter where replayed_at is null"
                " order by source, aggregate_type, aggregate_id, aggregate_version"
            )
        )
        return [DeadLetterView(*row) for row in rows]


async def replay(db: Database, subscriptions: Subscriptions, tenant: TenantId, event_id: UUID) -> int:
    """Apply a dead letter again, then those that wait behind it; returns how many were applied.

    0 when it was applied before (replaying twice is harmless) or when an earlier one must be replayed first.
    Raises `NotFound` for an unknown event, and what the handler raises if it fails again; nothing changes
    then.
    """
    async with db.transaction(Context.system(tenant, utcnow())) as tx:
        row = (
            await tx.session.execute(
                text("select subject, headers, body, replayed_at from k_dead_letter where event_id = :event"),
                {"event": event_id},
            )
        ).first()
    if row is None:
        raise NotFound
    if row.replayed_at is not None:
        return 0
    envelope = _envelope(row)
    if not await _apply(db, subscriptions, envelope):
        return 0
    return 1 + await drain(db, subscriptions, envelope)


async def drain(db: Database, subscriptions: Subscriptions, behind: Envelope) -> int:
    """Apply what waits directly behind an event that was applied; returns how many.

    Stops at the first that fails: it becomes the dead letter that the rest waits for.
    """
    applied = 0
    while True:
        async with db.transaction(context_of(behind)) as tx:
            row = (await tx.session.execute(_NEXT, _values(behind))).first()
        if row is None:
            return applied
        envelope = _envelope(row)
        try:
            if not await _apply(db, subscriptions, envelope):
                return applied
        except Exception as error:
            await bury(db, envelope, reason=reason_of(error), attempts=1, waiting=False)
            return applied
        applied += 1


async def _apply(db: Database, subscriptions: Subscriptions, envelope: Envelope) -> bool:
    async with db.transaction(context_of(envelope)) as tx:
        if (await tx.session.execute(_ADVANCE, _values(envelope))).first() is None:
            return False
        await apply(tx, subscriptions, [envelope])
        await settle(tx, envelope)
    return True


def _values(envelope: Envelope) -> dict[str, Any]:
    headers: Mapping[str, str] = envelope.headers()
    return {
        "tenant": envelope.tenant,
        "event": envelope.id,
        "source": envelope.source,
        "type": envelope.aggregate_type,
        "aggregate": envelope.aggregate_id,
        "version": envelope.version,
        "subject": envelope.subject,
        "headers": msgspec.json.encode(headers).decode(),
        "body": envelope.body.decode(),
    }


def _envelope(row: Any) -> Envelope:
    return parse(row.subject, row.headers, row.body.encode())
