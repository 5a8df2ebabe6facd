"""SQL of hires."""

from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from kernel.db.transaction import Transaction
from kernel.errors import NotFound
from kernel.http.listed import Listed, Listing
from kernel.http.paging import Paging
from services.recruitment.hire.schemas import HireState, HireView, PublicHireView
from services.recruitment.hire.tables import Hire

_LIST = Listing(HireView, Hire)
_PUBLIC = Listing(PublicHireView, Hire)


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


async def page(
    tx: Transaction, paging: Paging, *, notice_id: UUID | None = None, state: HireState | None = None
) -> Listed[HireView]:
    """The hires in the scope, newest first."""
    scope = tx.context.scope
    statement = _LIST.select().where(col(Hire.tenant_id) == tx.tenant, col(Hire.unit_no).between(scope.lo, scope.hi))
    if notice_id is not None:
        statement = statement.where(col(Hire.notice_id) == notice_id)
    if state is not None:
        statement = statement.where(col(Hire.state) == state)
    if paging.after is not None:
        statement = statement.where(col(Hire.id) < UUID(paging.after[0]))
    rows = await _LIST.in_order(tx, paging, statement, col(Hire.id), newest=True)
    return _LIST.page(paging, rows, lambda row: (row.id,))


async def public(tx: Transaction, paging: Paging, notice_id: UUID | None) -> Listed[PublicHireView]:
    """The lines of the lists that are public today, newest first."""
    statement = _PUBLIC.select().where(
        col(Hire.tenant_id) == tx.tenant,
        col(Hire.state) == "open",
        col(Hire.public_from) <= tx.today,
        col(Hire.public_until) >= tx.today,
    )
    if notice_id is not None:
        statement = statement.where(col(Hire.notice_id) == notice_id)
    if paging.after is not None:
        statement = statement.where(col(Hire.id) < UUID(paging.after[0]))
    found = await tx.session.execute(statement.order_by(col(Hire.id).desc()).limit(paging.limit + 1))
    return _PUBLIC.page(paging, found.all(), lambda row: (row.id,))
