"""Who may take which action in which state (A3): every refusal of the approval machine. Pure."""

from datetime import date

from kernel.approvals import resolve, signing
from kernel.approvals.acts import (
    ACTION_LABELS,
    AT_STEP,
    BY_SYSTEM,
    FREE_OF_CLAIM,
    OF_SUBMITTER,
    REASONED,
    SIGNING,
    STATE_LABELS,
)
from kernel.approvals.definition import Office
from kernel.approvals.model import Action, Case, Signer, Step
from kernel.errors import FieldError, Forbidden, InvalidInput, RuleRefused, Text, WrongState


def of_case(case: Case, action: Action, today: date) -> None:
    """Whether somebody may submit again, withdraw or remind (催办): the submitter or a post of that office."""
    # The system itself ends a case whose matter has come to its end by other news, and reminds when time is short.
    by_clock = action.kind in ("withdraw", "remind") and action.actor.kind == "system"
    if not by_clock and not resolve.may_correct(case, action.actor):
        raise Forbidden(
            Text("只有提交人或提交部门可以操作", "Only the submitter or the submitting office may do this.")
        )
    # What only has to be noted may be waited for after the approval.
    fits = {"submit": ("returned",), "withdraw": ("open", "returned"), "remind": ("open", "approved")}[action.kind]
    if case.state not in fits or (action.kind == "remind" and not case.pending):
        raise _wrong_state(case, action)
    if action.kind == "remind" and any(step.reminded_on == today for step in case.pending):
        raise WrongState(Text("今天已催办，每天限一次", "Somebody reminded them today: once a day is enough."))


def at_step(case: Case, step: Step, action: Action, today: date) -> None:
    """Whether an action may be taken at a step, with all that it has to bring."""
    entry(case, step, action, today)
    if action.kind in REASONED and not (action.comment or "").strip():
        raise _invalid("/comment", Text("请写明理由", "Give the reason."))
    match action.kind:
        case "handle_objection":
            _objection(step, action)
        case "determine" if action.met is None:
            raise _invalid("/met", Text("请写明认定结论", "Say what is determined."))
        case "fix":
            _figures(step, action)
        case "return" if action.to is not None:
            _earlier(case, step, action)
        case "delegate" if action.user is not None and action.user in resolve.barred_users(case):
            raise RuleRefused(
                Text("回避：该人员不得办理此事项", "Recusal: this person may not decide here."),
                article=step.definition.article,
            )
        case "add_signer":
            _new_signer(step, action)
        case "remove_signer":
            added_signer(step, action)
        case _:
            pass


def entry(case: Case, step: Step, action: Action, today: date) -> None:
    """Who, in which state, on whose matter: in this order, so that a stranger learns nothing of the state."""
    kind, actor = action.kind, action.actor
    if kind in BY_SYSTEM:
        if actor.kind != "system":
            raise Forbidden(Text("该操作由系统按期执行", "The system does this on its day."))
    elif step.round == 0:
        # Its office is found when it opens; until then the order of the steps is the answer.
        raise _too_early(case, step)
    elif kind != "object" and not _belongs(case, step, action):
        raise Forbidden(Text("当前岗位不承办该步骤", "The acting post does not belong to the office of this step."))
    live = case.state == "open" or (case.state == "approved" and not step.definition.blocks)
    fitting = kind in AT_STEP[step.definition.kind] or kind == "escalate"
    if not live or step.state != "open" or not fitting:
        raise _wrong_state(case, action)
    _days(step, action, today)
    if kind == "return" and action.to is None and not case.submitter.reachable:
        raise WrongState(
            Text(
                "该事项由系统提交，没有可退回的提交人",
                "The system submitted this: there is nobody to return it to.",
            )
        )
    if kind != "object" and kind not in BY_SYSTEM | OF_SUBMITTER and resolve.is_self(case, actor, action.stands_for):
        raise RuleRefused(
            Text(
                "回避：不得办理本人提交、涉及本人或已回避的事项",
                "Recusal: nobody decides on what they submitted, are the subject of or stood aside from.",
            )
        )
    if kind == "reply" and not step.questioned:
        raise WrongState(Text("没有待答复的质询", "There is no question to answer."))
    _claimed(step, action)
    _signatures(step, action)


def period_over(step: Step, today: date) -> bool:
    """The last day is included: the period is over from the day after it."""
    return step.ends_on is not None and today > step.ends_on


def step_of(case: Case, action: Action) -> Step:
    """The step that the action names."""
    step = case.step(action.step)
    if step is None:
        raise _invalid("/step", Text("该事项没有此步骤", "The case has no such step."))
    return step


def office_of(action: Action) -> Office:
    """The office that the action names."""
    if action.office is None:
        raise _invalid("/office", Text("请写明会签部门", "Name the office that signs."))
    return action.office


def signer_of(step: Step, action: Action) -> Signer:
    """The signer for whom the acting post answers."""
    signer = resolve.signer_of(step, action.actor)
    if signer is None:
        raise Forbidden(Text("当前岗位不承办该步骤", "The acting post does not belong to the office of this step."))
    return signer


