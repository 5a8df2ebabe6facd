"""What cases against a worker ask and show over HTTP alike: serving, answer, appeal, tolerance of error."""

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from kernel.errors import Text
from kernel.http.labels import labelled
from kernel.http.schema import Body, View

ServedTo = Literal["worker", "adult_family", "agent", "by_post"]
Day = Annotated[date, Field(ge=date(2000, 1, 1), lt=date(2200, 1, 1))]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Words = Annotated[str, StringConstraints(min_length=4, max_length=4000)]
Parts = Annotated[dict[Code, bool], Field(min_length=1, max_length=10)]

labelled(
    "roster.exit_served_to",
    {
        "worker": ("本人", "the worker"),
        "adult_family": ("同住成年家属", "an adult of the household"),
        "agent": ("代理人", "an agent"),
        "by_post": ("邮寄", "by post"),
    },
)


class Serving(Body):
    """The reasons were served on the worker in writing."""

    served_on: Day
    served_to: ServedTo
    reasons: Words = Field(repr=False)


class OwnAnswer(Body):
    """One's answer to the reasons, or that one waives it."""

    statement: Words | None = Field(default=None, repr=False)
    waived: bool = False

    @model_validator(mode="after")
    def is_one_of_the_two(self) -> Self:
        """A statement or a waiver."""
        if self.waived == (self.statement is not None):
            text = Text("应提交陈述，或者声明放弃", "give a statement, or waive it")
            raise PydanticCustomError("answer", "{text}", {"text": text})
        return self


class Answer(OwnAnswer):
    """The answer as the township heard it."""

    heard_on: Day


class Statement(Body):
    """An appeal against the decision, or a claim of tolerance."""

    statement: Words = Field(repr=False)


class ToleranceFinding(Body):
    """What the organ found on a claim: each of the four parts, with the reason."""

    organ: Annotated[str, StringConstraints(min_length=2, max_length=100)]
    parts: Parts
    reason: Words = Field(repr=False)


class ActView(View):
    """One act with its words."""

    kind: str
    done_on: date
    facts: dict[str, Any]
    words: str | None
