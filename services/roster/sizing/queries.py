"""SQL of the sizes of communities."""

from datetime import date
from uuid import UUID

from sqlalchemy.dialects.postgresql import distinct_on
from sqlmodel import col, select

from kernel.db.transaction import Transaction
from kernel.errors import NotFound
from kernel.http.paging import Paging
from services.roster.sizing.tables import CommunitySize


async def get(tx: Transaction, size_id: UUID, *, lock: bool = False) -> CommunitySize:
    """One recorded size; `NotFound` outside the scope."""
    statement = select(CommunitySize).where(col(CommunitySize.id) == size_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    found = (await tx.session.execute(statement)).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


async def page(tx: Transaction, paging: Paging, unit_id: UUID | None) -> tuple[list[CommunitySize], str | None]:
    """Sizes recorded in the scope, newest first."""
    scope = tx.context.scope
    statement = select(CommunitySize).where(col(CommunitySize.unit_no).between(scope.lo, scope.hi))
    if unit_id is not None:
        statement = statement.where(col(CommunitySize.unit_id) == unit_id)
    if paging.after is not None:
        statement = statement.where(col(CommunitySize.id) < UUID(paging.after[0]))
    found = await tx.session.execute(statement.order_by(col(CommunitySize.id).desc()).limit(paging.limit + 1))
    return paging.page(list(found.scalars()), lambda row: (str(row.id),))


async def in_force_after(tx: Transaction, on: date, after: UUID | None, limit: int) -> list[CommunitySize]:
    """The size in force on a day of up to `limit` communities, in the order of their ids."""
    statement = select(CommunitySize).where(col(CommunitySize.state) == "in_force", col(CommunitySize.valid_from) <= on)
    if after is not None:
        statement = statement.where(col(CommunitySize.unit_id) > after)
    found = await tx.session.execute(
        statement.ext(distinct_on(col(CommunitySize.unit_id)))
        .order_by(col(CommunitySize.unit_id), col(CommunitySize.valid_from).desc(), col(CommunitySize.id).desc())
        .limit(limit)
    )
    return list(found.scalars())
