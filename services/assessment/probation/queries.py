"""SQL of assessments of probation."""

from datetime import date
from uuid import UUID

from sqlalchemy import tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from kernel.db.transaction import Transaction
from kernel.errors import NotFound
from kernel.http.listed import Listed, Listing
from kernel.http.paging import Paging
from services.assessment.probation.schemas import ProbationNews, ProbationState, ProbationView
from services.assessment.probation.tables import Probation

_LIST = Listing(ProbationView, Probation)


async def add(tx: Transaction, news: ProbationNews) -> bool:
    """Store the probation, once per contract."""
    made = await tx.session.execute(
        insert(Probation)
        .values(tenant_id=tx.tenant, state="waiting", version=1, **news.model_dump())
        .on_conflict_do_nothing()
        .returning(col(Probation.id))
    )
    return made.first() is not None


async def get(tx: Transaction, probation_id: UUID, *, lock: bool = False) -> Probation:
    """The row; `NotFound` outside the scope."""
    statement = select(Probation).where(col(Probation.id) == probation_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    row = (await tx.session.execute(statement)).scalar_one_or_none()
    if row is None:
        raise NotFound
    return row


async def page(tx: Transaction, paging: Paging, state: ProbationState | None) -> Listed[ProbationView]:
    """The probations of the scope, those that end first before the others."""
    scope = tx.context.scope
    statement = _LIST.select().where(col(Probation.unit_no).between(scope.lo, scope.hi))
    if state is not None:
        statement = statement.where(col(Probation.state) == state)
    key = tuple_(col(Probation.last_day), col(Probation.id))
    if paging.after is not None:
        last_day, last = paging.after
        statement = statement.where(key > (date.fromisoformat(last_day), UUID(last)))
    rows = await _LIST.in_order(tx, paging, statement, col(Probation.last_day), col(Probation.id))
    return _LIST.page(paging, rows, lambda row: (row.last_day.isoformat(), row.id))


async def own(tx: Transaction) -> list[ProbationView]:
    """The probations of the person who asks; row-level security leaves no other."""
    rows = await tx.session.execute(select(Probation).order_by(col(Probation.last_day), col(Probation.id)))
    return [ProbationView.model_validate(row) for row in rows.scalars()]
