"""SQL of the public pages."""

from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from kernel.db.transaction import Transaction
from kernel.errors import NotFound
from kernel.http.paging import Paging
from kernel.http.schema import Page
from services.roster.duty_page.schemas import DutyPageSummary
from services.roster.duty_page.tables import DutyPage


async def lock_community(tx: Transaction, community_unit_id: UUID) -> None:
    """Let whoever counts the people of a community do so one after another, before its page exists too."""
    key = f"roster_duty_page:{tx.tenant}:{community_unit_id}"
    await tx.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))


async def of_community(tx: Transaction, community_unit_id: UUID) -> DutyPage | None:
    """The community's page, None before it was published."""
    statement = select(DutyPage).where(col(DutyPage.community_unit_id) == community_unit_id).with_for_update()
    found = await tx.session.execute(statement.execution_options(populate_existing=True))
    return found.scalar_one_or_none()


async def get(tx: Transaction, page_id: UUID, *, lock: bool = False) -> DutyPage:
    """The page; `NotFound` where there is none."""
    statement = select(DutyPage).where(col(DutyPage.tenant_id) == tx.tenant, col(DutyPage.id) == page_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    row = (await tx.session.execute(statement)).scalar_one_or_none()
    if row is None:
        raise NotFound
    return row


async def pages(tx: Transaction, paging: Paging, community_unit_id: UUID | None) -> Page[DutyPageSummary]:
    """The public pages of the tenant, the oldest first."""
    statement = select(DutyPage).where(col(DutyPage.tenant_id) == tx.tenant)
    if community_unit_id is not None:
        statement = statement.where(col(DutyPage.community_unit_id) == community_unit_id)
    if paging.after is not None:
        statement = statement.where(col(DutyPage.id) > UUID(paging.after[0]))
    rows = await tx.session.execute(statement.order_by(col(DutyPage.id)).limit(paging.limit + 1))
    shown, following = paging.page(list(rows.scalars()), lambda row: (str(row.id),))
    return Page[DutyPageSummary](items=[DutyPageSummary.model_validate(row) for row in shown], next=following)
