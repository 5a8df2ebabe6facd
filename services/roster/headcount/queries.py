"""SQL of headcount: the numbers of any day from what was fixed, reserved, claimed and taken."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    ScalarSelect,
    String,
    Uuid,
    any_,
    bindparam,
    case,
    distinct,
    func,
    literal_column,
    or_,
    true,
    tuple_,
    update,
)
from sqlalchemy import select as columns
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from kernel.db.built import TENANT, Built
from kernel.db.transaction import Transaction
from kernel.http.paging import Paging
from kernel.http.schema import Page
from kernel.org.tables import OrgUnit
from services.roster.headcount.schemas import FixedView, HeadcountView, ReservationView, SpanView
from services.roster.headcount.tables import Claim, FixedPosts, Headcount, Reservation, Seat


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


@dataclass(frozen=True, slots=True)
class Waiting:
    """A claim that no post has answered yet."""

    application_id: UUID
    unit_id: UUID
    claimed_on: date


_ON: Any = bindparam("on", type_=Date)
_COUNTED: Any = bindparam("counted", type_=ARRAY(String))
_UNITS: Any = bindparam("units", type_=ARRAY(Uuid))


def _below(column: Any) -> ColumnElement[bool]:
    # The unit itself and all under it; the outer query names the unit.
    return col(column).between(col(OrgUnit.unit_no), col(OrgUnit.last_no))


def _occupied() -> ScalarSelect[Any]:
    return (
        select(func.count(distinct(col(Seat.dossier_id))))
        .where(_below(Seat.unit_no), col(Seat.category) == any_(_COUNTED), col(Seat.period).contains(_ON))
        .correlate(OrgUnit)
        .scalar_subquery()
    )


def _reserved() -> Any:
    """Kept for plans and not given back, less the hires in post, and with those for whom no post was kept."""

    def of_unit(kind: Any, value: Any) -> Any:
        return select(value).where(_below(kind.unit_no)).correlate(OrgUnit).scalar_subquery()

    def total(value: Any, *conditions: Any) -> Any:
        return func.coalesce(func.sum(value).filter(*conditions), 0)

    kept = total(col(Reservation.posts), col(Reservation.granted_on) <= _ON)
    given_back = total(col(Reservation.released), col(Reservation.released_on) <= _ON)
    ended = func.count().filter(col(Claim.round).is_not(None), col(Claim.ended_on) <= _ON)
    on_top = func.count().filter(
        col(Claim.round).is_(None), col(Claim.claimed_on) <= _ON, func.coalesce(col(Claim.ended_on) > _ON, True)
    )
    return of_unit(Reservation, kept - given_back) + of_unit(Claim, on_top - ended)


_FIGURE = (
    columns(col(FixedPosts.posts), col(FixedPosts.valid_from), col(FixedPosts.ranges))
    .where(col(FixedPosts.unit_id) == col(OrgUnit.id), col(FixedPosts.valid_from) <= _ON)
    .order_by(col(FixedPosts.valid_from).desc(), col(FixedPosts.id).desc())
    .limit(1)
    .correlate(OrgUnit)
    .lateral()
)
_NUMBERS: Any = (
    columns(
        col(OrgUnit.id).label("unit_id"),
        col(OrgUnit.unit_no),
        col(OrgUnit.level),
        col(OrgUnit.title),
        _FIGURE.c.posts.label("fixed"),
        _FIGURE.c.valid_from,
        _FIGURE.c.ranges,
        _occupied().label("occupied"),
        _reserved().label("reserved"),
    )
    .select_from(OrgUnit)
    .outerjoin(_FIGURE, true())
)
"""The numbers of units on the day `on`; people of the categories `counted` take a seat."""
_OF_UNITS = Built(lambda: _NUMBERS.where(col(OrgUnit.id) == any_(_UNITS)).order_by(col(OrgUnit.unit_no)))


_WAITING = Built(
    lambda: (
        columns(*(getattr(Claim, name) for name in Waiting.__dataclass_fields__))
        .where(col(Claim.person_id) == bindparam("person"), col(Claim.ended_on).is_(None))
        .order_by(col(Claim.claimed_on), col(Claim.application_id))
        .with_for_update()
    )
)
_END = Built(
    lambda: (
        update(Claim)
        .where(col(Claim.tenant_id) == TENANT, col(Claim.application_id) == bindparam("application"))
        .values(ended_on=bindparam("day"))
    )
)
_TAKE = Built(
    lambda: (
        insert(Seat)
        .values({name: bindparam(name) for name in Seat.model_fields})
        .on_conflict_do_nothing()
        .returning(col(Seat.post_id))
    )
)


def _shown(row: Any, on: date) -> HeadcountView:
    fixed, occupied, used = row["fixed"], row["occupied"], row["occupied"] + row["reserved"]
    ranges = [SpanView(least=least, most=most) for least, most in row["ranges"] or []]
    return HeadcountView(
        **dict(row) | {"ranges": ranges or None},
        on=on,
        free=None if fixed is None else max(0, fixed - used),
        over=None if fixed is None else max(0, used - fixed),
        under=None if fixed is None else max(0, (ranges[0].least if ranges else fixed) - occupied),
        within=any(each.least <= occupied <= each.most for each in ranges) if ranges else None,
    )


async def persons(tx: Transaction, unit_ids: Sequence[UUID], on: date) -> dict[UUID, dict[str, int]]:
    """How many people of each category hold a post in these units on a day."""
    found = await tx.session.execute(
        columns(col(Seat.unit_id), col(Seat.category), func.count(distinct(col(Seat.dossier_id))))
        .where(col(Seat.unit_id).in_(unit_ids), col(Seat.period).contains(on))
        .group_by(col(Seat.unit_id), col(Seat.category))
    )
    counted: dict[UUID, dict[str, int]] = {}
    for unit_id, category, number in found.all():
        counted.setdefault(unit_id, {})[category] = number
    return counted


async def numbers(tx: Transaction, unit_ids: Sequence[UUID], on: date, counted: Sequence[str]) -> list[HeadcountView]:
    """The numbers of these units on that day, by unit number; what lies outside the scope counts nothing."""
    found = await _OF_UNITS.run(tx, units=unit_ids, on=on, counted=counted)
    return [_shown(row, on) for row in found]


async def page(
    tx: Transaction,
    paging: Paging,
    *,
    levels: Sequence[str],
    within: tuple[int, int] | None,
    on: date,
    counted: Sequence[str],
) -> Page[HeadcountView]:
    """The numbers of the units of these levels in the scope, within a range of unit numbers where one is given."""
    scope = tx.context.scope
    lo, hi = within or (scope.lo, scope.hi)
    statement = _NUMBERS.where(
        col(OrgUnit.unit_no).between(max(lo, scope.lo), min(hi, scope.hi)),
        col(OrgUnit.level).in_(levels),
        or_(col(OrgUnit.valid_before).is_(None), col(OrgUnit.valid_before) > on),
    )
    if paging.after is not None:
        statement = statement.where(col(OrgUnit.unit_no) > paging.after[0])
    statement = statement.order_by(col(OrgUnit.unit_no)).limit(paging.limit + 1)
    rows = await tx.session.execute(statement, {"on": on, "counted": counted})
    shown, following = paging.page([_shown(row, on) for row in rows.mappings()], lambda view: (view.unit_no,))
    return Page[HeadcountView](items=shown, next=following)


async def figures(tx: Transaction, lo: int, hi: int, level: str) -> list[FixedView]:
    """Every number ever fixed for units of that level in the range, in the order of their days and decisions."""
    rows = await tx.session.execute(
        select(FixedPosts)
        .where(col(FixedPosts.unit_no).between(lo, hi), col(FixedPosts.level) == level)
        .order_by(col(FixedPosts.unit_no), col(FixedPosts.valid_from), col(FixedPosts.id))
    )
    return [FixedView.model_validate(row) for row in rows.scalars()]


async def figures_page(tx: Transaction, paging: Paging, *, unit_id: UUID | None) -> Page[FixedView]:
    """The numbers fixed in the scope, newest decision first."""
    scope = tx.context.scope
    statement = select(FixedPosts).where(col(FixedPosts.unit_no).between(scope.lo, scope.hi))
    if unit_id is not None:
        statement = statement.where(col(FixedPosts.unit_id) == unit_id)
    if paging.after is not None:
        statement = statement.where(col(FixedPosts.id) < UUID(paging.after[0]))
    rows = await tx.session.execute(statement.order_by(col(FixedPosts.id).desc()).limit(paging.limit + 1))
    shown, following = paging.page(list(rows.scalars()), lambda row: (str(row.id),))
    return Page[FixedView](items=[FixedView.model_validate(row) for row in shown], next=following)


async def units_below(tx: Transaction, unit_no: int, last_no: int, level: str) -> list[OrgUnit]:
    """The units of a level in a subtree, by number."""
    found = await tx.session.execute(
        select(OrgUnit)
        .where(
            col(OrgUnit.unit_no).between(unit_no, last_no),
            col(OrgUnit.level) == level,
            or_(col(OrgUnit.valid_before).is_(None), col(OrgUnit.valid_before) > tx.today),
        )
        .order_by(col(OrgUnit.unit_no))
    )
    return list(found.scalars())


async def published(tx: Transaction, level: str | None) -> list[UUID]:
    """The units of a level whose numbers were published."""
    found = await tx.session.execute(select(col(Headcount.unit_id)).where(col(Headcount.level) == level))
    return list(found.scalars())


async def reservations(
    tx: Transaction, plan_id: UUID, number: int | None = None, *, lock: bool = True
) -> list[Reservation]:
    """What is or was kept for a plan, of one round where it is named, newest round first.

    Locked only by whoever holds the numbers of the units: they come first, as everywhere.
    """
    statement = select(Reservation).where(col(Reservation.plan_id) == plan_id)
    if number is not None:
        statement = statement.where(col(Reservation.round) == number)
    statement = statement.order_by(col(Reservation.round).desc(), col(Reservation.unit_no))
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return list((await tx.session.execute(statement)).scalars())


async def reservations_page(tx: Transaction, paging: Paging, *, plan_id: UUID | None) -> Page[ReservationView]:
    """Posts kept for plans in the scope, by community."""
    scope = tx.context.scope
    key = (col(Reservation.unit_no), col(Reservation.plan_id), col(Reservation.round))
    statement = select(Reservation).where(col(Reservation.unit_no).between(scope.lo, scope.hi))
    if plan_id is not None:
        statement = statement.where(col(Reservation.plan_id) == plan_id)
    if paging.after is not None:
        unit_no, plan, number = paging.after
        statement = statement.where(tuple_(*key) > (unit_no, UUID(plan), number))
    rows = await tx.session.execute(statement.order_by(*key).limit(paging.limit + 1))
    shown, following = paging.page(list(rows.scalars()), lambda row: (row.unit_no, str(row.plan_id), row.round))
    return Page[ReservationView](items=[_reservation(row) for row in shown], next=following)


def _reservation(row: Reservation) -> ReservationView:
    left = row.posts - row.consumed - row.released
    state = "held" if left else ("consumed" if row.consumed else "released")
    return ReservationView.model_validate(row.model_dump() | {"state": state})


async def claim(tx: Transaction, application_id: UUID) -> Claim | None:
    """The claim of a hire."""
    found = await tx.session.execute(select(Claim).where(col(Claim.application_id) == application_id))
    return found.scalar_one_or_none()


async def waiting_claims(tx: Transaction, person_id: UUID) -> list[Waiting]:
    """The claims of a person that no post has answered yet, locked."""
    return [Waiting(**row) for row in await _WAITING.run(tx, person=person_id)]


async def end_claim(tx: Transaction, application_id: UUID, ended_on: date) -> None:
    """A post answers the claim, or it falls free."""
    await _END.run(tx, application=application_id, day=ended_on)


async def take(tx: Transaction, seat: Seat) -> bool:
    """Store a seat that is taken; False where it was already."""
    return bool(await _TAKE.run(tx, **{name: getattr(seat, name) for name in Seat.model_fields}))


async def seat(tx: Transaction, post_id: UUID) -> Seat | None:
    """The seat of a post, locked."""
    found = await tx.session.execute(select(Seat).where(col(Seat.post_id) == post_id).with_for_update())
    return found.scalar_one_or_none()


# holding and publishing

_NONE: Any = literal_column("'null'::jsonb")


def _make_publish() -> Any:
    # Materialized, and its units named once more below: else a number is reckoned anew wherever it is named, or for
    # every row of the tenant.
    now = _NUMBERS.where(col(OrgUnit.id) == any_(_UNITS)).cte("now").prefix_with("materialized")
    ranges = func.coalesce(now.c.ranges, _NONE)
    moved = func.coalesce(col(Headcount.ranges), _NONE) != ranges
    pairs = [(col(getattr(Headcount, name)), now.c[name]) for name in ("fixed", "occupied", "reserved")]
    return (
        update(Headcount)
        .where(
            col(Headcount.tenant_id) == TENANT,
            col(Headcount.unit_id) == any_(_UNITS),
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
