"""Applying an event once and in order: the inbox row and the effect are one transaction.

The row keeps the last version applied per foreign aggregate. Next → apply, older → it was applied already,
further → an earlier one is still to come. This holds for ever, whatever the broker delivers again.
"""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import count, groupby, takewhile
from operator import itemgetter
from typing import Any

import msgspec
from sqlalchemy import text

from kernel.config import ProcessConfig, crash_point
from kernel.context import Context
from kernel.db.noting import Noting
from kernel.db.transaction import Database, Transaction
from kernel.events import at_once, seal
from kernel.events.envelope import Envelope, Malformed, sealed_member
from kernel.events.event import Event, Received
from kernel.events.subscriptions import Subscription, Subscriptions
from kernel.events.units import Named, Renewed, named, renewed


class Outcome(Enum):
    """What became of a delivered event."""

    APPLIED = "applied"
    DUPLICATE = "duplicate"
    GAP = "gap"
    BLOCKED = "blocked"
    """A gap that will not close by itself: a dead letter lies before it."""


SETTLED = (Outcome.APPLIED, Outcome.DUPLICATE)
"""The broker may forget the event."""

# One trip locks the row, advances it if the event is the next one (to the last that follows it without a gap), and
# tells both states.
_CLAIM = (
    "insert into k_inbox as i (tenant_id, source, aggregate_type, aggregate_id, last_version, last_event_id,"
    " duplicates, blocked, failures, interruptions)"
    " values ($1::uuid, $2, $3, $4::uuid, case when $5::bigint = 1 then $6::bigint else 0 end,"
    " case when $5 = 1 then $7::uuid end, 0, false, 0, 0)"
    " on conflict (tenant_id, source, aggregate_type, aggregate_id) do update set"
    " last_version = case when i.last_version = $5 - 1 then $6 else i.last_version end,"
    " last_event_id = case when i.last_version = $5 - 1 then $7 else i.last_event_id end,"
    " applied_at = case when i.last_version = $5 - 1 then clock_timestamp() else i.applied_at end,"
    " duplicates = i.duplicates + case when i.last_version >= $5 then 1 else 0 end"
    " returning coalesce(old.last_version, 0) as before, new.last_version as after, new.blocked"
)
# And, in the same trip, which of the units that the event names are others now.
_CLAIM_AND_RENEW = (
    f"with claimed as ({_CLAIM}) select before, after, blocked,"  # noqa: S608 - constants; values are bound
    f" array(select array[what, was, now] from ({renewed(8)}) n) from claimed"
)
_RENEWED = renewed(1)
_TRIED = text(
    "insert into k_inbox as i (tenant_id, source, aggregate_type, aggregate_id, last_version, duplicates,"
    " blocked, tried_event_id, failures, interruptions)"
    " values (:tenant, :source, :type, :aggregate, 0, 0, false, :event, :failed, :interrupted)"
    " on conflict (tenant_id, source, aggregate_type, aggregate_id) do update set tried_event_id = :event,"
    " failures = case when i.tried_event_id = :event then i.failures else 0 end + :failed,"
    " interruptions = case when i.tried_event_id = :event then i.interruptions else 0 end + :interrupted"
    " where i.last_version < :version"
    " returning failures, interruptions"
)


def context_of(envelope: Envelope) -> Context:
    """The context in which an event is applied: the platform, for its tenant, at its business instant."""
    return Context.system(envelope.tenant, envelope.business_time, traceparent=envelope.traceparent)


def _keys(envelope: Envelope) -> dict[str, object]:
    return {
        "tenant": envelope.tenant,
        "source": envelope.source,
        "type": envelope.aggregate_type,
        "aggregate": envelope.aggregate_id,
        "version": envelope.version,
        "event": envelope.id,
    }


async def receive(
    db: Database, config: ProcessConfig, subscriptions: Subscriptions, envelope: Envelope
) -> tuple[Outcome, bool]:
    """As `receive_together`, of one event."""
    if await _received_at_once(db, config, subscriptions, envelope):
        return Outcome.APPLIED, False
    (found,) = await receive_together(db, config, subscriptions, [envelope])
    return found


async def _received_at_once(
    db: Database, config: ProcessConfig, subscriptions: Subscriptions, envelope: Envelope
) -> bool:
    """Apply it in one statement, where that can be; else nothing was done."""
    try:
        read = _read(subscriptions, envelope)
    except Malformed:
        return False
    context = context_of(envelope)
    if read is None:
        # It is heard because somebody here hears others of its aggregate, and only counts.
        return await at_once.keep(db, config, envelope, Noting(context, config.process))
    if not read.found.only_rows or sealed_member(envelope.body) is not None:
        return False
    noting = await at_once.noted(read.found, _plain(envelope, read.data), context, config.process)
    return noting is not None and await at_once.keep(db, config, envelope, noting, read.named)


async def receive_together(
    db: Database, config: ProcessConfig, subscriptions: Subscriptions, envelopes: Sequence[Envelope]
) -> list[tuple[Outcome, bool]]:
    """Apply events of one aggregate, in one transaction that commits before this returns; each only if it is the next.

    Returns what became of each, and whether dead letters of the aggregate wait; ends with the first that was not
    applied, now or before, or that such dead letters wait for. Raises what a handler raises, `Malformed` for a body
    that is not of the event's shape, `Unavailable` when the database does not answer; then nothing was stored.
    """
    found: list[tuple[Outcome, bool]] = []
    async with db.transaction(context_of(envelopes[0])) as tx:
        while len(found) < len(envelopes):
            if found:
                tx = await tx.following(context_of(envelopes[len(found)]))
            found += await _take(tx, subscriptions, envelopes[len(found) :])
            outcome, blocked = found[-1]
            if blocked or outcome not in SETTLED:
                break
        # Here, so that what the handlers left to flush is in the database when a test kills the process.
        await tx.flush()
        if any(outcome is Outcome.APPLIED for outcome, _ in found):
            crash_point(config, "consumer.before_commit")
    if any(outcome is Outcome.APPLIED for outcome, _ in found):
        crash_point(config, "consumer.after_commit")
    return found


