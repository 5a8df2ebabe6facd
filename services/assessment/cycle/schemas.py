"""What goes in and out of yearly assessments over HTTP."""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from pydantic import Field

from kernel.http.labels import labelled
from kernel.http.schema import Body, View
from services.assessment.method import Method

CycleState = Literal["open", "confirmed", "sealed"]
ResultState = Literal["out", "open", "ungraded", "confirmed", "sealed"]

labelled(
    "assessment.cycle_state",
    {"open": ("进行中", "open"), "confirmed": ("已确认等次", "confirmed"), "sealed": ("已封存", "sealed")},
)
labelled(
    "assessment.result_state",
    {
        "out": ("不参加考核", "does not take part"),
        "open": ("考核中", "open"),
        "ungraded": ("未定等次", "not graded"),
        "confirmed": ("已确认", "confirmed"),
        "sealed": ("已封存", "sealed"),
    },
)
labelled(
    "assessment.result_reason",
    {
        "in_post": ("符合参加条件", "takes part"),
        "left": ("基准日不在岗", "not in post on the reference day"),
        "category": ("人员类别不参加", "category left out"),
        "too_short": ("在岗时间不足", "not long enough in post"),
    },
)


class CycleOpening(Body):
    """Open the assessment of a year for the unit of the acting post."""

    year: int = Field(ge=2000, le=2200)
    reference_on: date | None = Field(default=None, description="Day on which posts are looked at; today if not named.")


class CycleView(View):
    """A year's assessment and where it stands."""

    id: UUID
    unit_no: int
    unit_id: UUID
    year: int
    reference_on: date
    scheme_id: UUID
    method: Method
    stage: str
    state: CycleState
    pack_id: str
    pack_version: str
    opened_at: datetime
    confirmed_on: date | None
    appeals_until: date | None
    case_id: UUID | None
    case_state: str | None
    sealed_on: date | None
    version: int


class RoundView(View):
    """A cycle in one community."""

    id: UUID
    cycle_id: UUID
    unit_no: int
    community_unit_id: UUID
    stage: str
    state: CycleState
    method: Method


class ResultView(View):
    """One person in a cycle; `explained` says in both languages why they take part or not."""

    id: UUID
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
    state: ResultState
    reason: str
    months: int
    explained: dict[str, str]
    self_statement: str | None
    self_assessed_at: datetime | None
    composite: Decimal | None
    parts: dict[str, Decimal] | None = Field(description="Score of each component that made up the composite.")
    grade: str | None
    grade_reason: str | None
    failing: bool | None
    outstanding: bool | None
    appeals_until: date | None = Field(description="Last day on which the grade can be appealed.")
    appeal_state: str | None
    run: int | None = Field(description="Adjacent years failed up to this one; set when the cycle is sealed.")
    broken_by: int | None = Field(description="Year without a grade that broke an earlier run.")
    version: int
