"""Table of human determinations on conditions of directed recruitment that facts leave open."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, UniqueConstraint
from sqlmodel import Field

from kernel.db.table import Rls, TenantTable, instant


class DirectedDetermination(TenantTable, table=True):
    """What a named official determined on one condition for one worker, and why; the last one counts."""

    __tablename__ = "roster_directed_determination"
    __rls__ = Rls(unit="unit_no")
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "dossier_id"], ["roster_dossier.tenant_id", "roster_dossier.id"]),
        UniqueConstraint("tenant_id", "dossier_id", "rule"),
    )

    id: UUID = Field(primary_key=True)
    dossier_id: UUID
    unit_no: int
    rule: str
    outcome: str
    reason: str
    determined_by: UUID | None = None
    determined_at: datetime = instant()
