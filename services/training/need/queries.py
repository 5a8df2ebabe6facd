"""SQL of training needs."""

from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, and_, bindparam, func, or_, tuple_
from sqlalchemy import select as columns
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from kernel.context import Scope
from kernel.db.built import TENANT, Built
from kernel.db.transaction import Transaction
from kernel.errors import NotFound
from kernel.http.listed import Listed, Listing
from kernel.http.paging import Paging
from kernel.ids import new_id
from services.training.need.schemas import NeedOpening, NeedState, NeedView, UnitYear
from services.training.need.tables import Need

YEARLY = "yearly"
PRE_SERVICE = "pre_service"
INDUCTION = "induction"
_CHANGED = [name for name in Need.model_fields if name not in ("tenant_id", "id", "person_id", "kind", "cycle")]
_LOCK = "select pg_advisory_xact_lock(hashtextextended('training.person:' || $1, 0))"
_UNIT = Built(
    lambda: (
        columns(col(Need.unit_no))
        .where(col(Need.person_id) == bindparam("person"))
        .order_by(col(Need.id).desc())
        .limit(1)
    )
)
_OF_PERSON = Built(
    lambda: select(Need).where(col(Need.person_id) == bindparam("person")).order_by(col(Need.id)).with_for_update()
)
_WRITE = (
    f"update training_need set {', '.join(f'{name} = ${place}' for place, name in enumerate(_CHANGED, 3))}"  # noqa: S608
    " where tenant_id = $1 and id = $2 returning version"
)
_LIST = Listing(NeedView, Need, reckoned=("state", "missing_hours"), beside=[Need.lapsed])
_ADD = Built(
    lambda: (
        insert(Need)
        .values(
            {"tenant_id": TENANT, "id": bindparam("id"), "credited_hours": Decimal(0)}
            | {name: bindparam(name) for name in NeedOpening.model_fields}
        )
        .on_conflict_do_nothing(index_elements=["tenant_id", "person_id", "kind", "cycle"])
        .returning(*(getattr(Need, name) for name in Need.model_fields))
    )
)


def view(row: Need) -> NeedView:
    """The row as it is shown."""
    return NeedView.model_validate(row.model_dump() | _reckoned(row))


def _reckoned(row: Any) -> dict[str, object]:
    state: NeedState = "lapsed" if row.lapsed else "open" if row.met_on is None else "met"
    return {"state": state, "missing_hours": max(row.required_hours - row.credited_hours, Decimal(0))}


async def add(tx: Transaction, opening: NeedOpening) -> Need | None:
    """Store the need; None where the person has one of that kind and cycle already."""
    made = await _ADD.run(tx, id=new_id(), **opening.model_dump())
    return Need(**made[0]) if made else None


async def read(tx: Transaction, need_id: UUID) -> NeedView:
    """One need; `NotFound` outside the scope."""
    row = (await tx.session.execute(select(Need).where(col(Need.id) == need_id))).scalar_one_or_none()
    if row is None:
        raise NotFound
    return view(row)


async def page(tx: Transaction, paging: Paging, *, person_id: UUID | None, state: NeedState | None) -> Listed[NeedView]:
    """The needs in the scope, by unit and age."""
    scope = tx.context.scope
    statement = _LIST.select().where(col(Need.unit_no).between(scope.lo, scope.hi))
    if person_id is not None:
        statement = statement.where(col(Need.person_id) == person_id)
    if state is not None:
        met_on = col(Need.met_on)
        lapsed = col(Need.lapsed)
        statement = statement.where(
            lapsed if state == "lapsed" else and_(~lapsed, met_on.is_(None) if state == "open" else met_on.is_not(None))
        )
    if paging.after is not None:
        unit_no, last = paging.after
        statement = statement.where(tuple_(col(Need.unit_no), col(Need.id)) > (unit_no, UUID(last)))
    rows = await tx.session.execute(statement.order_by(col(Need.unit_no), col(Need.id)).limit(paging.limit + 1))
    return _LIST.page(paging, rows.all(), lambda row: (row.unit_no, row.id), _reckoned)


