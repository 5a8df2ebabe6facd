"""Sizes of communities over HTTP."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from kernel.http.labels import labelled
from kernel.http.schema import Body, View

Day = Annotated[date, Field(ge=date(2000, 1, 1), lt=date(2200, 1, 1))]
Line = Annotated[str, StringConstraints(min_length=1, max_length=300)]
Number = Annotated[int, Field(ge=0, le=10_000_000)]
SizeState = Literal["open", "in_force", "rejected", "withdrawn"]

labelled(
    "approval.fact.headcount_households",
    {
        "unit_id": ("社区", "Community"),
        "households": ("户数", "Households"),
        "posts": ("职数", "Posts"),
    },
)


class PostsSpanView(View):
    """Numbers from `least` to `most`, both included."""

    least: int
    most: int


class NormView(View):
    """What the norm says of a size: the numbers it allows, and those it proposes.

    Where two brackets name the same size `allowed` is both together and `proposed` what they share; `proposed` null:
    they share nothing, and a human chooses.
    """

    size: int
    measure: str
    on: date
    allowed: list[PostsSpanView]
    proposed: PostsSpanView | None
    article: str | None
    words: str | None


class SizeBody(Body):
    """The households of a community right below the acting post's unit, counted on a day, with the document.

    `posts`: the number chosen from `valid_from` on; without it every number that the norm allows will do. A number
    outside asks for a `reason`, since the norm is one in principle (原则上).
    """

    unit_id: UUID
    households: Number
    population: Number | None = None
    counted_on: Day
    source: Line
    valid_from: Day
    posts: Annotated[int, Field(ge=0, le=10_000)] | None = None
    reason: Annotated[str, StringConstraints(min_length=2, max_length=1000)] | None = None


class SizeView(View):
    """A size as recorded, with what the norm allows and proposes for it.

    `review_on`: the day on which the number is due for review, where the regulation has it reviewed from time to time.
    """

    id: UUID
    unit_id: UUID
    unit_no: int
    households: int
    population: int | None
    counted_on: date
    source: str
    valid_from: date
    allowed: list[PostsSpanView]
    proposed: PostsSpanView | None
    posts: int | None
    reason: str | None
    review_on: date | None
    findings: list[dict[str, Any]]
    state: SizeState
    case_id: UUID | None
    version: int
