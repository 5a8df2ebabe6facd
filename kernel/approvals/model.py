"""A case under way, and what may happen to it (A2, A3, A5).

All values are immutable; `machine` makes the next one. A case carries its whole definition, pinned when it
opens, so that a later version of the pack changes nothing in flight (A6). Days are calendar days in
Asia/Shanghai.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal
from uuid import UUID

from kernel.approvals.definition import Office, StepDefinition, WorkflowDefinition
from kernel.context import Actor

CaseState = Literal["open", "returned", "approved", "rejected", "withdrawn"]
StepState = Literal["waiting", "open", "done", "skipped"]
ObjectionState = Literal["open", "dismissed", "upheld", "lapsed"]
SignerState = Literal["waiting", "open", "signed", "refused", "removed"]
ActionKind = Literal[
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
    "end_period",
    "escalate",
]
"""提交, 撤回, 催办, 同意, 核定, 推荐, 认定, 退回, 不同意, 会签同意, 会签不同意, 加签, 减签, 备案登记, 质询, 答复,
指导, 认领, 取消认领, 转办, 回避, 提出异议, 处理异议, 公示期满, 逾期上报."""

FINAL: frozenset[str] = frozenset({"approved", "rejected", "withdrawn"})


@dataclass(frozen=True, slots=True)
class Submitter:
    """Who submitted, and for which office: its other posts may carry on when the person has left (A6)."""

    user: UUID | None = None
    person: UUID | None = None
    unit_no: int | None = None
    department: str | None = None
    level: str | None = None

    @classmethod
    def of(cls, actor: Actor) -> "Submitter":
        """The submitter that an acting official, person or client is."""
        return cls(actor.user, actor.person, actor.unit_no, actor.department_kind, actor.level)

    @property
    def reachable(self) -> bool:
        """Whether a correction can be asked of anyone at all: what the system itself submitted has nobody."""
        return self.user is not None or self.person is not None or self.unit_no is not None


@dataclass(frozen=True, slots=True)
class Objection:
    """One objection (异议) to what is public; `round` is the opening of its step that it concerns."""

    id: UUID
    round: int
    state: ObjectionState = "open"


@dataclass(frozen=True, slots=True)
class Signer:
    """An office asked for its signature (会签, 会同). `added`: by the lead, not by the regulation (加签).

    `unit_no` and `unstaffed` are as those of a step.
    """

    office: Office
    state: SignerState = "waiting"
    added: bool = False
    unit_no: int | None = None
    unstaffed: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a case. `unit_no` is the acting unit; `unstaffed` says why nobody can act, if so.

    `claimed_by` alone acts while it is claimed (认领); `delegate` acts as well, though of a lower duty (转办);
    `reminded_on` and `escalated` keep a reminder to one a day and an escalation to one a round. `figures` are what a
    `fix` step set, `met` what a determination found, `questioned` a filing whose question is not answered.
    """

    definition: StepDefinition
    state: StepState = "waiting"
    round: int = 0
    due_on: date | None = None
    ends_on: date | None = None
    unit_no: int | None = None
    unstaffed: str | None = None
    objections: tuple[Objection, ...] = ()
    signers: tuple[Signer, ...] = ()
    claimed_by: UUID | None = None
    delegate: UUID | None = None
    reminded_on: date | None = None
    escalated: bool = False
    figures: Mapping[str, int] = field(default_factory=dict)
    met: bool | None = None
    questioned: bool = False

    @property
    def id(self) -> str:
        """The step's id in its definition."""
        return self.definition.id

    @property
    def held(self) -> bool:
        """Whether an objection keeps the period from ending: one not handled, or one upheld in this round."""
        return any(
            objection.state == "open" or (objection.state == "upheld" and objection.round == self.round)
            for objection in self.objections
        )


@dataclass(frozen=True, slots=True)
class Case:
    """One matter on its way through a workflow."""

    id: UUID
    workflow: WorkflowDefinition
    subject_type: str
    subject_id: UUID
    submitter: Submitter
    submitters: tuple[UUID, ...]
    """Users who submitted or submitted again: none of them may decide."""
    steps: tuple[Step, ...]
    state: CaseState = "open"
    returned_step: str | None = None
    subject_user: UUID | None = None
    subject_person: UUID | None = None
    recused: tuple[UUID, ...] = ()
    """Users who stood aside (回避): they decide nothing in this case."""

    def step(self, step_id: str | None) -> Step | None:
        """The step of that id."""
        return next((step for step in self.steps if step.id == step_id), None)

    def put(self, step: Step) -> "Case":
        """The case with that step in place of the one of the same id."""
        return replace(self, steps=tuple(step if old.id == step.id else old for old in self.steps))

    @property
    def pending(self) -> tuple[Step, ...]:
        """Steps at which somebody has to act now; filings and guidance may remain after the approval."""
        return tuple(step for step in self.steps if step.state == "open")


@dataclass(frozen=True, slots=True)
class Mark:
    """A field of the matter that must be corrected: a JSON pointer into it, and what is wrong there."""

    pointer: str
    message: str


@dataclass(frozen=True, slots=True)
class Action:
    """What somebody does; `step` is named unless it concerns the whole case (submit, withdraw, remind).

    `to` is the earlier step that a return goes back to (the submitter when left out); `user` to whom a step is
    delegated (nobody any more when left out); `office` the signer that is added or removed; `figures` what is fixed;
    `met` what a determination finds; `marks` the fields that a return finds wrong; `attachments` files shown with it.
    """

    kind: ActionKind
    actor: Actor
    step: str | None = None
    comment: str | None = None
    objection: UUID | None = None
    upheld: bool | None = None
    to: str | None = None
    user: UUID | None = None
    office: Office | None = None
    figures: Mapping[str, int] = field(default_factory=dict)
    met: bool | None = None
    marks: tuple[Mark, ...] = ()
    attachments: tuple[UUID, ...] = ()
    on_behalf_of: UUID | None = None
    """The post in whose place the actor stands as substitute (代理)."""
    stands_for: UUID | None = None
    """The user who holds that post: recusal (回避) holds for both."""

    @property
    def users(self) -> tuple[UUID, ...]:
        """Who is behind the action: the actor, and whom the actor stands in for."""
        return tuple(user for user in (self.actor.user, self.stands_for) if user is not None)


@dataclass(frozen=True, slots=True)
class Record:
    """One line of the timeline (A5): who did what, under which article, and where the case stood after it.

    `details` holds what the action brought with it beside its comment, as JSON values.
    """

    action: ActionKind
    actor: Actor
    step: str | None
    article: str | None
    comment: str | None
    state: CaseState
    objection: UUID | None = None
    upheld: bool | None = None
    on_behalf_of: UUID | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Transition:
    """What an action leads to: the next case, its record line, the steps it opened, whether the case ended
    by it.

    A filing done after the approval does not end the case a second time.
    """

    case: Case
    record: Record
    opened: tuple[str, ...] = ()
    ended: bool = False
