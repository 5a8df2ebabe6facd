"""Table of secondments."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index
from sqlmodel import Field

from kernel.db.table import Rls, TenantTable, instant, recorded_now


class Secondment(TenantTable, table=True):
    """A worker lent in the half-open period asked for. `unit_no` is the dossier's community.

    `began_on` is the first day it held (a later approval never reaches back), `ended_before` the first day after it.
    """

    __tablename__ = "roster_secondment"
    __rls__ = Rls(unit="unit_no", person="person_id", app="select, insert, update")
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "dossier_id"], ["roster_dossier.tenant_id", "roster_dossier.id"]),
        CheckConstraint("valid_from < valid_before", name="period"),
        Index(None, "tenant_id", "dossier_id", "valid_from"),
        Index(None, "tenant_id", "unit_no", "id"),
    )

    id: UUID = Field(primary_key=True)
    dossier_id: UUID
    unit_no: int
    person_id: UUID
    applicant_unit_id: UUID
    borrower_unit_id: UUID
    borrower_name: str
    task: str
    valid_from: date
    valid_before: date
    began_on: date | None = None
    ended_before: date | None = None
    end_reason: str | None = None
    state: str
    earlier_times: int
    earlier_days: int
    case_id: UUID | None = None
    applied_at: datetime = instant()
    applied_by: UUID | None = None
    decided_on: date | None = None
    pack_id: str
    pack_version: str
    version: int = 1
    recorded_at: datetime = recorded_now()
