"""The approval machine (A1–A3): `start` a case, `apply` an action, list what is `allowed`. Pure.

Refusals are typed problems: `Forbidden` for a post that is not of the step's office, `WrongState` where the
action does not fit the state (the second of two decisions), `RuleRefused` for deciding one's own matter,
`InvalidInput` for a missing reason. Nothing is changed by a refusal.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from kernel.approvals import resolve
from kernel.approvals.definition import StepKind, WorkflowDefinition
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
from kernel.errors import (
    FieldError,
    Forbidden,
    InvalidInput,
    ParameterNotSet,
    Problem,
    RuleRefused,
    Text,
    WrongState,
)
from kernel.ids import new_id

AT_STEP: dict[StepKind, tuple[ActionKind, ...]] = {
    "approve": ("approve", "return", "reject"),
    "review": ("approve", "return", "reject"),
    "file": ("acknowledge",),
    "guide": ("guide",),
    "publicize": ("object", "handle_objection", "return", "reject", "end_period"),
}
"""What may happen at an open step, by its kind."""

OF_CASE: tuple[ActionKind, ...] = ("submit", "withdraw")
STATE_LABELS: dict[str, tuple[str, str]] = {
    "open": ("办理中", "Under way"),
    "returned": ("已退回", "Returned"),
    "approved": ("已通过", "Approved"),
    "rejected": ("未通过", "Rejected"),
    "withdrawn": ("已撤回", "Withdrawn"),
}
ACTION_LABELS: dict[str, tuple[str, str]] = {
    "submit": ("提交", "Submit"),
    "withdraw": ("撤回", "Withdraw"),
    "approve": ("同意", "Approve"),
    "return": ("退回修改", "Return for correction"),
    "reject": ("不同意", "Reject"),
    "acknowledge": ("备案登记", "Register the filing"),
    "guide": ("记录指导意见", "Record the guidance"),
    "object": ("提出异议", "Object"),
    "handle_objection": ("处理异议", "Handle an objection"),
    "end_period": ("公示期满", "End of publicity"),
}
REASONED: frozenset[ActionKind] = frozenset({"return", "reject", "guide", "object", "handle_objection"})
"""Actions that need a comment: somebody else must be able to answer or follow them."""


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
        _check_of_case(case, action)
        if action.kind == "withdraw":
            return _end(case, action, "withdrawn", None)
        return _submit_again(case, action, today, calendar)
    step = _step_of(case, action)
    _check_at_step(case, step, action, today)
    match action.kind:
        case "approve" | "acknowledge" | "guide":
            return _finish(case, step, action, today, calendar)
        case "return":
            back = replace(case.put(replace(step, state="waiting")), state="returned", returned_step=step.id)
            return _transition(back, action, step)
        case "reject":
            return _end(case, action, "rejected", step)
        case "object":
            objection = Objection(action.objection or new_id(), step.round)
            held = replace(step, objections=(*step.objections, objection))
            return _transition(case.put(held), replace(action, objection=objection.id), step)
        case "handle_objection":
            handled = _handle(step, action)
            if _period_over(handled, today) and not handled.held:
                return _finish(case, handled, action, today, calendar)
            return _transition(case.put(handled), action, step)
        case _:  # end_period
            if step.held:  # ends when the last objection is dismissed
                return _transition(case, action, step)
            return _finish(case, step, action, today, calendar)


def allowed(case: Case, actor: Actor, *, today: date, stands_for: UUID | None = None) -> list[Allowed]:
    """What `actor`, standing in for another or not, may do now, in the order of the steps, then of the case."""
    found: list[Allowed] = []
    for step in case.pending:
        for kind in AT_STEP[step.definition.kind]:
            if kind == "handle_objection" and not any(each.state == "open" for each in step.objections):
                continue
            if _passes(_check_entry, case, step, Action(kind, actor, step.id, stands_for=stands_for), today):
                found.append(Allowed(kind, step.id, kind in REASONED))
    for kind in OF_CASE:
        if _passes(_check_of_case, case, Action(kind, actor)):
            found.append(Allowed(kind, None, kind in REASONED))
    return found


def _check_of_case(case: Case, action: Action) -> None:
    # The system itself ends a case whose matter has come to its end by other news.
    ends_itself = action.kind == "withdraw" and action.actor.kind == "system"
    if not ends_itself and not resolve.may_correct(case, action.actor):
        raise Forbidden(
            Text("只有提交人或提交部门可以操作", "Only the submitter or the submitting office may do this.")
        )
    if case.state != "returned" and (action.kind == "submit" or case.state != "open"):
        raise _wrong_state(case, action)


def _check_at_step(case: Case, step: Step, action: Action, today: date) -> None:
    _check_entry(case, step, action, today)
    if action.kind in REASONED and not (action.comment or "").strip():
        raise _invalid("/comment", Text("请写明理由", "Give the reason."))
    if action.kind == "handle_objection":
        if action.upheld is None:
            raise _invalid("/upheld", Text("请写明异议是否成立", "Say whether the objection is upheld."))
        found = next((each for each in step.objections if each.id == action.objection), None)
        if found is None:
            raise _invalid("/objection", Text("该步骤没有此异议", "There is no such objection at this step."))
        if found.state != "open":
            raise WrongState(Text("该异议已处理", "This objection was handled already."))


def _check_entry(case: Case, step: Step, action: Action, today: date) -> None:
    """Who, in which state, on whose matter: in this order, so that a stranger learns nothing of the state."""
    kind, actor = action.kind, action.actor
    if kind == "end_period":
        if actor.kind != "system":
            raise Forbidden(Text("公示期由系统按期结束", "The period is ended by the system on its day."))
    elif step.round == 0:
        # Its office is found when it opens; until then the order of the steps is the answer.
        raise _too_early(case, step)
    elif kind != "object" and not resolve.may_act(step, actor):
        raise Forbidden(Text("当前岗位不承办该步骤", "The acting post does not belong to the office of this step."))
    live = case.state == "open" or (case.state == "approved" and not step.definition.blocks)
    if not live or step.state != "open" or kind not in AT_STEP[step.definition.kind]:
        raise _wrong_state(case, action)
    if kind == "object" and _period_over(step, today):
        raise WrongState(Text("公示期已满，不再受理异议", "The period of publicity is over."))
    if kind == "end_period" and not _period_over(step, today):
        raise WrongState(Text("公示期未满", "The period of publicity is not over yet."))
    if kind == "return" and not case.submitter.reachable:
        raise WrongState(
            Text(
                "该事项由系统提交，没有可退回的提交人",
                "The system submitted this: there is nobody to return it to.",
            )
        )
    if kind not in ("object", "end_period") and resolve.is_self(case, actor, action.stands_for):
        raise RuleRefused(
            Text(
                "回避：不得办理本人提交或涉及本人的事项",
                "Recusal: nobody decides on what they submitted or are the subject of.",
            )
        )


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
                state="open",
                round=step.round + 1,
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
    )
    return Transition(case, record, tuple(opened), ended)


def _step_of(case: Case, action: Action) -> Step:
    step = case.step(action.step)
    if step is None:
        raise _invalid("/step", Text("该事项没有此步骤", "The case has no such step."))
    return step


def _period_over(step: Step, today: date) -> bool:
    """The last day is included: the period is over from the day after it."""
    return step.ends_on is not None and today > step.ends_on


def _passes(check: Callable[..., None], *args: object) -> bool:
    try:
        check(*args)
    except Problem:
        return False
    return True


def _wrong_state(case: Case, action: Action) -> WrongState:
    return WrongState(
        Text(
            f"当前状态（{STATE_LABELS[case.state][0]}）不允许此操作，可能已由他人办理",
            f"The case is {case.state}: {action.kind} is not possible. Somebody else may have been first.",
        )
    )


def _too_early(case: Case, step: Step) -> WrongState:
    before = next((each for each in case.pending if each.definition.blocks), step)
    return WrongState(
        Text(
            f"步骤“{step.id}”尚未开始，应先完成“{before.id}”",
            f"Step {step.id} has not begun; {before.id} comes first.",
        ),
        article=before.definition.article,
    )


def _invalid(pointer: str, message: Text) -> InvalidInput:
    return InvalidInput(errors=[FieldError(pointer, message)])
