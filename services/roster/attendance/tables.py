"""Table of determined absence."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index
from sqlmodel import Field

from kernel.db.table import Rls, TenantTable, instant, recorded_now


class Absence(TenantTable, table=True):
    """Days of absence without valid reason in the half-open period, as a named official determined them.

    A determination that proves wrong is annulled with a reason and stays on record.
    """

    __tablename__ = "roster_absence"
    __rls__ = Rls(unit="unit_no", person="person_id", app="select, insert, update")
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "dossier_id"], ["roster_dossier.tenant_id", "roster_dossier.id"]),
        ForeignKeyConstraint(["tenant_id", "leave_id"], ["roster_leave.tenant_id", "roster_leave.id"]),
        CheckConstraint("valid_from < valid_before", name="period"),
        Index(None, "tenant_id", "dossier_id", "valid_from"),
        Index(None, "tenant_id", "unit_no", "id"),
    )

    id: UUID = Field(primary_key=True)
    dossier_id: UUID
    unit_no: int
    person_id: UUID
    ground: str
    leave_id: UUID | None = None
    valid_from: date
    valid_before: date
    reason: str
    determined_by: UUID | None = None
    determined_in_post: UUID | None = None
    determined_at: datetime = instant()
    annulled_at: datetime | None = instant(default=None)
    annulled_by: UUID | None = None
    annulled_reason: str | None = None
    pack_id: str
    pack_version: str
    version: int = 1
    recorded_at: datetime = recorded_now()
