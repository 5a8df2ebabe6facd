"""Plans and the posts they ask for."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index
from sqlmodel import Field

from kernel.db.table import Rls, TenantTable, instant, json_field, recorded_now


class Plan(TenantTable, table=True):
    """A recruitment plan. `unit_no` is the organising unit's; the pack version is the one it began under (P5)."""

    __tablename__ = "recruitment_plan"
    __rls__ = Rls(app="select, insert, update")
    __table_args__ = (Index("recruitment_plan_unit_ix", "tenant_id", "unit_no", "id"),)

    id: UUID = Field(primary_key=True)
    unit_no: int
    unit_id: UUID
    level: str
    title: str
    state: str
    publicity_days: int | None = None
    publicity_unit: str | None = None
    relaxed_age_limit: int | None = None
    relaxed_education_codes: list[str] = json_field()
    pack_id: str
    pack_version: str
    case_id: UUID | None = None
    round: int = 0
    """How many times roster was asked for the posts."""
    seats: str = "none"
    """What became of the newest request: none, asked, held, released, refused."""
    over_reason: str | None = None
    findings: list[dict[str, Any]] = json_field(default_factory=list)
    submitter: dict[str, Any] | None = json_field(default=None)
    """Who submitted, in which post: the case opens in their name once roster has answered."""
    drafted_at: datetime = instant()
    drafted_by_post: UUID | None = None
    version: int = 1
    recorded_at: datetime = recorded_now()


class PlanItem(TenantTable, table=True):
    """So many posts of one kind in one community."""

    __tablename__ = "recruitment_plan_item"
    __rls__ = Rls()
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "plan_id"], ["recruitment_plan.tenant_id", "recruitment_plan.id"]),
        Index("recruitment_plan_item_plan_ix", "tenant_id", "plan_id"),
    )

    id: UUID = Field(primary_key=True)
    plan_id: UUID
    unit_no: int
    community_unit_id: UUID
    community_unit_no: int
    community_title: str
    category: str
    post_title: str
    posts: int
