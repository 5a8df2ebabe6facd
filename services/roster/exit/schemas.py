"""What goes in and out of exits over HTTP."""

from datetime import date
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from kernel.errors import Text
from kernel.http.labels import labelled
from kernel.http.schema import Body, View

ExitState = Literal["opened", "reasons_served", "heard", "decided", "procedure_opened", "not_pursued", "tolerated"]
ServedTo = Literal["worker", "adult_family", "agent", "by_post"]
NoticeKind = Literal["none", "days", "pay"]
Day = Annotated[date, Field(ge=date(2000, 1, 1), lt=date(2200, 1, 1))]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Words = Annotated[str, StringConstraints(min_length=4, max_length=4000)]
Parts = Annotated[dict[Code, bool], Field(min_length=1, max_length=10)]

labelled(
    "roster.exit_state",
    {
        "opened": ("已提出", "opened"),
        "reasons_served": ("已送达理由", "reasons served"),
        "heard": ("已听取陈述", "answer heard"),
        "decided": ("已决定解除劳动合同", "the contract is to end"),
        "procedure_opened": ("已启动罢免、免职程序", "recall or removal opened"),
        "not_pursued": ("不予退出", "not pursued"),
        "tolerated": ("容错成立，终止办理", "closed by tolerance"),
    },
)
labelled(
    "roster.exit_served_to",
    {
        "worker": ("本人", "the worker"),
        "adult_family": ("同住成年家属", "an adult of the household"),
        "agent": ("代理人", "an agent"),
        "by_post": ("邮寄", "by post"),
    },
)
labelled(
    "roster.exit_notice",
    {"none": ("无需提前通知", "none"), "days": ("提前通知", "days of notice"), "pay": ("代通知金", "pay instead")},
)


class ExitBody(Body):
    """A ground that the township puts forward, with its evidence."""

    dossier_id: UUID
    ground: Code
    evidence: Words = Field(repr=False)


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


class GroundFinding(Body):
    """What a named official finds: each part of the ground, with the reason."""

    parts: Parts
    reason: Words = Field(repr=False)


class FitnessBody(Body):
    """After two failed years: the training or transfer that was given, and whether the worker is still unfit."""

    measure: Literal["training", "transfer"]
    began_on: Day
    ended_on: Day
    still_unfit: bool
    reason: Words = Field(repr=False)


class Decision(Body):
    """To end the contract with `last_day`, or not to pursue. For an office no day may be given: it is only opened."""

    outcome: Literal["exit", "not_pursued"]
    last_day: Day | None = None
    notice: NoticeKind = "none"
    reason: Words = Field(repr=False)


class Statement(Body):
    """An appeal against the decision, or a claim of tolerance."""

    statement: Words = Field(repr=False)


class ToleranceFinding(Body):
    """What the organ found on a claim: each of the four parts, with the reason."""

    organ: Annotated[str, StringConstraints(min_length=2, max_length=100)]
    parts: Parts
    reason: Words = Field(repr=False)


class ExitView(View):
    """A case, without what was written in it."""

    id: UUID
    dossier_id: UUID
    person_id: UUID
    ground: str
    relation: str
    facts: dict[str, Any]
    state: ExitState
    claim_open: bool
    opened_on: date
    last_day: date | None
    end: Literal["waiting", "done", "cancelled", "void"] | None
    version: int


class ActView(View):
    """One act with its words."""

    kind: str
    done_on: date
    facts: dict[str, Any]
    words: str | None


class ExitFile(ExitView):
    """The whole case with everything written in it. Each reading by an official is audited."""

    acts: list[ActView]
