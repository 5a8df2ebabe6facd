"""What goes in and out of a service's approvals over HTTP, and to its hooks."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from kernel.approvals.definition import StepKind
from kernel.approvals.model import ActionKind, CaseState, ObjectionState, StepState
from kernel.http.schema import Body, View

COMMENT_LENGTH = 2000

Decision = Literal[
    "submit", "withdraw", "approve", "return", "reject", "acknowledge", "guide", "object", "handle_objection"
]


class ObjectionView(View):
    """An objection (异议) raised while something is public."""

    id: UUID
    state: ObjectionState


class StepView(View):
    """A step of a case, with the office that acts and the article it rests on."""

    step: str
    kind: StepKind
    department: str
    level: str
    state: StepState
    blocks: bool
    round: int = Field(description="How many times the step was opened.")
    article: str | None
    words: str | None
    due_on: date | None
    ends_on: date | None = Field(description="Last day of a publicity (公示), included.")
    acting_unit_id: UUID | None
    unstaffed: str | None = Field(description="Why no post can act here, if none can.")
    objections: list[ObjectionView]


class CaseView(View):
    """A case with all its steps."""

    id: UUID
    workflow: str
    subject_type: str
    subject_id: UUID
    subject_unit_id: UUID
    state: CaseState
    returned_step: str | None
    submitter_user_id: UUID | None
    pack_id: str
    pack_version: str
    facts: dict[str, Any]
    opened_at: datetime
    decided_at: datetime | None
    version: int
    steps: list[StepView]


class CaseLine(View):
    """A case in a list."""

    id: UUID
    workflow: str
    subject_type: str
    subject_id: UUID
    subject_unit_id: UUID
    state: CaseState
    opened_at: datetime
    decided_at: datetime | None


class AllowedAction(View):
    """An action that the acting post may take now."""

    action: ActionKind
    step: str | None
    comment_required: bool


class AllowedActions(View):
    """All that the acting post may do with the case now; empty when nothing."""

    items: list[AllowedAction]


class RecordLine(View):
    """A line of the timeline: who acted in which post, under which article, and the state it led to."""

    number: int
    action: ActionKind
    step: str | None
    article: str | None
    comment: str | None
    state: CaseState
    objection_id: UUID | None
    upheld: bool | None
    actor_kind: str
    user_id: UUID | None
    post_id: UUID | None
    on_behalf_of: UUID | None
    actor_department: str | None
    actor_level: str | None
    acted_at: datetime
    recorded_at: datetime


class DecisionBody(Body):
    """A decision. `step` is left out for submit and withdraw; `objection` and `upheld` handle one."""

    action: Decision
    step: str | None = Field(default=None, max_length=100)
    comment: str | None = Field(default=None, max_length=COMMENT_LENGTH)
    objection: UUID | None = None
    upheld: bool | None = None
