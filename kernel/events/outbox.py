"""Telling of what was done, in the transaction that does it: nothing is published that was not committed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import msgspec

from kernel.clock import utcnow
from kernel.context import Context
from kernel.db.transaction import Transaction
from kernel.events import seal as sealing
from kernel.events.audit import AUDIT, AuditRecorded
from kernel.events.envelope import rfc3339
from kernel.events.event import Event, EventShapeWrong, Seal, check
from kernel.ids import new_id

MAX_BYTES = 900_000
"""Below the broker's 1 MiB message, with room for headers and seal: a row that cannot be published would stop
the relay for good, so it is refused while the caller can still roll back."""

CHANNEL = "k_outbox"
"""Where the relay is woken."""
_KEYS = ("tenant", "id", "aggregate_type", "aggregate_id")
_REST = (
    "event", "event_version", "unit_no", "data", "sealed", "person", "business_time", "request_id", "traceparent",
)  # fmt: skip
"""The values of a row, in the order of the parameters below."""
_COLUMNS = (
    "tenant_id, id, aggregate_type, aggregate_id, aggregate_version, event, event_version, unit_no, data,"
    " sealed, sealed_person_id, business_time, request_id, traceparent"
)
_VALUES = "$5, $6::integer, $7::integer, $8::jsonb, $9::jsonb, $10::uuid, $11::timestamptz, $12, $13"
# One trip: the version row is locked before the outbox row takes its sequence number.
_EMIT = (
    "with given as (insert into k_event_version as v"  # noqa: S608 - constants; values are bound
    " (tenant_id, aggregate_type, aggregate_id, last_version)"
    " values ($1::uuid, $3::varchar, $4::uuid, 1)"
    " on conflict (tenant_id, aggregate_type, aggregate_id) do update set last_version = v.last_version + 1"
    " returning last_version)"
    f" insert into k_outbox ({_COLUMNS})"
    f" select $1::uuid, $2::uuid, $3::varchar, $4::uuid, last_version, {_VALUES} from given"
)
_RECORD = (
    f"insert into k_outbox ({_COLUMNS})"  # noqa: S608 - constants; values are bound
    f" values ($1::uuid, $2::uuid, $3::varchar, $4::uuid, null, {_VALUES})"
)


class EventTooLarge(ValueError):
    """The event would not fit into one message: publish a reference instead."""


@dataclass(frozen=True, slots=True)
class Act:
    """What `audit` records."""

    action: str
    subject_type: str
    subject_id: UUID | None
    reason: str | None = None
    facts: Mapping[str, object] = field(default_factory=dict)


async def emit(
    tx: Transaction, event: Event, *, aggregate_id: UUID, unit_no: int | None = None, seal: Seal | None = None
) -> UUID:
    """Put `event` into the outbox as the next version of its aggregate; returns the event's id.

    unit_no: number of the unit concerned, for projections that scope by it. seal: personal data for one
    receiver. Raises `EventShapeWrong` for an event of another service, `EventTooLarge`, `PersonErased`.
    """
    event_id = new_id()
    check(type(event))
    if event.source not in ("", tx.process):
        raise EventShapeWrong(f"{type(event).__name__} is published by {event.source}, not by {tx.process}")
    values = _values(tx.context, event_id, event) | {"aggregate_id": aggregate_id, "unit_no": unit_no}
    if seal is not None:
        values["sealed"] = msgspec.json.encode(await sealing.close(tx, event_id, seal)).decode()
        values["person"] = seal.person_id
    _check_size(type(event), values)
    await tx.last(_EMIT, *_in_order(values))
    tx.call(CHANNEL)
    return event_id


def _in_order(values: Mapping[str, Any]) -> list[Any]:
    return [values[name] for name in (*_KEYS, *_REST)]


async def audit(
    tx: Transaction,
    action: str,
    *,
    subject_type: str,
    subject_id: UUID | None,
    reason: str | None = None,
    facts: Mapping[str, object] | None = None,
) -> UUID:
    """Record an act for the audit chain, in the transaction of the act; returns the entry's id.

    action: the permission or operation, `recruitment.notice.publish`. facts: primitives, no personal data.
    The relay numbers entries per tenant without gaps, in the order in which they were committed.
    """
    return await record(tx, Act(action, subject_type, subject_id, reason, facts or {}))


async def record(tx: Transaction, act: Act) -> UUID:
    """As `audit`, of an act that was put into words elsewhere."""
    entry_id = new_id()
    values = entry(tx.context, entry_id, act)
    await tx.last(_RECORD, *_in_order(values))
    tx.call(CHANNEL)
    return entry_id


def entry(context: Context, entry_id: UUID, act: Act) -> dict[str, object]:
    """The values of an act's row in the outbox."""
    actor = context.actor
    recorded = AuditRecorded(
        action=act.action,
        subject_type=act.subject_type,
        subject_id=_text(act.subject_id),
        reason=act.reason,
        facts=dict(act.facts),
        actor_kind=actor.kind,
        user_id=_text(actor.user),
        post_id=_text(actor.post),
        person_id=_text(actor.person),
        client_id=actor.client_id,
        unit_no=actor.unit_no,
        request_id=context.request_id,
        address=context.address,
        occurred_at=rfc3339(utcnow()),
        business_time=rfc3339(context.business_time),
    )
    # One chain per tenant and service, so its aggregate is the tenant.
    values = _values(context, entry_id, recorded) | {"aggregate_id": context.tenant, "aggregate_type": AUDIT}
    _check_size(AuditRecorded, values)
    return values


def _values(context: Context, event_id: UUID, event: Event) -> dict[str, object]:
    return {
        "tenant": context.tenant,
        "id": event_id,
        "aggregate_type": event.aggregate,
        "event": event.name,
        "event_version": event.v,
        "unit_no": None,
        "data": msgspec.json.encode(event).decode(),
        "sealed": None,
        "person": None,
        "business_time": context.business_time,
        "request_id": context.request_id,
        "traceparent": context.traceparent,
    }


def _check_size(kind: type[Event], values: Mapping[str, object]) -> None:
    size = len(str(values["data"]).encode()) + len(str(values["sealed"] or ""))
    if size > MAX_BYTES:
        raise EventTooLarge(f"{kind.__name__} has {size} bytes, at most {MAX_BYTES} are published")


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)
