"""The approval machine (A1–A3): `start` a case, `apply` an action, list what is `allowed`. Pure.

Refusals are typed problems, raised by `checks`: `Forbidden` for a post that is not of the step's office, `WrongState`
where the action does not fit the state (the second of two decisions), `RuleRefused` for deciding one's own matter,
`InvalidInput` for a missing reason. Nothing is changed by a refusal.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from kernel.approvals import checks, signing
from kernel.approvals.acts import AT_STEP, OF_CASE, REASONED
from kernel.approvals.definition import WorkflowDefinition
from kernel.approvals.model import (
    Action,
    ActionKind,
    Case,
    CaseState,
    Objection,
    Record,
    Step,
    StepState,
    Submitter,
    Transition,
)
from kernel.calendar import WorkingCalendar
from kernel.context import Actor
from kernel.errors import ParameterNotSet, Problem, Text
from kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class Allowed:
    """An action that an actor may take now."""

    action: ActionKind
    step: str | None
    comment_required: bool


def start(
    case_id: UUID,
    workflow: WorkflowDefinition,
    *,
    subject_type: str,
    subject_id: UUID,
    actor: Actor,
    today: date,
    calendar: WorkingCalendar,
    subject_user: UUID | None = None,
    subject_person: UUID | None = None,
    comment: str | None = None,
    on_behalf_of: UUID | None = None,
    stands_for: UUID | None = None,
) -> Transition:
    """Open a case by its submission.

    `on_behalf_of`, `stands_for`: the post a substitute submits in, and its holder.

    Raises `ParameterNotSet` when a publicity has no period, neither from the pack nor set for this case:
    silence is never zero days.
    """
    for step in workflow.steps:
        if step.kind == "publicize" and step.period is None:
            raise ParameterNotSet(
                Text(
                    f"公示期限未定：请在方案中写明步骤“{step.id}”的公示天数",
                    f"The days of publicity at step {step.id} are not set: name them in the plan.",
                ),
                article=step.article,
            )
    action = Action("submit", actor, comment=comment, on_behalf_of=on_behalf_of, stands_for=stands_for)
    case = Case(
        id=case_id,
        workflow=workflow,
        subject_type=subject_type,
        subject_id=subject_id,
        submitter=Submitter.of(actor),
        submitters=action.users,
        steps=tuple(Step(definition) for definition in workflow.steps),
        subject_user=subject_user,
        subject_person=subject_person,
    )
    return _advance(case, action, 0, today, calendar)


def apply(case: Case, action: Action, *, today: date, calendar: WorkingCalendar) -> Transition:
    """The case after `action` on the business day `today`; raises a typed refusal instead of doing half."""
    if action.kind in OF_CASE:
        checks.of_case(case, action, today)
        match action.kind:
            case "withdraw":
                return _end(case, action, "withdrawn", None)
            case "remind":
                return _transition(_reminded(case, today), action, None)
            case _:
                return _submit_again(case, action, today, calendar)
    step = checks.step_of(case, action)
    checks.at_step(case, step, action, today)
    match action.kind:
        case "approve" | "recommend" | "acknowledge" | "guide":
            return _finish(case, step, action, today, calendar)
        case "fix":
            return _finish(case, replace(step, figures=dict(action.figures)), action, today, calendar)
        case "determine":
            found = replace(step, met=action.met)
            if action.met:
                return _finish(case, found, action, today, calendar)
            return _end(case.put(found), action, "rejected", found)
        case "return":
            return _return(case, step, action, today, calendar)
        case "reject":
            return _end(case, action, "rejected", step)
        case "sign" | "refuse" | "add_signer" | "remove_signer":
            return _signed(case, step, action, today, calendar)
        case "object":
            objection = Objection(action.objection or new_id(), step.round)
            held = replace(step, objections=(*step.objections, objection))
            return _transition(case.put(held), replace(action, objection=objection.id), step)
        case "handle_objection":
            handled = _handle(step, action)
            if checks.period_over(handled, today) and not handled.held:
                return _finish(case, handled, action, today, calendar)
            return _transition(case.put(handled), action, step)
        case "end_period":
            if step.held:  # ends when the last objection is dismissed
                return _transition(case, action, step)
            return _finish(case, step, action, today, calendar)
        case _:
            return _transition(_shared(case, step, action), action, step)


def allowed(case: Case, actor: Actor, *, today: date, stands_for: UUID | None = None) -> list[Allowed]:
    """What `actor`, standing in for another or not, may do now, in the order of the steps, then of the case."""
    found: list[Allowed] = []
    for step in case.pending:
        for kind in AT_STEP[step.definition.kind]:
            if kind == "handle_objection" and not any(each.state == "open" for each in step.objections):
                continue
            if kind == "remove_signer" and not any(checks.removable(each) for each in step.signers):
                continue
            if _passes(checks.entry, case, step, Action(kind, actor, step.id, stands_for=stands_for), today):
                found.append(Allowed(kind, step.id, kind in REASONED))
    for kind in OF_CASE:
        if _passes(checks.of_case, case, Action(kind, actor), today):
            found.append(Allowed(kind, None, kind in REASONED))
    return found


def _reminded(case: Case, today: date) -> Case:
    for step in case.pending:
        case = case.put(replace(step, reminded_on=today))
    return case


def _shared(case: Case, step: Step, action: Action) -> Case:
    """What moves no case on: how an office shares its work, a question and its answer, the clock's word of lateness."""
    match action.kind:
        case "claim":
            return case.put(replace(step, claimed_by=action.actor.user))
        case "release":
            return case.put(replace(step, claimed_by=None))
        case "delegate":
            return case.put(replace(step, delegate=action.user))
        case "recuse":
            claim = None if step.claimed_by in action.users else step.claimed_by
            aside = (*case.recused, *(user for user in action.users if user not in case.recused))
            return replace(case.put(replace(step, claimed_by=claim)), recused=aside)
        case "question" | "reply":
            return case.put(replace(step, questioned=action.kind == "question"))
        case _:  # escalate
            return case.put(replace(step, escalated=True))


