"""Which office acts at a step, and whether an actor may (A1, A3, A6).

The office is named relative to the subject's unit and found when the step opens. At the decision the
actor's own post is looked at again, so a departed approver, a new one or a reorganised department never
holds a case up.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from kernel.approvals.definition import Office, StepKind
from kernel.approvals.model import Case, Signer, Step
from kernel.context import Actor

Unstaffed = Literal["no_unit", "no_post", "on_leave", "only_barred"]
"""No unit of that level above the subject; no post with the duty; all who hold one on leave and nobody in their stead;
nobody there but those who may not decide."""

DUTIES: Mapping[StepKind, frozenset[str]] = {
    "approve": frozenset({"approver"}),
    "review": frozenset({"approver"}),
    "fix": frozenset({"approver"}),
    "joint": frozenset({"approver"}),
    "countersign": frozenset({"approver"}),
    "recommend": frozenset({"approver"}),
    "determine": frozenset({"approver"}),
    "file": frozenset({"handler", "approver"}),
    "guide": frozenset({"handler", "approver"}),
    "publicize": frozenset({"handler", "approver"}),
    "notify": frozenset({"handler", "approver", "viewer"}),
}
"""Duties (岗位职责) that act at a step: handlers (经办) too register a filing, guide or run a publicity; everybody of
an office hears of a notice."""
WORKING: frozenset[str] = frozenset({"handler", "approver"})
"""Duties to which a step may be delegated (转办)."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A post in force in the office that acts, who holds it, whether they are away, and who stands in (代理)."""

    post: UUID
    user: UUID | None
    duty: str
    away: bool = False
    substitute: UUID | None = None

    @property
    def acting(self) -> tuple[frozenset[UUID | None], ...]:
        """For each who can act in the post the users for whom recusal is asked: a substitute's are two."""
        holder = () if self.away else (frozenset((self.user,)),)
        return holder if self.substitute is None else (*holder, frozenset((self.user, self.substitute)))


@dataclass(frozen=True, slots=True)
class Seat:
    """Where a step is decided: the acting unit's number, and why nobody is there, if so."""

    unit_no: int | None
    unstaffed: Unstaffed | None


def seat(kind: StepKind, unit_no: int | None, holders: Sequence[Holder], barred: Collection[UUID]) -> Seat:
    """Find the seat of an office at a step of that kind.

    `unit_no` is the unit of the office's level that is the subject's unit or stands above it, None when there
    is none; `holders` are the posts of the office's department kind in it; `barred` the users who may not
    decide.
    """
    if unit_no is None:
        return Seat(None, "no_unit")
    able = [holder for holder in holders if holder.duty in DUTIES[kind]]
    if not able:
        return Seat(unit_no, "no_post")
    acting = [users for holder in able for users in holder.acting]
    if not acting:
        return Seat(unit_no, "on_leave")
    if not any(users.isdisjoint(barred) for users in acting):
        return Seat(unit_no, "only_barred")
    return Seat(unit_no, None)


def barred_users(case: Case) -> frozenset[UUID]:
    """Users who may not decide the case: who submitted it, whom it concerns, who stood aside."""
    return frozenset((*case.submitters, *case.recused)) | ({case.subject_user} if case.subject_user else frozenset())


def is_self(case: Case, actor: Actor, stands_for: UUID | None = None) -> bool:
    """Whether the actor, or whom they stand in for, would decide on what they submitted or are the subject of."""
    return bool(barred_users(case) & {actor.user, stands_for}) or (
        actor.person is not None and actor.person in (case.subject_person, case.submitter.person)
    )


def may_act(step: Step, actor: Actor) -> bool:
    """Whether the acting post belongs to the office of `step` and has a duty that decides there."""
    return _sits(step.definition.by, step.unit_no, actor) and actor.duty in DUTIES[step.definition.kind]


def is_delegate(step: Step, actor: Actor) -> bool:
    """Whether the step was delegated to the actor, who still works in its office."""
    return (
        step.delegate is not None
        and actor.user == step.delegate
        and _sits(step.definition.by, step.unit_no, actor)
        and actor.duty in WORKING
    )


def signer_of(step: Step, actor: Actor) -> Signer | None:
    """The signer for whose office the acting post may answer."""
    if actor.duty not in DUTIES[step.definition.kind]:
        return None
    return next(
        (each for each in step.signers if each.state != "removed" and _sits(each.office, each.unit_no, actor)), None
    )


def _sits(office: Office, unit_no: int | None, actor: Actor) -> bool:
    return (
        actor.kind == "official"
        and unit_no is not None
        and (actor.unit_no, actor.department_kind, actor.level) == (unit_no, office.department, office.level)
    )


def may_correct(case: Case, actor: Actor) -> bool:
    """Whether the actor may submit again or withdraw: the submitter or a post of the submitting office."""
    submitter = case.submitter
    if actor.user is not None and actor.user in case.submitters:
        return True
    if actor.person is not None and actor.person == submitter.person:
        return True
    return (
        actor.kind == "official"
        and submitter.unit_no is not None
        and (actor.unit_no, actor.department_kind, actor.level)
        == (submitter.unit_no, submitter.department, submitter.level)
        and actor.duty in ("handler", "approver")
    )
