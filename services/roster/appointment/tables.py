"""Tables of posts held in time and of earlier employment in communities (O2, NM-23)."""

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index
from sqlmodel import Field

from kernel.db.table import DateRange, Rls, TenantTable, UniquePeriods, period_field


class Post(TenantTable, table=True):
    """A post held for a period. Several may be held at once (secretary and director), the same one only once.

    `unit_no` is the dossier's and moves with it, so that whoever keeps the dossier reads its whole history;
    `community_unit_id` and `community_unit_no` are where the post is and never change. `term_from`/`term_before` are
    the term of an elected office; the period goes on after it until a successor is elected.
    """

    __tablename__ = "roster_post"
    __rls__ = Rls(unit="unit_no", person="person_id")
    __temporal__ = (UniquePeriods(key=("dossier_id", "role")),)
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "dossier_id"], ["roster_dossier.tenant_id", "roster_dossier.id"]),
        Index(None, "tenant_id", "dossier_id"),
        Index(None, "tenant_id", "unit_no", "id"),
        Index(None, "tenant_id", "community_unit_id", "role"),
    )

    id: UUID = Field(primary_key=True)
    dossier_id: UUID
    unit_no: int
    person_id: UUID
    community_unit_id: UUID
    community_unit_no: int
    category: str
    relation: str
    role: str
    title: str
    origin: str
    period: DateRange = period_field()
    term_from: date | None = None
    term_before: date | None = None
    left_ground: str | None = None


class Employment(TenantTable, table=True):
    """Earlier full-time work in communities outside this roster, which counts toward years of service (NM-23)."""

    __tablename__ = "roster_employment"
    __rls__ = Rls(unit="unit_no", person="person_id")
    __temporal__ = (UniquePeriods(key=("dossier_id",)),)
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "dossier_id"], ["roster_dossier.tenant_id", "roster_dossier.id"]),
        Index(None, "tenant_id", "dossier_id"),
    )

    id: UUID = Field(primary_key=True)
    dossier_id: UUID
    unit_no: int
    person_id: UUID
    employer: str
    evidence: str
    period: DateRange = period_field()
