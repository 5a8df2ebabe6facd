"""Tables of retirement: the track of a worker with its source, and retirements handled (NM-30)."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field

from kernel.db.table import Rls, TenantTable, instant


class RetireTrack(TenantTable, table=True):
    """On which track a worker retires, and by which document. The newest statement holds; none is ever assumed."""

    __tablename__ = "roster_retire_track"
    __rls__ = Rls(unit="unit_no", person="person_id", app="select, insert")
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "dossier_id"], ["roster_dossier.tenant_id", "roster_dossier.id"]),
        Index(None, "tenant_id", "dossier_id", "id"),
    )

    id: UUID = Field(primary_key=True)
    dossier_id: UUID
    unit_no: int
    person_id: UUID
    track: str
    source: str
    stated_by: UUID | None = None
    stated_at: datetime = instant()


class Retirement(TenantTable, table=True):
    """A retirement that the township handled, once per dossier. `month` is the first day of the month."""

    __tablename__ = "roster_retirement"
    __rls__ = Rls(unit="unit_no", person="person_id", app="select, insert, update")
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "dossier_id"], ["roster_dossier.tenant_id", "roster_dossier.id"]),
        UniqueConstraint("tenant_id", "dossier_id"),
        Index(None, "tenant_id", "unit_no", "id"),
    )

    id: UUID = Field(primary_key=True)
    dossier_id: UUID
    unit_no: int
    person_id: UUID
    track: str
    month: date
    ends_before: date
    by_rules_of_the_term: bool
    handled_on: date
    version: int = 1
