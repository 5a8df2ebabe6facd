"""Table of probations and what their assessment came to."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from kernel.db.table import Rls, TenantTable, instant


class Probation(TenantTable, table=True):
    """One probation, by its contract. `state`: waiting, due (near its end), passed, failed, lapsed (undecided)."""

    __tablename__ = "assessment_probation"
    __rls__ = Rls(person="person_id", app="select, insert, update")
    __table_args__ = (
        Index(None, "tenant_id", "unit_no", "last_day", "id", postgresql_include=["person_id"]),
        # A wide scope walks the days themselves: sorting all of a region for the first fifty takes longest. The unit
        # behind them tells whose they are without the row.
        Index(None, "tenant_id", "last_day", "id", "unit_no"),
        Index(None, "tenant_id", "person_id"),
    )

    id: UUID = Field(primary_key=True)
    """The contract's."""
    dossier_id: UUID
    person_id: UUID
    unit_no: int
    last_day: date
    due_on: date
    state: str
    reason: str | None = None
    evidence: str | None = None
    decided_on: date | None = None
    decided_at: datetime | None = instant(default=None)
    decided_by_user: UUID | None = None
    decided_by_post: UUID | None = None
    version: int = 1
