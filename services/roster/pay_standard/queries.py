"""SQL of pay standards."""

from uuid import UUID

from sqlmodel import col, select

from kernel.approvals.embed.tables import ApprovalCase
from kernel.db.transaction import Transaction
from kernel.errors import NotFound
from kernel.http.paging import Paging
from services.roster.pay_standard.schemas import StandardView
from services.roster.pay_standard.tables import PayStandard


async def get(tx: Transaction, standard_id: UUID, *, lock: bool = False) -> PayStandard:
    """The row; `NotFound` outside the scope."""
    statement = select(PayStandard).where(col(PayStandard.id) == standard_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    row = (await tx.session.execute(statement)).scalar_one_or_none()
    if row is None:
        raise NotFound
    return row


async def page(tx: Transaction, paging: Paging) -> tuple[list[StandardView], str | None]:
    """The standards of the scope, newest first."""
    scope = tx.context.scope
    statement = select(PayStandard).where(col(PayStandard.unit_no).between(scope.lo, scope.hi))
    if paging.after is not None:
        statement = statement.where(col(PayStandard.id) < UUID(paging.after[0]))
    found = await tx.session.execute(statement.order_by(col(PayStandard.id).desc()).limit(paging.limit + 1))
    rows, following = paging.page(list(found.scalars()), lambda row: (str(row.id),))
    return [await view(tx, row) for row in rows], following


async def view(tx: Transaction, row: PayStandard) -> StandardView:
    """The standard as it is shown."""
    shown = row.model_dump()
    if row.state == "open":
        found = await tx.session.execute(select(col(ApprovalCase.state)).where(col(ApprovalCase.id) == row.case_id))
        shown |= {"state": "returned" if found.scalar_one_or_none() == "returned" else row.state}
    return StandardView.model_validate(shown)
