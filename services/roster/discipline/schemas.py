"""What goes in and out of discipline over HTTP."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from kernel.http.labels import labelled
from kernel.http.schema import Body, View
from services.roster.hearing_forms import ActView, Code, Parts, Words

DisciplineState = Literal["opened", "reasons_served", "heard", "decided", "not_pursued", "tolerated", "reviewed"]

labelled(
    "roster.discipline_state",
    {
        "opened": ("已受理", "opened"),
        "reasons_served": ("已告知事实和理由", "reasons served"),
        "heard": ("已听取陈述申辩", "answer heard"),
        "decided": ("已作出处理处分", "decided"),
        "not_pursued": ("不予处理", "not pursued"),
        "tolerated": ("容错成立，终止办理", "closed by tolerance"),
        "reviewed": ("申诉已复核", "reviewed on appeal"),
    },
)


class CaseOpening(Body):
    """A breach of the regulation's list, with what shows it."""

    dossier_id: UUID
    breach: Code
    evidence: Words = Field(repr=False)


class BreachFinding(Body):
    """What a named official finds: each part of the breach, with the reason."""

    parts: Parts
    reason: Words = Field(repr=False)


class CaseDecision(Body):
    """How grave it is and what follows, by which document; or that it is not pursued, with neither."""

    outcome: Literal["effect", "not_pursued"]
    severity: Code | None = None
    effect: Code | None = None
    document: Annotated[str, StringConstraints(min_length=2, max_length=200)] | None = None
    reason: Words = Field(repr=False)


class AppealReview(Body):
    """What somebody who did not decide finds on the worker's appeal: upheld, the effect falls."""

    upheld: bool
    reason: Words = Field(repr=False)


class DisciplineView(View):
    """A case, without what was written in it."""

    id: UUID
    dossier_id: UUID
    person_id: UUID
    breach: str
    state: DisciplineState
    claim_open: bool
    severity: str | None
    effect: str | None
    opened_on: date
    decided_on: date | None
    version: int


class DisciplineFile(DisciplineView):
    """The whole case with everything written in it. Each reading by an official is audited."""

    acts: list[ActView]
