"""SQL of hires."""

from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from kernel.db.transaction import Transaction
from kernel.errors import NotFound
from services.recruitment.hire.schemas import HireState, HireView, PublicHireView
from services.recruitment.hire.tables import Hire


async def row(tx: Transaction, hire_id: UUID, *, lock: bool = False) -> Hire:
    """The hire's row; `NotFound` outside the scope."""
    statement = select(Hire).where(col(Hire.id) == hire_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    found = (await tx.session.execute(statement)).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


async def taken(tx: Transaction, item_id: UUID) -> int:
    """Posts of the notice item that are filled or spoken for. Ask with the item's row locked."""
    found = await tx.session.execute(
        select(func.count())
        .select_from(Hire)
        .where(col(Hire.item_id) == item_id, col(Hire.state).in_(("open", "approved")))
    )
    return found.scalar_one()


async def view(tx: Transaction, hire_id: UUID) -> HireView:
    """The hire."""
    return HireView.model_validate(await row(tx, hire_id))


async def listed(
    tx: Transaction,
    limit: int,
    after: tuple[Any, ...] | None,
    *,
    notice_id: UUID | None = None,
    state: HireState | None = None,
) -> list[HireView]:
    """Up to `limit` + 1 hires in the scope, newest first, after the sort key `(id,)`."""
    scope = tx.context.scope
    statement = select(Hire).where(col(Hire.tenant_id) == tx.tenant, col(Hire.unit_no).between(scope.lo, scope.hi))
    if notice_id is not None:
        statement = statement.where(col(Hire.notice_id) == notice_id)
    if state is not None:
        statement = statement.where(col(Hire.state) == state)
    if after is not None:
        statement = statement.where(col(Hire.id) < UUID(after[0]))
    found = await tx.session.execute(statement.order_by(col(Hire.id).desc()).limit(limit + 1))
    return [HireView.model_validate(each) for each in found.scalars()]


async def public(
    tx: Transaction, limit: int, after: tuple[Any, ...] | None, notice_id: UUID | None
) -> list[PublicHireView]:
    """Up to `limit` + 1 lines of the lists that are public today, newest first, after the sort key `(id,)`."""
    statement = select(Hire).where(
        col(Hire.tenant_id) == tx.tenant,
        col(Hire.state) == "open",
        col(Hire.public_from) <= tx.today,
        col(Hire.public_until) >= tx.today,
    )
    if notice_id is not None:
        statement = statement.where(col(Hire.notice_id) == notice_id)
    if after is not None:
        statement = statement.where(col(Hire.id) < UUID(after[0]))
    found = await tx.session.execute(statement.order_by(col(Hire.id).desc()).limit(limit + 1))
    return [PublicHireView.model_validate(each) for each in found.scalars()]
