"""Table of training programmes."""

from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from kernel.db.table import Rls, TenantTable, json_field


class Programme(TenantTable, table=True):
    """What a unit and its department train in a year, and for which posts."""

    __tablename__ = "training_programme"
    __rls__ = Rls(unit="unit_no")
    __table_args__ = (Index(None, "tenant_id", "unit_no", "id"),)

    id: UUID = Field(primary_key=True)
    unit_no: int
    organiser_unit_id: UUID
    organiser_level: str
    department_kind: str
    title: str
    year: int
    roles: list[str] = json_field()
    version: int = 1
