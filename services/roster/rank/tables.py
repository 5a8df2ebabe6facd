"""Tables of ladders, of ranks held in time, and of the assessment results that promotion reads (NM-23, NM-28)."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field

from kernel.db.table import DateRange, Rls, TenantTable, UniquePeriods, json_field, period_field


class Ladder(TenantTable, table=True):
    """A ladder of ranks as the level that may make it loaded it; `sample` marks one that nobody issued.

    It holds once its case was approved (NM-23); a sample asks for none.
    """

    __tablename__ = "roster_ladder"
    __rls__ = Rls.tenant_wide("a ladder is a rule of the jurisdiction, known to all who work in it")
    __table_args__ = (UniqueConstraint("tenant_id", "valid_from"),)

    id: UUID = Field(primary_key=True)
    name: str
    title: dict[str, Any] = json_field()
    source: dict[str, Any] = json_field()
    sample: bool
    grades: list[dict[str, Any]] = json_field()
    valid_from: date
    pack_id: str
    pack_version: str
    state: str = Field(default="in_force", sa_column_kwargs={"server_default": "in_force"})
    case_id: UUID | None = None


class RankHeld(TenantTable, table=True):
    """A grade held for a period, with the findings on which it was given. `unit_no` is the dossier's."""

    __tablename__ = "roster_rank"
    __rls__ = Rls(unit="unit_no", person="person_id")
    __temporal__ = (UniquePeriods(key=("dossier_id",)),)
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "dossier_id"], ["roster_dossier.tenant_id", "roster_dossier.id"]),
        ForeignKeyConstraint(["tenant_id", "ladder_id"], ["roster_ladder.tenant_id", "roster_ladder.id"]),
        Index(None, "tenant_id", "dossier_id"),
    )

    id: UUID = Field(primary_key=True)
    dossier_id: UUID
    unit_no: int
    person_id: UUID
    ladder_id: UUID
    grade: int
    ground: str
    findings: list[dict[str, Any]] = json_field()
    reason: str
    period: DateRange = period_field()


class Result(TenantTable, table=True):
    """The yearly grade of a worker as assessment told it."""

    __tablename__ = "roster_result"
    __rls__ = Rls(unit="unit_no", person="person_id")

    dossier_id: UUID = Field(primary_key=True)
    year: int = Field(primary_key=True)
    unit_no: int
    person_id: UUID
    grade: str
    failing: bool
    outstanding: bool
    confirmed_on: date
