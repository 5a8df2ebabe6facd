"""SQL of budgets."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import or_
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from kernel.db.transaction import Transaction
from kernel.org.tables import OrgUnit
from services.roster.budget.tables import BudgetEntry


async def keep(tx: Transaction, row: BudgetEntry) -> BudgetEntry:
    """Store an amount; it takes the place of the one of the same unit, year and cost."""
    values = row.model_dump()
    fresh = {name: values[name] for name in ("amount", "document", "entered_on")}
    stored = await tx.session.execute(
        insert(BudgetEntry)
        .values(**values)
        .on_conflict_do_update(
            index_elements=["tenant_id", "unit_id", "year", "cost"],
            set_=fresh | {"version": col(BudgetEntry.version) + 1},
        )
        .returning(BudgetEntry)
        .execution_options(populate_existing=True)
    )
    return stored.scalar_one()


async def payer_units(tx: Transaction, levels: Collection[str]) -> list[OrgUnit]:
    """The units of these levels in the scope that stand today, in the order of the tree."""
    scope = tx.context.scope
    found = await tx.session.execute(
        select(OrgUnit)
        .where(
            col(OrgUnit.level).in_(levels),
            col(OrgUnit.unit_no).between(scope.lo, scope.hi),
            or_(col(OrgUnit.valid_before).is_(None), col(OrgUnit.valid_before) > tx.today),
        )
        .order_by(col(OrgUnit.unit_no))
    )
    return list(found.scalars())


async def entered(tx: Transaction, years: tuple[int, int]) -> dict[tuple[UUID, str, int], BudgetEntry]:
    """The amounts of the scope for these years, by unit, cost and year."""
    scope = tx.context.scope
    found = await tx.session.execute(
        select(BudgetEntry).where(
            col(BudgetEntry.unit_no).between(scope.lo, scope.hi), col(BudgetEntry.year).in_(years)
        )
    )
    return {(row.unit_id, row.cost, row.year): row for row in found.scalars()}
