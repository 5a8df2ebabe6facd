"""SQL of yearly assessments. The rows and views are offered on to the features that build on a cycle."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import func, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from kernel.db.transaction import Transaction
from kernel.errors import NotFound
from kernel.http.listed import Listed, Listing
from kernel.http.paging import Paging
from kernel.http.schema import Page
from services.assessment.cycle.schemas import CycleView as CycleView
from services.assessment.cycle.schemas import ResultState
from services.assessment.cycle.schemas import ResultView as ResultView
from services.assessment.cycle.schemas import RoundView as RoundView
from services.assessment.cycle.tables import Cycle as Cycle
from services.assessment.cycle.tables import Result as Result
from services.assessment.cycle.tables import Round

_RESULTS = Listing(ResultView, Result)


async def add(tx: Transaction, row: Cycle) -> bool:
    """Store the cycle; False where the unit has one for that year."""
    made = await tx.session.execute(
        insert(Cycle)
        .values(**row.model_dump())
        .on_conflict_do_nothing(index_elements=["tenant_id", "unit_no", "year"])
        .returning(col(Cycle.id))
    )
    return made.first() is not None


async def get(tx: Transaction, cycle_id: UUID, *, lock: bool = False) -> Cycle:
    """The row; `NotFound` outside the scope."""
    statement = select(Cycle).where(col(Cycle.id) == cycle_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    row = (await tx.session.execute(statement)).scalar_one_or_none()
    if row is None:
        raise NotFound
    return row


async def view(tx: Transaction, cycle_id: UUID) -> CycleView:
    """One cycle; `NotFound` outside the scope."""
    return CycleView.model_validate(await get(tx, cycle_id))


async def page(tx: Transaction, paging: Paging) -> Page[CycleView]:
    """The cycles of the scope, by unit and age."""
    scope = tx.context.scope
    statement = select(Cycle).where(col(Cycle.unit_no).between(scope.lo, scope.hi))
    if paging.after is not None:
        unit_no, last = paging.after
        statement = statement.where(tuple_(col(Cycle.unit_no), col(Cycle.id)) > (unit_no, UUID(last)))
    rows = await tx.session.execute(statement.order_by(col(Cycle.unit_no), col(Cycle.id)).limit(paging.limit + 1))
    shown, following = paging.page(list(rows.scalars()), lambda row: (row.unit_no, str(row.id)))
    return Page[CycleView](items=[CycleView.model_validate(row) for row in shown], next=following)


async def move(tx: Transaction, cycle_id: UUID, **changes: Any) -> None:
    """Bring the cycle's parts in its communities to its stage or state."""
    await tx.session.execute(update(Round).where(col(Round.cycle_id) == cycle_id).values(**changes))


async def round_of(tx: Transaction, round_id: UUID, *, share: bool = False) -> RoundView:
    """The cycle in one community; with `share` its stage cannot move before this transaction ends."""
    statement = select(Round).where(col(Round.id) == round_id)
    if share:
        statement = statement.with_for_update(read=True).execution_options(populate_existing=True)
    row = (await tx.session.execute(statement)).scalar_one_or_none()
    if row is None:
        raise NotFound
    return RoundView.model_validate(row)


async def rounds(tx: Transaction, cycle_id: UUID) -> list[RoundView]:
    """The cycle's parts in the communities of the scope."""
    scope = tx.context.scope
    rows = await tx.session.execute(
        select(Round)
        .where(col(Round.cycle_id) == cycle_id, col(Round.unit_no).between(scope.lo, scope.hi))
        .order_by(col(Round.unit_no))
    )
    return [RoundView.model_validate(row) for row in rows.scalars()]


async def result(tx: Transaction, result_id: UUID, *, lock: bool = False) -> Result:
    """One person's row; `NotFound` outside the scope."""
    statement = select(Result).where(col(Result.id) == result_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    row = (await tx.session.execute(statement)).scalar_one_or_none()
    if row is None:
        raise NotFound
    return row


async def results_of(tx: Transaction, ids: Collection[UUID]) -> dict[UUID, Result]:
    """Several people's rows by id, locked in the order of the ids: two who ask for the same people wait for each other
    and never deadlock. `NotFound` where one lies outside the scope."""
    statement = select(Result).where(col(Result.id).in_(ids)).order_by(col(Result.id))
    locked = statement.with_for_update().execution_options(populate_existing=True)
    found = {row.id: row for row in (await tx.session.execute(locked)).scalars()}
    if len(found) < len(ids):
        raise NotFound
    return found


async def results(tx: Transaction, cycle_id: UUID, *states: ResultState, lock: bool = False) -> list[Result]:
    """The rows of a cycle in those states, by id; locked in that order."""
    statement = select(Result).where(col(Result.cycle_id) == cycle_id).order_by(col(Result.id))
    if states:
        statement = statement.where(col(Result.state).in_(states))
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return list((await tx.session.execute(statement)).scalars())


async def result_page(
    tx: Transaction, paging: Paging, *, cycle_id: UUID | None, person_id: UUID | None, state: ResultState | None
) -> Listed[ResultView]:
    """The results of the scope, by unit and age."""
    scope = tx.context.scope
    statement = _RESULTS.select().where(col(Result.unit_no).between(scope.lo, scope.hi))
    for column, wanted in ((Result.cycle_id, cycle_id), (Result.person_id, person_id), (Result.state, state)):
        if wanted is not None:
            statement = statement.where(col(column) == wanted)
    if paging.after is not None:
        unit_no, last = paging.after
        statement = statement.where(tuple_(col(Result.unit_no), col(Result.id)) > (unit_no, UUID(last)))
    rows = await tx.session.execute(statement.order_by(col(Result.unit_no), col(Result.id)).limit(paging.limit + 1))
    return _RESULTS.page(paging, rows.all(), lambda row: (row.unit_no, row.id))


async def own(tx: Transaction) -> list[ResultView]:
    """The results of the person who asks; row-level security leaves no other."""
    rows = await tx.session.execute(select(Result).order_by(col(Result.year), col(Result.id)))
    return [ResultView.model_validate(row) for row in rows.scalars()]


async def listed_of(tx: Transaction, person_id: UUID) -> list[Result]:
    """All years in which a person was listed, by year; locked, as their runs are counted one after another."""
    rows = await tx.session.execute(
        select(Result)
        .where(col(Result.person_id) == person_id)
        .order_by(col(Result.year), col(Result.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list(rows.scalars())


async def open_appeals(tx: Transaction, cycle_id: UUID) -> int:
    """How many appeals of the cycle are not decided."""
    found = await tx.session.execute(
        select(func.count())
        .select_from(Result)
        .where(col(Result.cycle_id) == cycle_id, col(Result.appeal_state) == "open")
    )
    return int(found.scalar_one())
