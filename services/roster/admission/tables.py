"""Tables of admission: what was applied for and became of it, its changes, and what a community declined."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index
from sqlmodel import Field

from kernel.db.table import Rls, TenantTable, instant, json_field, recorded_now


class Admission(TenantTable, table=True):
    """One thing that a department wants of a community; `unit_no` is the community's. Public once admitted."""

    __tablename__ = "roster_admission"
    __rls__ = Rls(published="admitted_on is not null", app="select, insert, update")
    __table_args__ = (
        CheckConstraint("valid_from < valid_before", name="period"),
        Index(None, "tenant_id", "unit_no", "id"),
    )

    id: UUID = Field(primary_key=True)
    unit_no: int
    community_unit_id: UUID
    community_title: str
    applicant_unit_id: UUID
    applicant_unit_title: str
    applicant_department: str
    register_kind: str
    matter: str | None = None
    role: str | None = None
    title: str
    content: str
    valid_from: date
    valid_before: date
    means: dict[str, Any] | None = json_field(default=None, nullable=True)
    state: str
    findings: list[dict[str, Any]] = json_field()
    determined_barred: bool | None = None
    determined_reason: str | None = None
    determined_by: UUID | None = None
    determined_at: datetime | None = instant(default=None)
    case_id: UUID | None = None
    applied_at: datetime = instant()
    applied_by: UUID | None = None
    admitted_on: date | None = None
    removed_on: date | None = None
    pack_id: str
    pack_version: str
    version: int = 1
    recorded_at: datetime = recorded_now()


class AdmissionChange(TenantTable, table=True):
    """An adjustment or removal of something admitted, with what stood before. Rows are added only."""

    __tablename__ = "roster_admission_change"
    __rls__ = Rls(app="select, insert")
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "admission_id"], ["roster_admission.tenant_id", "roster_admission.id"]),
        Index(None, "tenant_id", "admission_id", "id"),
    )

    id: UUID = Field(primary_key=True)
    admission_id: UUID
    unit_no: int
    kind: str
    reason: str
    content_before: str
    valid_before_before: date
    changed_by: UUID | None = None
    changed_at: datetime = instant()


class Declined(TenantTable, table=True):
    """What a community declined to do because it was not admitted."""

    __tablename__ = "roster_admission_declined"
    __rls__ = Rls(app="select, insert")
    __table_args__ = (Index(None, "tenant_id", "unit_no", "id"),)

    id: UUID = Field(primary_key=True)
    unit_no: int
    community_unit_id: UUID
    asked_by: str
    register_kind: str
    title: str
    reason: str
    article: str | None = None
    declined_by: UUID | None = None
    declined_at: datetime = instant()
    pack_id: str
    pack_version: str
