"""Table of ends of work that were fixed and wait for their day."""

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field

from kernel.db.table import Rls, TenantTable


class Ending(TenantTable, table=True):
    """The end of one worker's time here. `ends_before` is the first day after the last one.

    `matter_id` is the resignation, retirement or exit that it follows from. `state` is waiting, done, cancelled, or
    void where the worker was gone from this employer before the day.
    """

    __tablename__ = "roster_ending"
    __rls__ = Rls(unit="unit_no", person="person_id", app="select, insert, update")
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "dossier_id"], ["roster_dossier.tenant_id", "roster_dossier.id"]),
        UniqueConstraint("tenant_id", "matter_id"),
        Index(None, "tenant_id", "dossier_id"),
    )

    id: UUID = Field(primary_key=True)
    dossier_id: UUID
    unit_no: int
    person_id: UUID
    matter_id: UUID
    ground: str
    ends_before: date
    state: str
    version: int = 1
