"""Tables of training programmes, and of who is selected for their classes."""

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index
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
    class_kind: str | None = None
    host: str | None = None
    """Who holds the classes, where that is nobody of the tenant (SH-28)."""
    version: int = 1


class ProgrammeSelection(TenantTable, table=True):
    """Somebody selected for the classes of a programme, and why (SH-28). `unit_no` is the worker's community."""

    __tablename__ = "training_programme_selection"
    __rls__ = Rls(unit="unit_no", person="person_id", app="select, insert")
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "programme_id"], ["training_programme.tenant_id", "training_programme.id"]),
        Index(None, "tenant_id", "unit_no"),
    )

    programme_id: UUID = Field(primary_key=True)
    person_id: UUID = Field(primary_key=True)
    unit_no: int
    reason: str
    selected_on: date
    selected_by: UUID | None = None