async def _take(
    tx: Transaction, subscriptions: Subscriptions, envelopes: Sequence[Envelope]
) -> list[tuple[Outcome, bool]]:
    """Apply the first, and those that follow it without a gap, if it is the next; else tell of the first alone."""
    first = envelopes[0]
    run = [each for each, _ in takewhile(_is_next, zip(envelopes, count(first.version), strict=False))]
    units = None
    with contextlib.suppress(Malformed):  # told below, if it is the next
        read = _read(subscriptions, first)
        units = read.named if read is not None else None
    key = (first.tenant, first.source, first.aggregate_type, first.aggregate_id)
    claim = (*key, first.version, run[-1].version, run[-1].id)
    found = await (tx.run(_CLAIM_AND_RENEW, *claim, *units.values) if units else tx.run(_CLAIM, *claim))
    before, after, blocked, *others = found[0]
    if after == before:
        if first.version <= after:
            return [(Outcome.DUPLICATE, blocked)]
        return [(Outcome.BLOCKED if blocked else Outcome.GAP, blocked)]
    await apply(tx, subscriptions, run, *others)
    if blocked:
        for envelope in run:
            await settle(tx, envelope)
    return [(Outcome.APPLIED, blocked)] * len(run)


def _is_next(given: tuple[Envelope, int]) -> bool:
    envelope, version = given
    return envelope.version == version


async def apply(
    tx: Transaction, subscriptions: Subscriptions, run: Sequence[Envelope], others: Sequence[Renewed] | None = None
) -> None:
    """Run the handlers of events that follow one another, on a transaction in the context of the first.

    others: what `renewed` finds for the first, where that is known. An event without handlers only counts.
    """
    received: list[tuple[Subscription, Received[Any]]] = []
    for place, envelope in enumerate(run):
        if place:
            tx = await tx.following(context_of(envelope))
        read = _read(subscriptions, envelope)
        if read is None:
            continue
        if place or others is None:
            others = await tx.run(_RENEWED, *read.named.values) if read.named else ()
        received.append((read.found, await _received(tx, envelope, read, others)))
        for handler in read.found.handlers:
            await handler(tx, received[-1][1])
    for found, same in groupby(received, key=itemgetter(0)):
        events = [event for _, event in same]
        for handler_of_runs in found.run_handlers:
            await handler_of_runs(tx, events)


@dataclass(frozen=True, slots=True)
class _Read:
    """An event that somebody here handles."""

    found: Subscription
    data: Event
    named: Named


def _read(subscriptions: Subscriptions, envelope: Envelope) -> _Read | None:
    found = subscriptions.find((envelope.source, envelope.aggregate_type), envelope.event, envelope.event_version)
    if found is None:
        return None
    try:
        data = found.decoder.decode(envelope.body)
    except msgspec.MsgspecError as error:
        raise Malformed("body") from error
    return _Read(found, data, named(envelope, data))


async def _received(tx: Transaction, envelope: Envelope, read: _Read, others: Sequence[Renewed]) -> Received[Any]:
    sealed = await seal.open_member(tx, envelope.id, tx.process, sealed_member(envelope.body))
    return _plain(envelope, read.named.renewed(read.data, others), sealed)


def _plain(envelope: Envelope, data: Event, sealed: dict[str, str] | None = None) -> Received[Any]:
    return Received(
        id=envelope.id,
        tenant=envelope.tenant,
        source=envelope.source,
        aggregate_id=envelope.aggregate_id,
        version=envelope.version,
        business_time=envelope.business_time,
        recorded_at=envelope.recorded_at,
        data=data,
        sealed=sealed,
        traceparent=envelope.traceparent,
    )


async def settle(tx: Transaction, envelope: Envelope) -> None:
    """Close the dead letter of an event that was applied after all: one that only waited leaves no trace."""
    await tx.session.execute(
        text("delete from k_dead_letter where event_id = :event and waiting and replayed_at is null"),
        {"event": envelope.id},
    )
    await tx.session.execute(
        text(
            "update k_dead_letter set replayed_at = clock_timestamp() where event_id = :event and replayed_at is null"
        ),
        {"event": envelope.id},
    )
    await tx.session.execute(
        text(
            "update k_inbox set blocked = exists (select from k_dead_letter d where d.tenant_id = :tenant"
            " and d.source = :source and d.aggregate_type = :type and d.aggregate_id = :aggregate"
            " and d.replayed_at is null)"
            " where source = :source and aggregate_type = :type and aggregate_id = :aggregate"
        ),
        _keys(envelope),
    )


async def count_try(db: Database, envelope: Envelope, *, interrupted: bool) -> int:
    """Count a try that failed, or one that the end of the process interrupted; returns how many there are
    now.

    In a transaction of its own, since the try's was rolled back. 0 when the event was applied meanwhile.
    """
    values = _keys(envelope) | {"failed": int(not interrupted), "interrupted": int(interrupted)}
    async with db.transaction(context_of(envelope)) as tx:
        row = (await tx.session.execute(_TRIED, values)).first()
        if row is None:
            return 0
        return int(row.interruptions if interrupted else row.failures)
