"""The one statement of a hot making: key claimed, answer kept, row written and recorded, or nothing at all.

What is written rests on `believed`, one row where the read model is still as this process remembers it, and then on
`claimed`, one row where the key is new. So all of it is written or none, and the commit is the statement's own.
"""

import functools
from collections.abc import Sequence

from sqlalchemy import Column, Table

from kernel.db.put import driver_type
from kernel.db.table import TenantTable
from kernel.org import known

CLAIM = ("actor", "route", "key", "fingerprint", "status", "headers", "body")
_CLAIM_TYPES = ("text", "text", "text", "text", "integer", "jsonb", "bytea")
_TOLD_TYPES = {
    "id": "uuid", "aggregate_type": "text", "aggregate_id": "uuid", "event": "text", "event_version": "integer",
    "data": "jsonb", "business_time": "timestamptz", "request_id": "text", "traceparent": "text",
}  # fmt: skip
RECORDED = tuple(_TOLD_TYPES)
"""The columns of an audit entry in the outbox; the rest stays null or is the database's."""
SETTINGS = 4
"""Parameters that the fold itself has (`kernel.db.transaction`)."""
LOCK_MILLISECONDS = 250
"""Another request with the same key may be under way: the ordinary operation is the one that waits for it."""


@functools.cache
def statement(kind: type[TenantTable]) -> str:
    """The statement that makes a row of this table. Parameters in the order of `CLAIM`, `known.still_so`, the table's
    `columns`, `RECORDED`."""
    at = SETTINGS + 1
    claim = _casts(at, _CLAIM_TYPES)
    at += len(_CLAIM_TYPES)
    believed = known.still_so(at)
    at += known.ARGUMENTS
    names = columns(kind)
    row = _casts(at, [driver_type(each) for each in names])
    told = _casts(at + len(names), tuple(_TOLD_TYPES.values()))
    return (
        "with believed as materialized (select c.tenant from (select c.x::uuid as tenant, c.x,"  # noqa: S608 - names
        f" set_config('lock_timeout', '{LOCK_MILLISECONDS}', true) from {{settings}} offset 0) c"
        f" cross join lateral (select {believed} as so where c.x is not null offset 0) b where b.so),"
        f" claimed as (insert into k_idempotency (tenant_id, {', '.join(CLAIM)})"
        f" select tenant, {claim} from believed on conflict do nothing returning tenant_id),"
        f" made as (insert into {kind.__tablename__} (tenant_id, {', '.join(each.name for each in names)})"
        f" select tenant_id, {row} from claimed),"
        f" told as (insert into k_outbox (tenant_id, {', '.join(RECORDED)}) select tenant_id, {told} from claimed)"
        " select exists (select from claimed) as made, exists (select from believed) as believed"
    )


@functools.cache
def columns(kind: type[TenantTable]) -> tuple[Column[object], ...]:
    """The columns of a row but its tenant, as the statement writes them. `TypeError` where one is of a kind that the
    driver does not take as it is."""
    table: Table = vars(kind)["__table__"]
    for each in table.columns:
        driver_type(each)
    return tuple(each for each in table.columns if each.name != "tenant_id" and each.server_default is None)


def _casts(first: int, types: Sequence[str]) -> str:
    return ", ".join(f"${first + place}::{each}" for place, each in enumerate(types))
