"""The draft that a simulation asks about, as the service keeps it."""

from datetime import date, datetime
from uuid import UUID

from sqlmodel import Field

from kernel.db.table import Rls, TenantTable, recorded_now


class Simulation(TenantTable, table=True):
    """One request: the draft as JSON, and the day for which it is asked."""

    __tablename__ = "k_simulation"
    __rls__ = Rls.tenant_wide("a draft concerns every unit of the tenant", app="select, insert")

    id: UUID = Field(primary_key=True)
    content: str
    on_day: date
    recorded_at: datetime = recorded_now()
