"""What goes in and out of directed recruitment over HTTP."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, StringConstraints

from kernel.http.labels import labelled
from kernel.http.schema import Body, View

DirectedKind = Literal["secretary_to_institution", "outstanding"]
Standing = Literal["met", "needs_judgement", "not_met"]

labelled(
    "roster.directed_kind",
    {
        "secretary_to_institution": ("书记聘用为事业单位工作人员", "secretaries into public institutions"),
        "outstanding": ("面向优秀社区工作者定向招录", "outstanding workers"),
    },
)


class CandidateView(View):
    """A worker with the finding on every condition; `standing` is the weakest of them.

    `preferred`: one of the regulation's grounds of preference is found (SH-18); it admits nobody who fails a condition.
    """

    dossier_id: UUID
    unit_no: int
    full_name: str
    post_title: str
    community_unit_id: UUID
    kind: DirectedKind
    on: date
    standing: Standing
    findings: list[dict[str, Any]]
    preferred: bool
    preferences: list[dict[str, Any]]


class Determined(Body):
    """A determination on a condition that the facts leave open."""

    rule: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_.]*$", max_length=80)]
    outcome: Literal["met", "not_met"]
    reason: Annotated[str, StringConstraints(min_length=4, max_length=500)]


class DeterminationView(View):
    """A determination, who made it and why."""

    id: UUID
    dossier_id: UUID
    rule: str
    outcome: Literal["met", "not_met"]
    reason: str
    determined_by: UUID | None
    determined_at: AwareDatetime
