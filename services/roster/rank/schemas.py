"""What goes in and out of ladders and ranks over HTTP."""

from datetime import date
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from kernel.errors import Text
from kernel.http.labels import labelled
from kernel.http.schema import Body, View

Day = Annotated[date, Field(ge=date(1990, 1, 1), lt=date(2200, 1, 1))]
Sentence = Annotated[str, StringConstraints(min_length=2, max_length=200)]
Grade = Annotated[int, Field(ge=1, le=100)]
Years = Annotated[int, Field(ge=0, le=60)]
RankGround = Literal["placed", "promoted", "recognised"]
LadderState = Literal["open", "in_force", "rejected", "withdrawn"]

labelled(
    "approval.fact.rank_ladder",
    {
        "sample": ("样例", "A sample"),
        "grades": ("等级数", "Grades"),
        "valid_from": ("生效日期", "Holds from"),
        "title": ("序列名称", "Title"),
        "source": ("依据文件", "Source"),
    },
)
labelled(
    "roster.rank_ground",
    {"placed": ("定级", "placed"), "promoted": ("晋升", "promoted"), "recognised": ("互认", "recognised")},
)


class Naming(Body):
    """A name in both languages."""

    zh: Sentence
    en: Sentence


labelled(
    "roster.ladder_state",
    {
        "open": ("办理中", "Under way"),
        "in_force": ("已生效", "In force"),
        "rejected": ("未通过", "Rejected"),
        "withdrawn": ("已撤回", "Withdrawn"),
    },
)


class LadderGrade(Body):
    """One grade and what it asks: years of service in all, years in the grade below, an outstanding last grade."""

    grade: Grade
    label: Naming
    service_years: Years
    years_in_grade_below: Years
    outstanding: bool


class LadderDraft(Body):
    """A ladder to load, grades from 1 upwards without gap."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
    title: Naming
    source: Naming
    sample: bool = Field(description="True for a ladder that nobody issued; it is shown as one everywhere.")
    valid_from: Day
    grades: Annotated[list[LadderGrade], Field(min_length=1, max_length=100)]

    @model_validator(mode="after")
    def rises_step_by_step(self) -> Self:
        """Grades count from one."""
        if [each.grade for each in self.grades] != list(range(1, len(self.grades) + 1)):
            text = Text("等级应从1起依次排列", "grades count from 1 without a gap")
            raise PydanticCustomError("grades", "{text}", {"text": text})
        return self


class LadderView(View):
    """A ladder that was loaded."""

    id: UUID
    name: str
    title: dict[str, str]
    source: dict[str, str]
    sample: bool
    grades: list[dict[str, Any]]
    valid_from: date
    state: LadderState
    case_id: UUID | None


class Placement(Body):
    """Place a worker on a grade for the first time."""

    grade: Grade
    valid_from: Day
    reason: Sentence


class Promotion(Body):
    """Raise a worker to the next grade."""

    valid_from: Day
    reason: Sentence


class RankView(View):
    """A grade held in the half-open period [valid_from, valid_before), with the findings it was given on.

    `sample`: the ladder is a sample that nobody issued.
    """

    id: UUID
    dossier_id: UUID
    ladder_id: UUID
    sample: bool
    grade: int
    label: dict[str, str]
    ground: RankGround
    reason: str
    findings: list[dict[str, Any]]
    valid_from: date
    valid_before: date | None


class EffectView(View):
    """What the regulation lets follow from a yearly grade."""

    code: str
    label: dict[str, str]
    article: str | None


class ResultView(View):
    """A yearly grade as assessment told it, with what follows from it beside exit."""

    year: int
    grade: str
    failing: bool
    outstanding: bool
    confirmed_on: date
    effects: list[EffectView] = Field(default_factory=list)


class RanksView(View):
    """The grades of a worker in time, and the yearly results that promotion reads."""

    dossier_id: UUID
    items: list[RankView]
    results: list[ResultView]
