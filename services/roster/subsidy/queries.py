"""SQL of subsidies; the payroll asks for many workers at once."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, tuple_, update
from sqlmodel import col, select

from kernel.db.transaction import Transaction
from kernel.errors import NotFound
from kernel.http.paging import Paging
from services.roster.subsidy.tables import Subsidy


async def get(tx: Transaction, subsidy_id: UUID, *, lock: bool = False) -> Subsidy:
    """The row; `NotFound` outside the scope."""
    statement = select(Subsidy).where(col(Subsidy.id) == subsidy_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    row = (await tx.session.execute(statement)).scalar_one_or_none()
    if row is None:
        raise NotFound
    return row


async def page(
    tx: Transaction, paging: Paging, *, dossier_id: UUID | None, month: date | None
) -> tuple[list[Subsidy], str | None]:
    """The rows of the scope, by unit and age, and where to go on."""
    scope = tx.context.scope
    statement = select(Subsidy).where(col(Subsidy.unit_no).between(scope.lo, scope.hi))
    if dossier_id is not None:
        statement = statement.where(col(Subsidy.dossier_id) == dossier_id)
    if month is not None:
        statement = statement.where(col(Subsidy.month) == month.replace(day=1))
    if paging.after is not None:
        unit_no, last = paging.after
        statement = statement.where(tuple_(col(Subsidy.unit_no), col(Subsidy.id)) > (unit_no, UUID(last)))
    found = await tx.session.execute(statement.order_by(col(Subsidy.unit_no), col(Subsidy.id)).limit(paging.limit + 1))
    return paging.page(list(found.scalars()), lambda row: (row.unit_no, str(row.id)))


async def own(tx: Transaction) -> list[Subsidy]:
    """Those of the person who asks; row-level security leaves no others."""
    return list((await tx.session.execute(select(Subsidy).order_by(col(Subsidy.id)))).scalars())


async def decided(tx: Transaction, dossier_ids: Sequence[UUID], month: date) -> dict[UUID, tuple[Decimal, int]]:
    """What was approved for the month's payroll and how many subsidies that are, of those workers who have any."""
    found = await tx.session.execute(
        select(col(Subsidy.dossier_id), func.sum(col(Subsidy.amount)), func.count())
        .where(col(Subsidy.dossier_id).in_(dossier_ids), col(Subsidy.month) == month, col(Subsidy.state) == "approved")
        .group_by(col(Subsidy.dossier_id))
    )
    return {row[0]: (row[1], row[2]) for row in found.all()}


async def move(tx: Transaction, dossier_id: UUID, unit_no: int) -> None:
    """Bring a dossier's subsidies under the unit that keeps it."""
    await tx.session.execute(update(Subsidy).where(col(Subsidy.dossier_id) == dossier_id).values(unit_no=unit_no))
