"""Tables of staffing: population figures, and numbers proposed for communities."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from kernel.db.table import Rls, TenantTable, instant, json_field, recorded_now


class Population(TenantTable, table=True):
    """A population figure of the unit whose ceiling follows from it (NM-5), with year and source; it holds from
    `valid_from` once its approval has passed.

    `parts`: the same figure by subordinate unit, `[{unit_id, population}]`, for a proposal of how to spread it.
    """

    __tablename__ = "roster_headcount_population"
    __rls__ = Rls(app="select, insert, update")
    __table_args__ = (Index("roster_headcount_population_unit_ix", "tenant_id", "unit_no", "id"),)

    id: UUID = Field(primary_key=True)
    unit_no: int
    unit_id: UUID
    year: int
    population: int
    source: str
    parts: list[dict[str, Any]] = json_field()
    valid_from: date
    state: str
    case_id: UUID | None = None
    proposed_at: datetime = instant()
    proposed_by_post: UUID | None = None
    version: int = 1
    recorded_at: datetime = recorded_now()


class Proposal(TenantTable, table=True):
    """Numbers proposed for communities (NM-6). `unit_no` is the proposing unit's; `items`: `[{unit_id, posts}]`."""

    __tablename__ = "roster_headcount_proposal"
    __rls__ = Rls(app="select, insert, update")
    __table_args__ = (Index("roster_headcount_proposal_unit_ix", "tenant_id", "unit_no", "id"),)

    id: UUID = Field(primary_key=True)
    unit_no: int
    unit_id: UUID
    valid_from: date
    reason: str
    items: list[dict[str, Any]] = json_field()
    state: str
    case_id: UUID | None = None
    proposed_at: datetime = instant()
    proposed_by_post: UUID | None = None
    version: int = 1
    recorded_at: datetime = recorded_now()
