"""SQL of appeals."""

from typing import Any
from uuid import UUID

from sqlalchemy import tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from kernel.db.transaction import Transaction
from kernel.errors import NotFound
from kernel.http.paging import Paging
from kernel.http.schema import Page
from services.assessment.appeal.schemas import AppealState, AppealView
from services.assessment.appeal.tables import Appeal


async def add(tx: Transaction, values: dict[str, Any]) -> bool:
    """Store the appeal; False where the result was appealed before."""
    made = await tx.session.execute(
        insert(Appeal)
        .values(tenant_id=tx.tenant, state="open", version=1, **values)
        .on_conflict_do_nothing(index_elements=["tenant_id", "result_id"])
        .returning(col(Appeal.id))
    )
    return made.first() is not None


async def get(tx: Transaction, appeal_id: UUID, *, lock: bool = False) -> Appeal:
    """The row; `NotFound` outside the scope, and for a person who is another."""
    statement = select(Appeal).where(col(Appeal.id) == appeal_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    row = (await tx.session.execute(statement)).scalar_one_or_none()
    if row is None:
        raise NotFound
    return row


async def page(tx: Transaction, paging: Paging, state: AppealState | None) -> Page[AppealView]:
    """The appeals of the scope, by unit and age."""
    scope = tx.context.scope
    statement = select(Appeal).where(col(Appeal.unit_no).between(scope.lo, scope.hi))
    if state is not None:
        statement = statement.where(col(Appeal.state) == state)
    if paging.after is not None:
        unit_no, last = paging.after
        statement = statement.where(tuple_(col(Appeal.unit_no), col(Appeal.id)) > (unit_no, UUID(last)))
    rows = await tx.session.execute(statement.order_by(col(Appeal.unit_no), col(Appeal.id)).limit(paging.limit + 1))
    shown, following = paging.page(list(rows.scalars()), lambda row: (row.unit_no, str(row.id)))
    return Page[AppealView](items=[AppealView.model_validate(row) for row in shown], next=following)


async def own(tx: Transaction) -> list[AppealView]:
    """The appeals of the person who asks."""
    rows = await tx.session.execute(select(Appeal).order_by(col(Appeal.id)))
    return [AppealView.model_validate(row) for row in rows.scalars()]
