"""The table of due times."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field

from kernel.db.table import Rls, TenantTable, instant, json_field, recorded_now


class Schedule(TenantTable, table=True):
    """One thing to be done at a business instant. `state` is waiting or done."""

    __tablename__ = "k_schedule"
    __rls__ = Rls(unit="unit_no", relay="select")
    __successor_in__ = ("payload",)
    __table_args__ = (
        # Done rows stay as a record; only waiting ones are looked for, twice a second.
        Index(
            "k_schedule_waiting_ix",
            "tenant_id",
            "due_business_at",
            postgresql_where=text("state = 'waiting'"),
        ),
    )

    id: UUID = Field(primary_key=True)
    unit_no: int
    kind: str
    payload: dict[str, Any] = json_field()
    due_business_at: datetime = instant()
    state: str = "waiting"
    attempts: int = 0
    retry_at: datetime | None = instant(default=None)
    """Real instant before which it is not tried again."""
    cause: str | None = None
    """Kind of the last failure; never its values."""
    done_at: datetime | None = instant(default=None)
    """Business instant at which it was done."""
    recorded_at: datetime = recorded_now()
