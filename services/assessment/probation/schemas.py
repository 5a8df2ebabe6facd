"""What goes in and out of assessments of probation over HTTP."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from kernel.http.labels import labelled
from kernel.http.schema import Body, View

ProbationState = Literal["waiting", "due", "passed", "failed", "lapsed"]

labelled(
    "assessment.probation_state",
    {
        "waiting": ("试用期内", "in probation"),
        "due": ("待考核", "due"),
        "passed": ("合格", "passed"),
        "failed": ("不合格", "failed"),
        "lapsed": ("期满未作结论", "ended undecided"),
    },
)


class ProbationDecision(Body):
    """What the assessment comes to, why, and on what evidence; the post that decides stands beside it."""

    passed: bool
    reason: Annotated[str, StringConstraints(min_length=4, max_length=2000)]
    evidence: Annotated[str, StringConstraints(min_length=4, max_length=2000)]


class ProbationNews(Body):
    """A probation, as the signed contract tells it; checked before it becomes a row."""

    id: UUID
    dossier_id: UUID
    person_id: UUID
    unit_no: int
    last_day: date
    due_on: date


class ProbationView(View):
    """A probation and its assessment. `id` is the contract's."""

    id: UUID
    dossier_id: UUID
    person_id: UUID
    unit_no: int
    last_day: date = Field(description="Last day of the probation, included: until then it can be decided.")
    due_on: date
    state: ProbationState
    reason: str | None
    evidence: str | None
    decided_on: date | None
    decided_at: datetime | None
    decided_by_user: UUID | None
    decided_by_post: UUID | None
    version: int
