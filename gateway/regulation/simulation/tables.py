"""Simulations, how far each probe is, and what it found would change."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index
from sqlmodel import Field

from kernel.db.table import Rls, TenantTable, instant, recorded_now


class SimulationRequest(TenantTable, table=True):
    """One simulation of a draft, for a day."""

    __tablename__ = "regulation_simulation"
    __rls__ = Rls.tenant_wide("a draft concerns every unit of the tenant", app="select, insert")

    id: UUID = Field(primary_key=True)
    draft_id: UUID | None = None
    """None: asked by an operator, with a draft that was not handed in."""
    pack_version: str
    on_day: date
    requested_by: UUID | None = None
    requested_at: datetime = instant()
    """Business instant."""
    recorded_at: datetime = recorded_now()


class SimulationPart(TenantTable, table=True):
    """How far one probe is: how many things it looked at and how many would change."""

    __tablename__ = "regulation_simulation_part"
    __rls__ = Rls.tenant_wide("counts of the whole tenant, shown to the organ that asked", app="select, insert, update")
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "simulation_id"], ["regulation_simulation.tenant_id", "regulation_simulation.id"]
        ),
    )

    simulation_id: UUID = Field(primary_key=True)
    service: str = Field(primary_key=True)
    probe: str = Field(primary_key=True)
    examined: int = 0
    changed: int = 0
    done: bool = False
    refused: str | None = None


class SimulationChange(TenantTable, table=True):
    """One thing that would stand differently. `unit_no`: whose it is; nobody outside that scope sees it."""

    __tablename__ = "regulation_simulation_change"
    __rls__ = Rls(unit="unit_no", app="select, insert")
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "simulation_id"], ["regulation_simulation.tenant_id", "regulation_simulation.id"]
        ),
        Index("regulation_simulation_change_unit_ix", "tenant_id", "simulation_id", "unit_no"),
    )

    id: UUID = Field(primary_key=True)
    simulation_id: UUID
    unit_no: int
    service: str
    probe: str
    subject_id: UUID
    before: str
    after: str
    article: str | None = None
