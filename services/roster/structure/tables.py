"""Table of the structure: who was assigned to which place and when (SH-10)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index
from sqlmodel import Field

from kernel.db.table import DateRange, Rls, TenantTable, UniquePeriods, instant, period_field


class Assignment(TenantTable, table=True):
    """A person's place in a community for a period; one place at a time. `unit_no` is the community's."""

    __tablename__ = "roster_structure_assignment"
    __rls__ = Rls(person="person_id", app="select, insert, update")
    __temporal__ = (UniquePeriods(key=("dossier_id",)),)
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "dossier_id"], ["roster_dossier.tenant_id", "roster_dossier.id"]),
        Index(None, "tenant_id", "dossier_id"),
        Index(None, "tenant_id", "community_unit_id"),
    )

    id: UUID = Field(primary_key=True)
    dossier_id: UUID
    unit_no: int
    person_id: UUID
    community_unit_id: UUID
    place: str
    post_kind: str | None = None
    period: DateRange = period_field()
    assigned_by: UUID | None = None
    assigned_at: datetime = instant()
    pack_id: str
    pack_version: str
