"""News that only brings rows is claimed and kept in one statement that commits by itself (decision 0032).

Its handlers say so (`Subscriptions.on(…, only_rows=True)`). They note their rows before anything is claimed; the
statement writes all of it or nothing. Whatever is not the plain good case (not the next event, dead letters before it,
units that are others now, rows to remove, a handler that asks for more or fails) is left to the ordinary way, which
judges it anew. News that nobody here handles brings no rows and is claimed the same way.
"""

import functools
from typing import Any

from kernel.config import ProcessConfig, crash_point
from kernel.context import Context
from kernel.db.noting import Gone, Noting, Put
from kernel.db.put import casts, equal, on_conflict
from kernel.db.table import TenantTable
from kernel.db.transaction import Database
from kernel.errors import Problem, Unavailable
from kernel.events.envelope import Envelope
from kernel.events.event import Received
from kernel.events.subscriptions import Subscription
from kernel.events.units import Named, renewed

_FIRST = 5
"""Parameters of the statement begin behind the settings of the fold."""
_CLAIM = ("source", "aggregate_type", "aggregate_id", "last_version", "last_event_id")
Shape = tuple[type[TenantTable], tuple[str, ...]]


async def noted(found: Subscription, received: Received[Any], context: Context, process: str) -> Noting | None:
    """What the handlers would write; None where they have to be run in earnest."""
    noting = Noting(context, process)
    try:
        for handler in found.handlers:
            await handler(noting, received)
    except Exception:
        # Refused, or wrong: the ordinary way runs it again if it is the next event, and tells.
        return None
    return noting


async def keep(
    db: Database, config: ProcessConfig, envelope: Envelope, noting: Noting, named: Named | None = None
) -> bool:
    """Claim the event and write what was noted. False where nothing was written; `Unavailable` where nobody knows."""
    claim = (envelope.source, envelope.aggregate_type, envelope.aggregate_id, envelope.version, envelope.id)
    noted: list[Put | Gone] = [*noting.gone, *noting.puts]
    rows = [value for each in noted for value in each.values.values()]
    crash_point(config, "consumer.before_commit")
    statement = _statement(bool(named), *_shapes(noting))
    units = named.values if named else ()
    try:
        [kept] = await db.fetch_folded(noting.context, statement, *claim, *units, *rows, by_key=True)
    except Unavailable:
        raise
    except Problem:
        return False
    if kept["claimed"]:
        crash_point(config, "consumer.after_commit")
    return bool(kept["claimed"])


def _shapes(noting: Noting) -> tuple[tuple[Shape, ...], tuple[tuple[Shape, bool], ...]]:
    def shape(each: Put | Gone) -> Shape:
        return each.kind, tuple(each.values)

    return tuple(map(shape, noting.gone)), tuple((shape(each), each.change) for each in noting.puts)


@functools.cache
def _statement(names_units: bool, gone: tuple[Shape, ...], puts: tuple[tuple[Shape, bool], ...]) -> str:
    source, kind, aggregate, version, event = (f"${_FIRST + place}" for place in range(len(_CLAIM)))
    key = f"source = {source} and aggregate_type = {kind} and aggregate_id = {aggregate}::uuid"
    at = _FIRST + len(_CLAIM)
    # A row of the inbox that is not there has seen nothing: only a first event may make it.
    plain = [f"({version}::bigint = 1 or exists (select from k_inbox where tenant_id = c.tenant and {key}))"]
    if names_units:
        plain.append(f"not exists ({renewed(at)})")
        at += 2
    for table, names in gone:
        plain.append(
            f"not exists (select from {table.__tablename__} where tenant_id = c.tenant and {equal(table, names, at)})"
        )
        at += len(names)
    kept = []
    for number, ((table, names), change) in enumerate(puts):
        kept.append(
            f", put{number} as (insert into {table.__tablename__} (tenant_id, {', '.join(names)})"  # noqa: S608
            f" select tenant_id, {', '.join(casts(table, names, at))} from claimed {on_conflict(table, names, change)})"
        )
        at += len(names)
    return (
        "with plain as materialized (select c.tenant from (select c.x::uuid as tenant, c.x from {settings} offset 0) c"  # noqa: S608
        f" cross join lateral (select {' and '.join(plain)} as so where c.x is not null offset 0) p where p.so),"
        f" claimed as (insert into k_inbox as i (tenant_id, {', '.join(_CLAIM)}, duplicates, blocked, failures,"
        f" interruptions) select tenant, {source}, {kind}, {aggregate}::uuid, {version}, {event}::uuid, 0, false, 0, 0"
        " from plain on conflict (tenant_id, source, aggregate_type, aggregate_id) do update set"
        " last_version = excluded.last_version, last_event_id = excluded.last_event_id,"
        " applied_at = clock_timestamp() where i.last_version = excluded.last_version - 1 and not i.blocked"
        f" returning i.tenant_id){''.join(kept)} select exists (select from claimed) as claimed"
    )