def removable(signer: Signer) -> bool:
    """Whom the regulation asks stays, and an answer given stays."""
    return signer.added and signer.state in ("waiting", "open")


def added_signer(step: Step, action: Action) -> Signer:
    """The signer to remove: one that the lead added and that has not answered yet."""
    office = office_of(action)
    signer = next((each for each in step.signers if each.office == office and each.state != "removed"), None)
    if signer is None:
        raise _invalid("/office", Text("该部门不在会签之列", "This office is not among the signers."))
    if not removable(signer):
        raise WrongState(
            Text(
                "只能减去加签且尚未签署的部门",
                "Only a signer that was added and has not answered yet can be removed.",
            ),
            article=step.definition.article,
        )
    return signer


def _belongs(case: Case, step: Step, action: Action) -> bool:
    if action.kind in OF_SUBMITTER:
        return resolve.may_correct(case, action.actor)
    if action.kind in SIGNING:
        return resolve.signer_of(step, action.actor) is not None
    if action.kind == "recuse" and resolve.signer_of(step, action.actor) is not None:
        return True
    # Whom the office delegated to decides there, but hands on nothing.
    return resolve.may_act(step, action.actor) or (
        action.kind != "delegate" and resolve.is_delegate(step, action.actor)
    )


def _days(step: Step, action: Action, today: date) -> None:
    match action.kind:
        case "object" if period_over(step, today):
            raise WrongState(Text("公示期已满，不再受理异议", "The period of publicity is over."))
        case "end_period" if not period_over(step, today):
            raise WrongState(Text("公示期未满", "The period of publicity is not over yet."))
        case "escalate" if step.escalated or step.due_on is None or today <= step.due_on:
            raise WrongState(Text("办理期限未过，或已上报", "The time to act is not over, or this was told already."))
        case _:
            pass


def _claimed(step: Step, action: Action) -> None:
    holder = step.claimed_by
    if action.kind == "release" and holder is None:
        raise WrongState(Text("该步骤无人认领", "Nobody has claimed this step."))
    if action.kind == "claim" and holder is not None:
        raise WrongState(Text("该步骤已有人认领", "Somebody has claimed this step."))
    if holder is not None and action.kind not in FREE_OF_CLAIM and holder != action.actor.user:
        raise WrongState(
            Text("该步骤已由他人认领，可先取消其认领", "Somebody else has claimed this step; release the claim first.")
        )


def _signatures(step: Step, action: Action) -> None:
    if action.kind in SIGNING:
        state = signer_of(step, action).state
        # Partners of a joint step may come round as long as the lead has not decided.
        changes_mind = step.definition.kind == "joint" and action.kind == "sign" and state == "refused"
        if state == "waiting":
            raise WrongState(Text("尚未轮到该部门签署", "It is not yet this office's turn to sign."))
        if state != "open" and not changes_mind:
            raise WrongState(Text("该部门已签署意见", "This office has answered already."))
    elif action.kind == "approve" and step.definition.kind == "joint" and signing.outcome(step) != "met":
        missing = "、".join(each.office.department for each in step.signers if each.state != "signed")
        raise WrongState(
            Text(f"会同部门尚未同意：{missing}", f"Partners have not agreed yet: {missing}."),
            article=step.definition.article,
        )


def _objection(step: Step, action: Action) -> None:
    if action.upheld is None:
        raise _invalid("/upheld", Text("请写明异议是否成立", "Say whether the objection is upheld."))
    found = next((each for each in step.objections if each.id == action.objection), None)
    if found is None:
        raise _invalid("/objection", Text("该步骤没有此异议", "There is no such objection at this step."))
    if found.state != "open":
        raise WrongState(Text("该异议已处理", "This objection was handled already."))


def _figures(step: Step, action: Action) -> None:
    names = step.definition.figures
    if set(action.figures) != set(names):
        listed = "、".join(names)
        raise _invalid("/figures", Text(f"请核定且仅核定：{listed}", f"Fix these figures and no others: {listed}."))
    for name, value in action.figures.items():
        if value < 0:
            raise _invalid(f"/figures/{name}", Text("不得为负数", "A figure is not below zero."))


def _earlier(case: Case, step: Step, action: Action) -> None:
    ids = [each.id for each in case.steps]
    target = case.step(action.to)
    if target is None or ids.index(target.id) >= ids.index(step.id) or not target.definition.blocks:
        raise _invalid(
            "/to",
            Text("只能退回到此前办结的步骤", "A return goes to an earlier step that was decided, or to the submitter."),
        )


def _new_signer(step: Step, action: Action) -> None:
    office = office_of(action)
    if any(each.office == office and each.state != "removed" for each in step.signers):
        raise _invalid("/office", Text("该部门已在会签之列", "This office is among the signers already."))


def _wrong_state(case: Case, action: Action) -> WrongState:
    return WrongState(
        Text(
            f"当前状态（{STATE_LABELS[case.state][0]}）不允许“{ACTION_LABELS[action.kind][0]}”，可能已由他人办理",
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
