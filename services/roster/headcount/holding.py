"""Holding the published numbers of units, and bringing them to what stands (`queries.NUMBERS`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import any_, case, func, literal_column, or_, update
from sqlmodel import col

from kernel.db.built import TENANT, Built
from kernel.db.transaction import Transaction
from kernel.org.tables import OrgUnit
from services.roster.headcount.queries import NUMBERS, UNITS
from services.roster.headcount.tables import Headcount


@dataclass(frozen=True, slots=True)
class Place:
    """A unit whose numbers are held."""

    id: UUID
    unit_no: int
    level: str


@dataclass(frozen=True, slots=True)
class Published:
    """The numbers of a unit as they are published now."""

    unit_id: UUID
    unit_no: int
    level: str
    fixed: int | None
    occupied: int
    reserved: int
    ranges: list[list[int]] | None


_NONE: Any = literal_column("'null'::jsonb")


def _make_publish() -> Any:
    # `offset 0`: else each number is reckoned anew wherever it is named.
    now = NUMBERS.where(col(OrgUnit.id) == any_(UNITS)).offset(literal_column("0")).subquery()
    ranges = func.coalesce(now.c.ranges, _NONE)
    moved = func.coalesce(col(Headcount.ranges), _NONE) != ranges
    pairs = [(col(getattr(Headcount, name)), now.c[name]) for name in ("fixed", "occupied", "reserved")]
    return (
        update(Headcount)
        .where(
            col(Headcount.tenant_id) == TENANT,
            col(Headcount.unit_id) == now.c.unit_id,
            or_(moved, *(was.is_distinct_from(is_now) for was, is_now in pairs)),
        )
        .values(dict(pairs) | {Headcount.ranges: case((moved, ranges), else_=Headcount.ranges)})
        .returning(*(getattr(Headcount, name) for name in Published.__dataclass_fields__))
    )


_PUBLISH = Built(_make_publish)
# Locks nothing where a row is still to be made: rows are made before any is locked.
_HOLD = (
    "with every as materialized (select u.id, u.unit_no, u.level,"
    " exists (select from roster_headcount h where h.tenant_id = $1 and h.unit_id = u.id) as known"
    " from k_org_unit u where u.tenant_id = $1 and (u.id = any($2) or u.unit_no between $4 and $5)"
    " and u.id = any($2 || array(select (select a.id from k_org_unit a where a.tenant_id = $1 and a.level = $3"
    " and a.unit_no <= n.unit_no and a.last_no >= n.unit_no order by a.unit_no desc limit 1)"
    " from k_org_unit n where n.tenant_id = $1 and n.id = any($2)))),"
    " held as (select from roster_headcount h where h.tenant_id = $1"
    " and h.unit_id = any(array(select id from every where (select bool_and(known) from every)))"
    " order by h.unit_no, h.unit_id for update)"
    " select id, unit_no, level, known from every, (select count(*) from held) locked order by unit_no"
)
_MAKE = (
    "insert into roster_headcount (tenant_id, unit_id, unit_no, level, occupied, reserved)"
    " select $1, n.*, 0, 0 from unnest($2::uuid[], $3::integer[], $4::varchar[]) n order by 3"
    " on conflict do nothing"
)


async def held(tx: Transaction, unit_ids: Sequence[UUID], level: str | None = None) -> dict[UUID, Place]:
    """Hold the published rows of these units, and of the units of `level` above them that lie in the scope.

    They are made where missing, and locked in the order of the tree: one order for everybody, so that two that need
    the same rows wait for each other and never in a circle. Units that there are not are left out.
    """
    scope = tx.context.scope
    await tx.flush()
    rows = await tx.run(_HOLD, tx.tenant, unit_ids, level, scope.lo, scope.hi)
    if not all(known for *_, known in rows):
        await tx.run(_MAKE, tx.tenant, *([row[place] for row in rows] for place in range(3)))
        await tx.run(_HOLD, tx.tenant, unit_ids, level, scope.lo, scope.hi)
    return {unit_id: Place(unit_id, unit_no, at) for unit_id, unit_no, at, _ in rows}


async def publish(tx: Transaction, unit_ids: Sequence[UUID], on: date, counted: Sequence[str]) -> list[Published]:
    """Bring the published rows of these units to the numbers of that day; those that changed, by unit number.

    The caller holds the rows (`held`).
    """
    changed = await _PUBLISH.run(tx, units=unit_ids, on=on, counted=counted)
    return sorted((Published(**row) for row in changed), key=lambda each: each.unit_no)
