"""Table of training needs, filled from training's events."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Index, Numeric
from sqlmodel import Field

from kernel.db.table import Rls, TenantTable


class LearningNeed(TenantTable, table=True):
    """Hours that a person owes, and what counts toward them; `required_hours` is zero where nothing is owed now."""

    __tablename__ = "assessment_learning_need"
    __rls__ = Rls(unit="unit_no", person="person_id")
    __table_args__ = (
        Index(None, "tenant_id", "unit_no", "id"),
        Index(None, "tenant_id", "person_id"),
    )

    id: UUID = Field(primary_key=True)
    unit_no: int
    person_id: UUID
    kind: str
    cycle: str
    required_hours: Decimal = Field(sa_type=Numeric(8, 2))
    credited_hours: Decimal = Field(sa_type=Numeric(8, 2))
    met_on: date | None = None
