"""SQL of discipline."""

from uuid import UUID

from sqlalchemy import tuple_
from sqlmodel import col, select

from kernel.db.transaction import Transaction
from kernel.errors import NotFound
from kernel.http.paging import Paging
from kernel.http.schema import Page
from services.roster.discipline.schemas import DisciplineView
from services.roster.discipline.tables import DisciplineAct, DisciplineCase


async def get(tx: Transaction, case_id: UUID, *, lock: bool = False) -> DisciplineCase:
    """The row; `NotFound` outside the scope."""
    statement = select(DisciplineCase).where(col(DisciplineCase.id) == case_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    row = (await tx.session.execute(statement)).scalar_one_or_none()
    if row is None:
        raise NotFound
    return row


async def acts(tx: Transaction, case_id: UUID, kind: str | None = None) -> list[DisciplineAct]:
    """The acts of a case in their order, or those of one kind."""
    statement = select(DisciplineAct).where(col(DisciplineAct.case_id) == case_id)
    if kind is not None:
        statement = statement.where(col(DisciplineAct.kind) == kind)
    return list((await tx.session.execute(statement.order_by(col(DisciplineAct.id)))).scalars())


async def page(tx: Transaction, paging: Paging, *, dossier_id: UUID | None, state: str | None) -> Page[DisciplineView]:
    """The cases of the scope, by unit and age."""
    scope = tx.context.scope
    statement = select(DisciplineCase).where(col(DisciplineCase.unit_no).between(scope.lo, scope.hi))
    if dossier_id is not None:
        statement = statement.where(col(DisciplineCase.dossier_id) == dossier_id)
    if state is not None:
        statement = statement.where(col(DisciplineCase.state) == state)
    if paging.after is not None:
        unit_no, last = paging.after
        statement = statement.where(tuple_(col(DisciplineCase.unit_no), col(DisciplineCase.id)) > (unit_no, UUID(last)))
    statement = statement.order_by(col(DisciplineCase.unit_no), col(DisciplineCase.id)).limit(paging.limit + 1)
    rows = list((await tx.session.execute(statement)).scalars())
    cut, following = paging.page(rows, lambda row: (row.unit_no, str(row.id)))
    return Page[DisciplineView](items=[DisciplineView.model_validate(row) for row in cut], next=following)


async def own(tx: Transaction) -> list[DisciplineView]:
    """The cases of the person who asks, once reasons were served; row-level security leaves no others."""
    statement = select(DisciplineCase).where(col(DisciplineCase.state) != "opened").order_by(col(DisciplineCase.id))
    return [DisciplineView.model_validate(row) for row in (await tx.session.execute(statement)).scalars()]