async def own(tx: Transaction) -> list[NeedView]:
    """The needs of the person who asks; row-level security leaves no other."""
    rows = await tx.session.execute(select(Need).order_by(col(Need.id)))
    return [view(row) for row in rows.scalars()]


async def unit_of_person(tx: Transaction, person_id: UUID) -> int | None:
    """The unit of the person's newest need in the scope; None for a person not known in it."""
    found = await _UNIT.run(tx, person=person_id)
    return found[0]["unit_no"] if found else None


async def lock_person(tx: Transaction, person_id: UUID) -> None:
    """Hold the person's ledger and needs to the end of the transaction, whether a need stands already or not."""
    await tx.run(_LOCK, str(person_id))


async def of_person(tx: Transaction, person_id: UUID) -> list[Need]:
    """The person's needs in the scope, oldest first, locked; what is changed of one is to be written."""
    return [Need(**row) for row in await _OF_PERSON.run(tx, person=person_id)]


async def write(tx: Transaction, needs: Sequence[Need]) -> None:
    """Store what was changed of needs that `of_person` gave, as their next versions."""
    if not needs:
        return
    given = []
    for need in needs:
        need.version += 1
        values = need.model_dump() | {"forms": orjson.dumps(need.forms).decode()}
        given.append([tx.tenant, need.id, *(values[name] for name in _CHANGED)])
    if len(await tx.run_each(_WRITE, given)) != len(needs):
        raise LookupError("a need that was locked is not there to be written")


async def of_year(tx: Transaction, people: Collection[UUID], asked: int) -> dict[UUID, Need]:
    """The standing needs of the year by person."""
    rows = await tx.session.execute(
        select(Need).where(
            col(Need.person_id).in_(people),
            col(Need.kind) == YEARLY,
            col(Need.cycle) == str(asked),
            col(Need.lapsed).is_(False),
        )
    )
    return {row.person_id: row for row in rows.scalars()}


def _short(missing: ColumnElement[Decimal]) -> ColumnElement[bool]:
    return or_(missing > 0, col(Need.train_by).is_not(None))


async def year(
    tx: Transaction, paging: Paging, asked: int, scope: Scope, holders: SelectOfScalar[UUID], *, short: bool | None
) -> tuple[list[Need], str | None]:
    """Needs of the year in the units of `scope`, by unit; `holders` are who is in post, the only ones who are short."""
    lacking = and_(_short(col(Need.required_hours) - col(Need.credited_hours)), col(Need.person_id).in_(holders))
    statement = select(Need).where(*_of_year(asked, scope))
    if short is not None:
        statement = statement.where(lacking if short else ~lacking)
    if paging.after is not None:
        unit_no, last = paging.after
        statement = statement.where(tuple_(col(Need.unit_no), col(Need.id)) > (unit_no, UUID(last)))
    rows = await tx.session.execute(statement.order_by(col(Need.unit_no), col(Need.id)).limit(paging.limit + 1))
    return paging.page(list(rows.scalars()), lambda row: (row.unit_no, str(row.id)))


async def year_by_unit(
    tx: Transaction, paging: Paging, asked: int, scope: Scope, holders: SelectOfScalar[UUID]
) -> tuple[list[UnitYear], str | None]:
    """Sums of the year over who is in post, by unit."""
    missing = func.greatest(col(Need.required_hours) - col(Need.credited_hours), 0)
    statement = (
        select(
            col(Need.unit_no),
            func.count().label("workers"),
            func.count().filter(_short(missing)).label("short"),
            func.sum(missing).label("missing_hours"),
        )
        .where(*_of_year(asked, scope), col(Need.person_id).in_(holders))
        .group_by(col(Need.unit_no))
    )
    if paging.after is not None:
        statement = statement.where(col(Need.unit_no) > paging.after[0])
    rows = await tx.session.execute(statement.order_by(col(Need.unit_no)).limit(paging.limit + 1))
    found = [UnitYear.model_validate(row) for row in rows]
    return paging.page(found, lambda row: (row.unit_no,))


def _of_year(asked: int, scope: Scope) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Need.kind) == YEARLY,
        col(Need.cycle) == str(asked),
        ~col(Need.lapsed),
        col(Need.unit_no).between(scope.lo, scope.hi),
    )