def _return(case: Case, step: Step, action: Action, today: date, calendar: WorkingCalendar) -> Transition:
    if action.to is None:
        back = replace(case.put(replace(step, state="waiting")), state="returned", returned_step=step.id)
        return _transition(back, action, step)
    first = next(index for index, each in enumerate(case.steps) if each.id == action.to)
    for later in case.steps[first:]:
        if later.state != "waiting":
            case = case.put(replace(later, state="waiting"))
    return _advance(case, action, first, today, calendar, step)


def _signed(case: Case, step: Step, action: Action, today: date, calendar: WorkingCalendar) -> Transition:
    match action.kind:
        case "add_signer":
            after = signing.added(step, checks.office_of(action))
        case "remove_signer":
            after = signing.answered(step, checks.added_signer(step, action), "removed")
        case _:
            signer = checks.signer_of(step, action)
            after = signing.answered(step, signer, "signed" if action.kind == "sign" else "refused")
    result = signing.outcome(after) if step.definition.kind == "countersign" else "open"
    if result == "met":
        return _finish(case, after, action, today, calendar)
    if result == "impossible":
        return _end(case.put(after), action, "rejected", after)
    return _transition(case.put(after), action, step)


def _submit_again(case: Case, action: Action, today: date, calendar: WorkingCalendar) -> Transition:
    submitters = (*case.submitters, *(user for user in action.users if user not in case.submitters))
    first = next(index for index, step in enumerate(case.steps) if step.id == case.returned_step)
    again = replace(case, state="open", returned_step=None, submitters=submitters)
    return _advance(again, action, first, today, calendar)


def _finish(case: Case, step: Step, action: Action, today: date, calendar: WorkingCalendar) -> Transition:
    done = case.put(replace(step, state="done"))
    if not step.definition.blocks:  # the case went on, or ended, when this step opened
        return _transition(done, action, step)
    following = next(index for index, each in enumerate(case.steps) if each.id == step.id) + 1
    return _advance(done, action, following, today, calendar, step)


def _advance(
    case: Case, action: Action, index: int, today: date, calendar: WorkingCalendar, at: Step | None = None
) -> Transition:
    """Open the steps from `index` up to the first that blocks; past the last one the case is approved."""
    opened: list[str] = []
    for step in case.steps[index:]:
        definition = step.definition
        case = case.put(
            replace(
                step,
                state="done" if definition.kind == "notify" else "open",
                round=step.round + 1,
                signers=signing.asked(step),
                claimed_by=None,
                delegate=None,
                reminded_on=None,
                escalated=False,
                figures={},
                met=None,
                questioned=False,
                due_on=definition.due.last_day(today, calendar) if definition.due else None,
                ends_on=definition.period.last_day(today, calendar) if definition.period else None,
            )
        )
        opened.append(step.id)
        if definition.blocks:
            return _transition(case, action, at, opened)
    return _transition(replace(case, state="approved"), action, at, opened, ended=True)


def _end(case: Case, action: Action, state: CaseState, at: Step | None) -> Transition:
    """Reject or withdraw: the deciding step is done, what was not done is skipped, open objections lapse."""
    for step in case.steps:
        objections = tuple(replace(each, state="lapsed") if each.state == "open" else each for each in step.objections)
        if step.state != "done":
            step_state: StepState = "done" if at is not None and step.id == at.id else "skipped"
            case = case.put(replace(step, state=step_state, objections=objections))
    return _transition(replace(case, state=state, returned_step=None), action, at, ended=True)


def _handle(step: Step, action: Action) -> Step:
    return replace(
        step,
        objections=tuple(
            # An old objection upheld only now speaks against the matter as it was corrected: it counts anew.
            replace(each, state="upheld" if action.upheld else "dismissed", round=step.round)
            if each.id == action.objection
            else each
            for each in step.objections
        ),
    )


def _transition(
    case: Case, action: Action, at: Step | None, opened: Sequence[str] = (), *, ended: bool = False
) -> Transition:
    record = Record(
        action=action.kind,
        actor=action.actor,
        step=at.id if at else None,
        article=at.definition.article if at else None,
        comment=action.comment,
        state=case.state,
        objection=action.objection,
        upheld=action.upheld,
        on_behalf_of=action.on_behalf_of,
        details=_details(action),
    )
    return Transition(case, record, tuple(opened), ended)


def _details(action: Action) -> dict[str, Any]:
    """What the action brought with it, as JSON values; members that it has no use for are left out."""
    office = action.office
    found: dict[str, Any] = {
        "to": action.to,
        "user": str(action.user) if action.user else None,
        "office": {"department": office.department, "level": office.level} if office else None,
        "figures": dict(action.figures),
        "met": action.met,
        "marks": [{"pointer": each.pointer, "message": each.message} for each in action.marks],
        "attachments": [str(each) for each in action.attachments],
    }
    return {name: value for name, value in found.items() if value is not None and value not in ([], {})}


def _passes(check: Callable[..., None], *args: object) -> bool:
    try:
        check(*args)
    except Problem:
        return False
    return True
