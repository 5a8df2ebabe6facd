"""Staffing over HTTP."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from kernel.http.labels import labelled
from kernel.http.schema import Body, View

Day = Annotated[date, Field(ge=date(2000, 1, 1), lt=date(2200, 1, 1))]
Line = Annotated[str, StringConstraints(min_length=1, max_length=300)]
People = Annotated[int, Field(ge=0, le=2_000_000_000)]
Posts = Annotated[int, Field(ge=0, le=1_000_000)]
ProposalState = Literal["open", "returned", "in_force", "rejected", "withdrawn"]

labelled(
    "approval.fact.headcount_population",
    {
        "year": ("年份", "Year"),
        "population": ("城镇常住人口", "Urban permanent population"),
        "valid_from": ("生效日期", "Holds from"),
        "source": ("数据来源", "Source"),
    },
)
labelled(
    "approval.fact.headcount_totals",
    {
        "valid_from": ("生效日期", "Holds from"),
        "counties": ("核定单位代码", "Codes of the counties"),
        "names": ("核定单位", "The counties"),
    },
)
labelled(
    "approval.fact.headcount_communities",
    {"valid_from": ("生效日期", "Holds from"), "communities": ("社区数", "Communities")},
)
labelled(
    "roster.staffing_state",
    {
        "open": ("办理中", "Under way"),
        "returned": ("已退回", "Returned"),
        "in_force": ("已生效", "In force"),
        "rejected": ("未通过", "Rejected"),
        "withdrawn": ("已撤回", "Withdrawn"),
    },
)


class PartBody(Body):
    """The part of a population that lives in a subordinate unit."""

    unit_id: UUID
    population: People


class PopulationBody(Body):
    """The urban permanent population of the acting post's unit at the end of `year`, and the document it stands in.

    The ceiling that follows holds from `valid_from`. `parts`: the same figure by county, adding up to it; needed
    only for the proposal of how to spread the ceiling.
    """

    year: Annotated[int, Field(ge=2000, le=2199)]
    population: People
    source: Line
    valid_from: Day
    parts: Annotated[list[PartBody], Field(max_length=200, default_factory=list)]


class PartView(View):
    """The part of a population that lives in a subordinate unit."""

    unit_id: UUID
    population: int


class PopulationView(View):
    """A population figure; in force once it was approved. `ceiling`: the posts that it carries (NM-5)."""

    id: UUID
    unit_id: UUID
    unit_no: int
    year: int
    population: int
    source: str
    valid_from: date
    parts: list[PartView]
    ceiling: int
    state: ProposalState
    case_id: UUID | None
    version: int


class NumberBody(Body):
    """A number of posts for a unit."""

    unit_id: UUID
    posts: Posts


class TotalsBody(Body):
    """Totals of counties as the league fixes them (核定) from a day on; all of them, or none."""

    valid_from: Day
    document: Line | None = None
    items: Annotated[list[NumberBody], Field(min_length=1, max_length=200)]


class NumberView(View):
    """A number of posts for a unit."""

    unit_id: UUID
    posts: int


class TotalsView(View):
    """What was fixed, beside the sum of all totals and the ceiling on that day."""

    unit_id: UUID
    valid_from: date
    ceiling: int
    sum: int
    items: list[NumberView]


class ShareView(View):
    """One county's part of the ceiling by largest remainder.

    `own_floor`: what its own population carries by itself; `above_own_floor` marks a county that gets more.
    """

    unit_id: UUID
    code: str
    title: str
    population: int
    own_floor: int
    posts: int
    above_own_floor: bool


class SpreadView(View):
    """A proposal of how to spread the ceiling: nothing is fixed by it."""

    unit_id: UUID
    on: date
    year: int
    source: str
    population: int
    ceiling: int
    items: list[ShareView]


class ProposalBody(Body):
    """Numbers proposed for communities of the acting post's unit, from a day on (NM-6)."""

    valid_from: Day
    reason: Annotated[str, StringConstraints(min_length=1, max_length=1000)]
    items: Annotated[list[NumberBody], Field(min_length=1, max_length=1000)]


class ProposalView(View):
    """Numbers proposed for communities and where the proposal stands."""

    id: UUID
    unit_id: UUID
    unit_no: int
    valid_from: date
    reason: str
    items: list[NumberView]
    state: ProposalState
    case_id: UUID | None
    version: int
