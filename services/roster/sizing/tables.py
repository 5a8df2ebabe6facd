"""Table of the sizes of communities."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from kernel.db.table import Rls, TenantTable, instant, json_field, recorded_now


class CommunitySize(TenantTable, table=True):
    """How many households (and people) a community had on a day, and by which document; the number of posts that
    follows holds from `valid_from` (SH-5).

    `ranges`: what the norm allows for that size, `[[least, most]]`; `posts`: the number chosen, None: the norm itself
    holds; `reason`: why it lies outside.
    """

    __tablename__ = "roster_community_size"
    __rls__ = Rls(app="select, insert, update")
    __table_args__ = (
        CheckConstraint("households >= 0 and coalesce(population, 0) >= 0", name="size"),
        Index("roster_community_size_unit_ix", "tenant_id", "unit_no", "id"),
    )

    id: UUID = Field(primary_key=True)
    unit_no: int
    unit_id: UUID
    households: int
    population: int | None = None
    counted_on: date
    source: str
    valid_from: date
    ranges: list[list[int]] = json_field()
    posts: int | None = None
    reason: str | None = None
    findings: list[dict[str, Any]] = json_field()
    state: str
    case_id: UUID | None = None
    proposed_at: datetime = instant()
    proposed_by_post: UUID | None = None
    version: int = 1
    recorded_at: datetime = recorded_now()
