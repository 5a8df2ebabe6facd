"""What goes in and out of posts and years of service over HTTP."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from kernel.http.labels import labelled
from kernel.http.schema import Body, View

Day = Annotated[date, Field(ge=date(1950, 1, 1), lt=date(2200, 1, 1))]
RoleName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Sentence = Annotated[str, StringConstraints(min_length=2, max_length=200)]
Origin = Literal["hire", "election", "by_election", "history", "transfer"]
Ground = Literal["transfer", "resignation", "retirement", "exit", "term_end", "change"]

labelled(
    "roster.post_origin",
    {
        "hire": ("招聘上岗", "hired"),
        "election": ("选任", "elected"),
        "by_election": ("补选", "elected in a by-election"),
        "history": ("以往任职", "earlier history"),
        "transfer": ("流动", "transferred"),
    },
)
labelled(
    "roster.post_ground",
    {
        "transfer": ("流动", "transfer"),
        "resignation": ("辞职", "resignation"),
        "retirement": ("退休", "retirement"),
        "exit": ("退出", "exit"),
        "term_end": ("任期届满", "end of term"),
        "change": ("岗位变动", "change of post"),
    },
)


class PostView(View):
    """A post held in the half-open period [valid_from, valid_before), null while it is held.

    The term [term_from, term_before) is that of an elected office; the office is held on until a successor is elected.
    """

    id: UUID
    dossier_id: UUID
    person_id: UUID
    community_unit_id: UUID
    community_unit_no: int
    category: str
    relation: str
    role: str
    title: str
    origin: Origin
    valid_from: date
    valid_before: date | None
    term_from: date | None
    term_before: date | None
    left_ground: Ground | None
    findings: list[dict[str, Any]] = Field(
        default_factory=list, description="In the answer of taking the post: what it leaves to see, refusing nothing."
    )


class Elected(Body):
    """The recorded result of an election: this worker holds the post for a term.

    `part_time`: beside another occupation, so no community worker. `by_election`: for a vacancy (SH-7).
    """

    role: RoleName
    term_from: Day
    term_before: Day
    instrument: Sentence = Field(description="The record of the result, as the rules on elections make it.")
    part_time: bool = False
    by_election: bool = False


class Leaving(Body):
    """A post is held no longer from `valid_before` on. Resignation, exit, retirement and transfer are matters of their
    own and bring their own end."""

    valid_before: Day
    ground: Literal["term_end", "change"]
    reason: Sentence


class EmploymentView(View):
    """Earlier full-time work in communities outside this roster."""

    id: UUID
    employer: str
    evidence: str
    valid_from: date
    valid_before: date


class ServiceView(View):
    """Years of service on a day, completed: `cumulative` adds up all time served (NM-23), `current_continuous` runs
    without a gap to that day, `longest_continuous` is the longest such span ever (NM-32)."""

    dossier_id: UUID
    on: date
    cumulative_years: int
    current_continuous_years: int
    longest_continuous_years: int
    gaps: int
    continuous_since: date | None
    full_terms: dict[str, int] = Field(description="Terms served whole, by role.")
    posts: list[PostView]
    employments: list[EmploymentView]
