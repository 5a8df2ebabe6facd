"""What goes in and out of a service's approvals over HTTP, and to its hooks."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from kernel.approvals.definition import Office, SignMode, StepKind
from kernel.approvals.model import Action, ActionKind, CaseState, Mark, ObjectionState, SignerState, StepState
from kernel.context import Actor
from kernel.http.schema import Body, View

COMMENT_LENGTH = 2000

Decision = Literal[
    "submit",
    "withdraw",
    "remind",
    "approve",
    "fix",
    "recommend",
    "determine",
    "return",
    "reject",
    "sign",
    "refuse",
    "add_signer",
    "remove_signer",
    "acknowledge",
    "question",
    "reply",
    "guide",
    "claim",
    "release",
    "delegate",
    "recuse",
    "object",
    "handle_objection",
]
"""What somebody may decide: every action but those of the clock."""
Name = Annotated[str, Field(min_length=1, max_length=100)]


class ObjectionView(View):
    """An objection (异议) raised while something is public."""

    id: UUID
    state: ObjectionState


class SignerView(View):
    """An office asked for its signature (会签, 会同)."""

    department: str
    level: str
    state: SignerState
    added: bool = Field(description="Asked by the lead, not by the regulation (加签).")
    acting_unit_id: UUID | None
    unstaffed: str | None


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
    mode: SignMode | None = Field(description="How many signers a countersign needs.")
    signers: list[SignerView]
    claimed_by: UUID | None = Field(description="The user who alone may act while the step is claimed (认领).")
    delegate_id: UUID | None = Field(description="The user to whom the step was delegated (转办).")
    escalated: bool = Field(description="Whether it was told of as overdue.")
    figures: dict[str, int] = Field(description="What a `fix` step set (核定).")
    met: bool | None = Field(description="What a determination found (认定).")
    questioned: bool = Field(description="Whether a filing was questioned and nobody has answered (质询).")


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
    details: dict[str, Any] = Field(description="What the action brought with it: to, marks, figures, attachments …")
    actor_department: str | None
    actor_level: str | None
    acted_at: datetime
    recorded_at: datetime


class MarkBody(Body):
    """A field of the matter that is to be corrected."""

    pointer: str = Field(max_length=200, pattern=r"^(/[^/]+)+$", description="JSON pointer (RFC 6901).")
    message: str = Field(min_length=1, max_length=500)


class OfficeBody(Body):
    """An office: a kind of department at a level above the case's unit."""

    department: Name
    level: Name


class DecisionBody(Body):
    """A decision. `step` is left out for submit, withdraw and remind; `objection` and `upheld` handle one.

    `to` is the earlier step that a return goes back to, the submitter when left out, `marks` the fields found wrong;
    `user_id` to whom a step is delegated, nobody any more when left out; `office` the signer added or removed;
    `figures` what a `fix` step sets; `met` what a determination finds; `attachments` files of the case.
    """

    action: Decision
    step: str | None = Field(default=None, max_length=100)
    comment: str | None = Field(default=None, max_length=COMMENT_LENGTH)
    objection: UUID | None = None
    upheld: bool | None = None
    to: Name | None = None
    marks: list[MarkBody] = Field(default_factory=list, max_length=50)
    user_id: UUID | None = None
    office: OfficeBody | None = None
    figures: dict[Name, Annotated[int, Field(ge=0, le=1_000_000_000)]] = Field(default_factory=dict, max_length=200)
    met: bool | None = None
    attachments: list[UUID] = Field(default_factory=list, max_length=20)

    def as_action(self, actor: Actor) -> Action:
        """The action of the machine that this asks for."""
        return Action(
            self.action,
            actor,
            self.step,
            comment=self.comment,
            objection=self.objection,
            upheld=self.upheld,
            to=self.to,
            user=self.user_id,
            office=Office(self.office.department, self.office.level) if self.office else None,
            figures=self.figures,
            met=self.met,
            marks=tuple(Mark(each.pointer, each.message) for each in self.marks),
            attachments=tuple(self.attachments),
        )


class BulkDecision(DecisionBody):
    """One decision of many."""

    case_id: UUID


class BulkBody(Body):
    """Decisions on several cases; each stands or falls by itself."""

    items: list[BulkDecision] = Field(min_length=1, max_length=500)


class BulkResult(View):
    """What became of one decision: the state of the case, or the problem that refused it."""

    case_id: UUID
    status: int = Field(description="200, or the status of the problem.")
    state: CaseState | None = None
    problem: dict[str, Any] | None = Field(default=None, description="RFC 9457.")


class BulkResults(View):
    """The results in the order of the decisions."""

    items: list[BulkResult]


class CaseFileView(View):
    """A file beside a case (附件)."""

    id: UUID
    name: str | None = Field(description="The sender's name of the file, kept only where the case is about a person.")
    media_type: str
    size: int
    sha256: str
    user_id: UUID | None
    added_at: datetime


class CaseFiles(View):
    """The files beside a case, first added first."""

    items: list[CaseFileView]
