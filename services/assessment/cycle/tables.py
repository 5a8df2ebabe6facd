"""Tables of a year's assessment: the cycle, its part in each community, and the result of each person."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, Numeric, UniqueConstraint
from sqlmodel import Field

from kernel.db.table import Rls, TenantTable, instant, json_field


class Cycle(TenantTable, table=True):
    """The assessment of one year by one unit. `state`: open, confirmed (waits for appeals or publicity), sealed.

    `case_state` is that of the publicity and filing the regulation writes, if it writes any.
    """

    __tablename__ = "assessment_cycle"
    __rls__ = Rls(app="select, insert, update")
    __table_args__ = (
        UniqueConstraint("tenant_id", "unit_no", "year"),
        Index(None, "tenant_id", "unit_no", "id"),
    )

    id: UUID = Field(primary_key=True)
    unit_no: int
    unit_id: UUID
    year: int
    reference_on: date
    scheme_id: UUID
    method: dict[str, Any] = json_field()
    stage: str
    state: str
    pack_id: str
    pack_version: str
    opened_at: datetime = instant()
    opened_by_post: UUID | None = None
    confirmed_on: date | None = None
    confirmed_by_post: UUID | None = None
    confirmed_by_user: UUID | None = None
    appeals_until: date | None = None
    case_id: UUID | None = None
    case_state: str | None = None
    sealed_on: date | None = None
    version: int = 1


class Round(TenantTable, table=True):
    """The cycle in one community; `unit_no` is the community's, so that its township and its people work by it.

    It carries the stage and the method, since the cycle itself belongs to the unit above. Both are no secret.
    """

    __tablename__ = "assessment_round"
    __rls__ = Rls(published="stage <> ''", app="select, insert, update")
    __closed_units__ = "who worked there is assessed for the year"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "cycle_id"], ["assessment_cycle.tenant_id", "assessment_cycle.id"]),
        UniqueConstraint("tenant_id", "cycle_id", "unit_no"),
    )

    id: UUID = Field(primary_key=True)
    cycle_id: UUID
    unit_no: int
    community_unit_id: UUID
    stage: str
    state: str
    method: dict[str, Any] = json_field()


class Result(TenantTable, table=True):
    """One person in a cycle. `state`: out (does not take part, with the reason), open, ungraded (with the reason),
    confirmed, sealed.

    `run` is the number of adjacent years failed up to this one, `broken_by` the year without a grade that broke one.
    """

    __tablename__ = "assessment_result"
    __rls__ = Rls(person="person_id", app="select, insert, update")
    __closed_units__ = "who worked there is assessed for the year"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "round_id"], ["assessment_round.tenant_id", "assessment_round.id"]),
        UniqueConstraint("tenant_id", "cycle_id", "person_id"),
        Index(None, "tenant_id", "unit_no", "id"),
        Index(None, "tenant_id", "person_id", "year"),
    )

    id: UUID = Field(primary_key=True)
    cycle_id: UUID
    round_id: UUID
    unit_no: int
    community_unit_id: UUID
    year: int
    person_id: UUID
    dossier_id: UUID
    category: str
    role: str
    post_title: str
    state: str
    reason: str
    months: int
    explained: dict[str, str] = json_field()
    self_statement: str | None = None
    self_assessed_at: datetime | None = instant(default=None)
    composite: Decimal | None = Field(default=None, sa_type=Numeric(12, 6))
    parts: dict[str, str] | None = json_field(default=None, nullable=True)
    grade: str | None = None
    grade_reason: str | None = None
    failing: bool | None = None
    outstanding: bool | None = None
    appeals_until: date | None = None
    appeal_state: str | None = None
    run: int | None = None
    broken_by: int | None = None
    version: int = 1
