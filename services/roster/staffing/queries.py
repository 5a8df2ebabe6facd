"""SQL of population figures and proposals."""

from datetime import date
from typing import TypeVar
from uuid import UUID

from sqlmodel import col, select

from kernel.approvals.embed.tables import ApprovalCase
from kernel.db.transaction import Transaction
from kernel.errors import NotFound
from kernel.http.paging import Paging
from services.roster.staffing.schemas import ProposalView
from services.roster.staffing.tables import Population, Proposal

Row = TypeVar("Row", Population, Proposal)


async def get(tx: Transaction, kind: type[Row], row_id: UUID, *, lock: bool = False) -> Row:
    """A population figure or proposal; `NotFound` outside the scope."""
    statement = select(kind).where(col(kind.id) == row_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    found = (await tx.session.execute(statement)).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


async def page(tx: Transaction, paging: Paging, kind: type[Row]) -> tuple[list[Row], str | None]:
    """Population figures or proposals of the scope, newest first."""
    scope = tx.context.scope
    statement = select(kind).where(col(kind.unit_no).between(scope.lo, scope.hi))
    if paging.after is not None:
        statement = statement.where(col(kind.id) < UUID(paging.after[0]))
    found = await tx.session.execute(statement.order_by(col(kind.id).desc()).limit(paging.limit + 1))
    return paging.page(list(found.scalars()), lambda row: (str(row.id),))


async def returned(tx: Transaction, row: Population | Proposal) -> bool:
    """Whether the row's case waits for a correction."""
    if row.state != "open" or row.case_id is None:
        return False
    found = await tx.session.execute(select(col(ApprovalCase.state)).where(col(ApprovalCase.id) == row.case_id))
    return found.scalar_one_or_none() == "returned"


async def population_on(tx: Transaction, unit_id: UUID, on: date) -> Population | None:
    """The population figure of a unit that holds on a day."""
    found = await tx.session.execute(
        select(Population)
        .where(
            col(Population.unit_id) == unit_id,
            col(Population.state) == "in_force",
            col(Population.valid_from) <= on,
        )
        .order_by(col(Population.valid_from).desc(), col(Population.id).desc())
        .limit(1)
    )
    return found.scalar_one_or_none()


async def proposal_view(tx: Transaction, row: Proposal) -> ProposalView:
    """The proposal as it is shown."""
    state = "returned" if await returned(tx, row) else row.state
    return ProposalView.model_validate(row.model_dump() | {"state": state})
