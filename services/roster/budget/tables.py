"""Table of what governments entered in their yearly budgets."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Numeric, UniqueConstraint
from sqlmodel import Field

from kernel.db.table import Rls, TenantTable


class BudgetEntry(TenantTable, table=True):
    """The amount of a cost that stands in a unit's budget of a year; yuan. A transfer stands with who gives it."""

    __tablename__ = "roster_budget_entry"
    __rls__ = Rls(unit="unit_no", app="select, insert, update")
    __table_args__ = (UniqueConstraint("tenant_id", "unit_id", "year", "cost"),)

    id: UUID = Field(primary_key=True)
    unit_id: UUID
    unit_no: int
    year: int
    cost: str
    amount: Decimal = Field(sa_type=Numeric(16, 2))
    document: str
    entered_on: date
    version: int = 1
