"""The events of approval cases, published by whichever service decides (the deciding service is the truth).

Each tells where the case stands after it, so that a worklist needs no other. Ids and days are text;
comments stay in the service.
"""

from typing import ClassVar

from msgspec import field

from kernel.events.event import Event

AGGREGATE = "approval_case"


class ApprovalCaseOpened(Event, frozen=True, kw_only=True):
    """A case was submitted; `submitter_*` is None where the system did it."""

    aggregate: ClassVar[str] = AGGREGATE
    name: ClassVar[str] = "opened"
    v: ClassVar[int] = 1

    workflow: str
    subject_type: str
    subject_id: str
    subject_unit_id: str
    unit_no: int
    pack_id: str
    pack_version: str
    state: str
    submitter_user_id: str | None = None
    submitter_post_id: str | None = None


class ApprovalStepOpened(Event, frozen=True, kw_only=True):
    """Somebody has to act. `unstaffed` says why nobody can, for the administrator of the tenant.

    `barred_user_ids` may not act here: who submitted the case or is its subject.
    """

    aggregate: ClassVar[str] = AGGREGATE
    name: ClassVar[str] = "step_opened"
    v: ClassVar[int] = 1

    step: str
    round: int
    kind: str
    blocks: bool
    department: str
    level: str
    duties: list[str]
    acting_unit_id: str | None
    acting_unit_no: int | None
    barred_user_ids: list[str]
    due_on: str | None = None
    ends_on: str | None = None
    article: str | None = None
    unstaffed: str | None = None


class ApprovalSignatureAsked(Event, frozen=True, kw_only=True):
    """An office is asked for its signature at a step (会签, 会同)."""

    aggregate: ClassVar[str] = AGGREGATE
    name: ClassVar[str] = "signature_asked"
    v: ClassVar[int] = 1

    step: str
    round: int
    kind: str
    department: str
    level: str
    duties: list[str]
    acting_unit_id: str | None
    barred_user_ids: list[str]
    due_on: str | None = None
    article: str | None = None
    unstaffed: str | None = None


class ApprovalCaseDecided(Event, frozen=True, kw_only=True):
    """Somebody acted on the case after it was opened; `open_steps` are those still to be acted on."""

    aggregate: ClassVar[str] = AGGREGATE
    name: ClassVar[str] = "decided"
    v: ClassVar[int] = 1

    action: str
    step: str | None
    state: str
    open_steps: list[str]
    workflow: str
    subject_type: str
    subject_id: str
    actor_kind: str
    user_id: str | None = None
    post_id: str | None = None
    on_behalf_of: str | None = None
    """The post whose holder a substitute acted for."""
    open_signers: list[str] = field(default_factory=list)
    """`step/department@level` of each signature still waited for."""
    claimed: list[str] = field(default_factory=list)
    """`step/user` of each open step that somebody has claimed."""
    delegated: list[str] = field(default_factory=list)
    """`step/user` of each open step that was delegated."""
    barred_user_ids: list[str] = field(default_factory=list)
    """Who may not act in the case."""
