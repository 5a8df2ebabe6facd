"""Table of the hours ledger: rows are added, never changed and never removed."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, Numeric, text
from sqlmodel import Field

from kernel.db.table import Rls, TenantTable, instant


class HoursEntry(TenantTable, table=True):
    """One entry: a credit, or a counter-entry (`corrects_id`) that changes what stands by `hours`.

    The partial unique index is what keeps a class from being credited twice to one person, whoever asks.
    """

    __tablename__ = "training_hours"
    __rls__ = Rls(unit="unit_no", person="person_id", app="select, insert")
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "session_id"], ["training_session.tenant_id", "training_session.id"]),
        ForeignKeyConstraint(["tenant_id", "corrects_id"], ["training_hours.tenant_id", "training_hours.id"]),
        Index(
            "training_hours_credited_once",
            "tenant_id",
            "session_id",
            "person_id",
            unique=True,
            postgresql_where=text("corrects_id is null"),
        ),
        Index(None, "tenant_id", "person_id", "id"),
        Index(None, "tenant_id", "unit_no", "id"),
    )

    id: UUID = Field(primary_key=True)
    unit_no: int
    person_id: UUID
    session_id: UUID
    form: str
    round: bool = False
    hours: Decimal = Field(sa_type=Numeric(8, 2))
    ended_on: date
    corrects_id: UUID | None = None
    reason: str | None = None
    entered_at: datetime = instant()
