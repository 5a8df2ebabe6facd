"""Tables of leave: what was asked for and became of it, and work with other employers that counts for annual leave."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index
from sqlmodel import Field

from kernel.db.table import Rls, TenantTable, instant, json_field, recorded_now


class Leave(TenantTable, table=True):
    """One leave in the half-open period [valid_from, valid_before). Why it is needed is not kept: that may be a
    medical matter.

    `taken_before` is where it ended when the worker came back early. `days` are counted in `unit`; `days_by_year`
    splits them over calendar years.
    """

    __tablename__ = "roster_leave"
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
    kind: str
    valid_from: date
    valid_before: date
    taken_before: date | None = None
    unit: str
    days: int
    days_by_year: dict[str, Any] = json_field()
    supplements: dict[str, Any] = json_field()
    state: str
    recorded_by: UUID | None = None
    """The official's user where the township recorded it; None where the worker asked."""
    case_id: UUID | None = None
    asked_at: datetime = instant()
    decided_on: date | None = None
    returned_on: date | None = None
    return_recorded_by: UUID | None = None
    overstayed_working_days: int | None = None
    overstay: str | None = None
    pack_id: str
    pack_version: str
    version: int = 1
    recorded_at: datetime = recorded_now()


class EarlierWork(TenantTable, table=True):
    """Months of work with employers outside the roster, which annual leave counts too. The newest statement holds."""

    __tablename__ = "roster_leave_earlier_work"
    __rls__ = Rls(unit="unit_no", person="person_id", app="select, insert, update")
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "dossier_id"], ["roster_dossier.tenant_id", "roster_dossier.id"]),
        CheckConstraint("months >= 0", name="months"),
        Index(None, "tenant_id", "dossier_id", "id"),
    )

    id: UUID = Field(primary_key=True)
    dossier_id: UUID
    unit_no: int
    person_id: UUID
    months: int
    evidence: str
    stated_by: UUID | None = None
    stated_at: datetime = instant()
