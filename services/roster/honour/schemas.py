"""What goes in and out of growth and honours over HTTP."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from kernel.http.labels import labelled
from kernel.http.schema import Body, View

Measure = Literal["party_development", "deputies", "awards"]
HonourState = Literal["proposed", "submitted", "approved", "rejected", "withdrawn", "granted", "not_granted"]
Word = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Sentence = Annotated[str, StringConstraints(min_length=4, max_length=500)]
Name = Annotated[str, StringConstraints(min_length=2, max_length=200)]
Day = Annotated[date, Field(ge=date(2000, 1, 1), lt=date(2200, 1, 1))]

labelled(
    "roster.honour_measure",
    {
        "party_development": ("发展党员", "Party development"),
        "deputies": ("推荐代表委员", "deputies and delegates"),
        "awards": ("表彰奖励", "commendations and awards"),
    },
)
labelled(
    "roster.honour_state",
    {
        "proposed": ("已提名", "put forward"),
        "submitted": ("待批", "submitted"),
        "approved": ("已同意推荐", "recommended"),
        "rejected": ("未同意", "rejected"),
        "withdrawn": ("已撤回", "withdrawn"),
        "granted": ("已授予（当选）", "granted"),
        "not_granted": ("未授予（未当选）", "not granted"),
    },
)


class HonourProposal(Body):
    """Whom to put forward for what. `title` names a kind that the text leaves open, and only such a one."""

    dossier_id: UUID
    measure: Measure
    kind: Word = Field(description="An item of the regulation's list, or `other` where the list is open.")
    title: Name | None = None
    reason: Sentence
    evidence: Sentence = Field(description="The documents that show it.")


class HonourDetermination(Body):
    """What a named official determines on a condition that facts leave open."""

    rule: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_.]*$", max_length=80)]
    outcome: Literal["met", "not_met"]
    reason: Sentence


class HonourOutcome(Body):
    """What the organ that decides in the end decided, and by which document."""

    granted: bool
    organ: Name
    decided_on: Day
    document: Name


class HonourView(View):
    """A worker put forward, with the finding on every condition."""

    id: UUID
    dossier_id: UUID
    unit_no: int
    measure: Measure
    kind: str
    title: str | None
    label: dict[str, str]
    reason: str
    evidence: str
    state: HonourState
    case_id: UUID | None
    proposed_on: date
    organ: str | None
    decided_on: date | None
    document: str | None
    findings: list[dict[str, Any]]
    version: int
