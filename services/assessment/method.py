"""The method of a yearly assessment (考核办法, NM-28, SH-21, 22) as every feature of this service reads it.

`Terms` is what the unit that runs the assessment sets; `Method` is that with the stages and bounds of the regulation,
frozen into a cycle when it is opened, so that a later method or pack never changes an assessment under way.
"""

from collections.abc import Sequence
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, localcontext
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from kernel.http.schema import Body, View

PROCEDURE = "assessment"
"""The pack's procedure of the yearly assessment."""
SELF, SCORING, SURVEY, CONFIRMATION = "self_assessment", "scoring", "survey", "confirmation"
"""Kinds of stages that this service runs."""
PUBLICITY, FILING = "publicity", "filing"
"""Kinds that are steps of an approval case, which opens when grades are confirmed."""
WHOLE = 10_000
"""Basis points of the whole."""

Word = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=60)]
Points = Annotated[Decimal, Field(ge=0, le=1000, max_digits=7, decimal_places=2)]
"""A score or a bound of scores, in points."""


class Component(Body):
    """A part of the assessment: its weight in basis points, and the stage in which it is scored."""

    code: Word
    label: Name
    weight: int = Field(ge=1, le=WHOLE)
    stage: Word


class Grade(Body):
    """A grade (等次) for scores from `from_score` (included) up to `before_score` (not included; none: to the top)."""

    code: Word
    label: Name
    from_score: Points
    before_score: Points | None = None
    failing: bool = False
    outstanding: bool = False


class Rounding(Body):
    """How a score is rounded: decimal places, and the way."""

    places: int = Field(default=2, ge=0, le=6)
    mode: Literal["half_up", "half_even", "down"] = "half_up"


class Participation(Body):
    """Who takes part: so many completed months in post in the year, of these categories (none named: all)."""

    months_at_least: int = Field(ge=0, le=12)
    categories: list[Word] = Field(default_factory=list, max_length=20)
    in_post: bool = Field(default=True, description="Only who is in post on the cycle's reference day.")


class Terms(Body):
    """What the method sets. Grades stand from the best to the worst; stages in the order of the regulation."""

    components: list[Component] = Field(min_length=1, max_length=30)
    grades: list[Grade] = Field(min_length=2, max_length=10)
    stages: list[Word] = Field(min_length=1, max_length=20)
    full_score: Points = Decimal(100)
    rounding: Rounding = Rounding()
    participation: Participation
    survey_minimum: int = Field(ge=1, le=100_000, description="Least answers in a community for its score to stand.")
    outstanding_cap: int | None = Field(default=None, ge=0, le=WHOLE, description="In basis points; null: none.")
    appeal_days: int = Field(ge=0, le=60, description="Days in which a grade can be appealed; 0: it is final at once.")
    publicity_days: int | None = Field(default=None, ge=1, le=60)
    publicity_unit: Literal["working", "calendar"] | None = None


class StageOffice(View):
    """A department at a level that acts in a stage."""

    department: str
    level: str


class Stage(View):
    """A stage as the regulation has it."""

    id: str
    kind: str
    label_zh: str
    label_en: str
    article: str | None
    by: list[StageOffice]


class Method(View):
    """The terms of a cycle with the regulation's stages and the cap that binds it."""

    terms: Terms
    stages: list[Stage]
    article: str | None
    cap: int | None
    cap_article: str | None
    least: int | None = None
    """Least score in `least_components`, in basis points of the full score: below it the grade is a failed one."""
    least_components: list[str] = Field(default_factory=list)
    least_article: str | None = None

    def stage(self, stage_id: str) -> Stage:
        """The stage of that id."""
        return next(stage for stage in self.stages if stage.id == stage_id)

    def of_kind(self, kind: str) -> list[Stage]:
        """The stages of that kind in their order."""
        return [stage for stage in self.stages if stage.kind == kind]

    def components_of(self, stages: Sequence[Stage]) -> list[Component]:
        """The components that are scored in those stages."""
        ids = {stage.id for stage in stages}
        return [component for component in self.terms.components if component.stage in ids]

    def grade(self, code: str) -> Grade | None:
        """The grade of that code, if the method has it."""
        return next((grade for grade in self.terms.grades if grade.code == code), None)


_MODES = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN, "down": ROUND_DOWN}


def rounded_ratio(dividend: Decimal, divisor: int, rounding: Rounding) -> Decimal:
    """`dividend / divisor` rounded once, as if it had been exact: both are scaled to whole numbers first."""
    sign, digits, exponent = dividend.as_tuple()
    if not isinstance(exponent, int) or sign or divisor <= 0:
        raise ValueError("only finite figures from zero on can be divided by a whole number from one on")
    whole = int("".join(map(str, digits)))
    shift = exponent + rounding.places
    above, below = (whole * 10**shift, divisor) if shift >= 0 else (whole, divisor * 10**-shift)
    quotient, rest = divmod(above, below)
    # Beyond the half, at it, or under it is all that the way of rounding needs to know.
    tail = Decimal((0, (5,), -1)) if 2 * rest == below else Decimal((0, (7 if 2 * rest > below else 2,), -1))
    exact = Decimal(quotient) + (tail if rest else Decimal(0))
    with localcontext(prec=60):
        return exact.quantize(Decimal(1), rounding=_MODES[rounding.mode]).scaleb(-rounding.places)
