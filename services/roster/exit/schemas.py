"""What goes in and out of exits over HTTP."""

from datetime import date
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from kernel.http.labels import labelled
from kernel.http.schema import Body, View
from services.roster.hearing_forms import ActView, Code, Day, Parts, Words

ExitState = Literal["opened", "reasons_served", "heard", "decided", "procedure_opened", "not_pursued", "tolerated"]
NoticeKind = Literal["none", "days", "pay"]

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
    "roster.exit_notice",
    {"none": ("无需提前通知", "none"), "days": ("提前通知", "days of notice"), "pay": ("代通知金", "pay instead")},
)


class ExitBody(Body):
    """A ground that the township puts forward, with its evidence."""

    dossier_id: UUID
    ground: Code
    evidence: Words = Field(repr=False)


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
    """To end the contract with `last_day`, or not to pursue. For an office no day may be given: it is only opened.

    `statute_ground`: by which ground of the Labour Contract Law, where the regulation's own does not say; compensation
    follows from it.
    """

    outcome: Literal["exit", "not_pursued"]
    last_day: Day | None = None
    notice: NoticeKind = "none"
    statute_ground: Code | None = None
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


class ExitFile(ExitView):
    """The whole case with everything written in it. Each reading by an official is audited."""

    acts: list[ActView]
