"""What goes in and out of grading over HTTP."""

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from kernel.http.labels import labelled
from kernel.http.schema import Body, View
from services.assessment.method import Word

labelled(
    "approval.fact.assessment_result",
    {
        "publicity_days": ("公示天数", "Days of publicity"),
        "publicity_unit": ("公示天数的单位", "Unit of those days"),
    },
)


class Advance(Body):
    """Close the stage that is named and begin the next; naming it keeps two people from closing two."""

    stage: str = Field(max_length=60)


class StandingLine(View):
    """How one person stands: parts, composite, the grades whose bounds hold it, and the grade they come to."""

    result_id: UUID
    unit_no: int
    person_id: UUID
    parts: dict[str, Decimal]
    missing: list[str] = Field(description="Components without a score.")
    composite: Decimal | None
    eligible: list[str] = Field(description="Grades whose bounds hold the composite, the best first.")
    grade: str | None
    capped: bool = Field(description="Left out of the top grade by its cap.")


class StandingView(View):
    """How everybody stands, and how many may have the top grade: floor(pool x cap / 10,000)."""

    items: list[StandingLine]
    pool: int
    cap: int | None
    cap_article: str | None
    places: int | None


class Choice(Body):
    """Another grade than the bounds come to, where they hold it too, with the reason."""

    result_id: UUID
    grade: Word
    reason: Annotated[str, StringConstraints(min_length=4, max_length=500)]


class Confirmation(Body):
    """Confirm the grades of the cycle. Who is not named has the grade that score, bounds and cap come to."""

    choices: list[Choice] = Field(default_factory=list, max_length=5000)
