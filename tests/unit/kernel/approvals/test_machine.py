"""The approval machine, action by action (A1–A3)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from kernel.approvals import machine
from kernel.approvals.model import ActionKind, Case
from kernel.context import Actor
from kernel.errors import Forbidden, InvalidInput, ParameterNotSet, RuleRefused, WrongState
from kernel.ids import new_id
from tests.unit.kernel.approvals.factory import (
    SYSTEM,
    TODAY,
    act,
    official,
    opened,
    started,
    step,
    workflow,
)

HANDLER = official("county", "society_work", "handler")
REVIEWER = official("league", "society_work")
FILER = official("league", "organization", "handler")
PLAN = workflow(
    step("check", "review", "society_work", article="NM-8"),
    step("file", "file", "organization", article="NM-8"),
)
PLAN_HELD = workflow(step("check", "review", "society_work"), step("file", "file", "organization", blocks=True))
HIRE = workflow(
    step("show", "publicize", "society_work", "county", period={"count": 5, "unit": "calendar"}),
    step("ok", "approve", "society_work", "county"),
)
COUNTY_HEAD = official("county", "society_work")
LAST_DAY = TODAY + timedelta(days=5)
AFTER = LAST_DAY + timedelta(days=1)


def states(case: Case) -> list[str]:
    return [each.state for each in case.steps]


@pytest.mark.article("NM-8")
def test_review_then_filing_in_that_order() -> None:
    case = opened(PLAN_HELD, HANDLER)
    assert states(case) == ["open", "waiting"]
    with pytest.raises(WrongState, match="check comes first"):  # the filing's seat is found only when it opens
        act(case, "acknowledge", FILER, "file")
    reviewed = act(case, "approve", REVIEWER, "check")
    assert (reviewed.case.state, states(reviewed.case), reviewed.opened) == (
        "open",
        ["done", "open"],
        ("file",),
    )
    filed = act(reviewed.case, "acknowledge", FILER, "file")
    assert (filed.case.state, filed.ended) == ("approved", True)


def test_a_filing_that_does_not_block_stays_an_open_duty_after_approval() -> None:
    reviewed = act(opened(PLAN, HANDLER), "approve", REVIEWER, "check")
    assert (reviewed.case.state, reviewed.ended) == ("approved", True)
    assert [each.id for each in reviewed.case.pending] == ["file"]
    filed = act(reviewed.case, "acknowledge", FILER, "file")
    assert (filed.case.state, filed.ended, filed.case.pending) == ("approved", False, ())


def test_a_workflow_of_filings_only_is_approved_at_once() -> None:
    transition = started(workflow(step("file", "file", "organization")), HANDLER)
    assert (transition.case.state, transition.ended, transition.opened) == ("approved", True, ("file",))


@pytest.mark.article("SH-7")
def test_guidance_is_recorded_with_its_words_and_holds_nothing() -> None:
    guided = workflow(step("advice", "guide", "organization", article="SH-7"), step("ok", "review", "society_work"))
    case = opened(guided, HANDLER)
    assert [each.id for each in case.pending] == ["advice", "ok"]
    with pytest.raises(InvalidInput):
        act(case, "guide", FILER, "advice", comment=" ")
    with pytest.raises(Forbidden):
        act(case, "guide", REVIEWER, "advice")
    with pytest.raises(WrongState):
        act(case, "approve", FILER, "advice")
    decided = act(case, "approve", REVIEWER, "ok")
    assert (decided.case.state, decided.ended) == ("approved", True)
    advice = act(decided.case, "guide", FILER, "advice", comment="笔试由两人命题")
    assert (advice.ended, advice.record.article, advice.record.comment) == (False, "SH-7", "笔试由两人命题")
    with pytest.raises(WrongState):
        act(advice.case, "guide", FILER, "advice")


def test_the_record_names_the_article_and_where_the_case_stood() -> None:
    record = act(opened(PLAN, HANDLER), "approve", REVIEWER, "check", comment="同意").record
    assert (record.action, record.step, record.article, record.comment, record.state) == (
        "approve",
        "check",
        "NM-8",
        "同意",
        "approved",
    )
    assert record.actor == REVIEWER


def test_a_returned_case_is_submitted_again_to_the_step_that_returned_it() -> None:
    flow = workflow(step("first", "review", "society_work"), step("second", "approve", "society_work"))
    case = act(opened(flow, HANDLER), "approve", REVIEWER, "first").case
    returned = act(case, "return", REVIEWER, "second").case
    assert (returned.state, returned.returned_step, states(returned)) == (
        "returned",
        "second",
        ["done", "waiting"],
    )
    with pytest.raises(WrongState):
        act(returned, "approve", REVIEWER, "second")
    again = act(returned, "submit", HANDLER)
    assert (again.case.state, again.opened, again.case.steps[1].round) == ("open", ("second",), 2)


def test_rejection_ends_the_case_and_skips_the_rest() -> None:
    transition = act(opened(PLAN_HELD, HANDLER), "reject", REVIEWER, "check")
    assert (transition.case.state, states(transition.case), transition.ended) == (
        "rejected",
        ["done", "skipped"],
        True,
    )
    with pytest.raises(WrongState):
        act(transition.case, "approve", REVIEWER, "check")


@pytest.mark.parametrize("first", [None, "return"])
def test_the_submitter_withdraws_while_undecided(first: str | None) -> None:
    case = opened(PLAN, HANDLER)
    if first == "return":
        case = act(case, "return", REVIEWER, "check").case
    transition = act(case, "withdraw", HANDLER)
    assert (transition.case.state, transition.ended, transition.case.pending) == ("withdrawn", True, ())


def test_nothing_is_withdrawn_after_the_decision() -> None:
    case = act(opened(PLAN, HANDLER), "approve", REVIEWER, "check").case
    with pytest.raises(WrongState):
        act(case, "withdraw", HANDLER)


def test_a_stranger_withdraws_nothing() -> None:
    with pytest.raises(Forbidden):
        act(opened(PLAN, HANDLER), "withdraw", REVIEWER)


def test_the_system_withdraws_a_case_whose_matter_ended_itself_and_nothing_else() -> None:
    case = opened(PLAN, HANDLER)
    transition = act(case, "withdraw", SYSTEM)
    assert (transition.case.state, transition.record.actor.kind) == ("withdrawn", "system")
    with pytest.raises(WrongState):
        act(transition.case, "withdraw", SYSTEM)
    returned = act(case, "return", REVIEWER, "check", comment="补正").case
    with pytest.raises(Forbidden):
        act(returned, "submit", SYSTEM)


def test_the_second_decision_on_a_step_is_refused() -> None:
    case = act(opened(PLAN_HELD, HANDLER), "approve", REVIEWER, "check").case
    with pytest.raises(WrongState):
        act(case, "reject", official("league", "society_work"), "check")


@pytest.mark.parametrize("kind", ["approve", "return", "reject"])
def test_nobody_decides_on_what_they_submitted(kind: ActionKind) -> None:
    flow = workflow(step("ok", "approve", "society_work", "county"))
    both = official("county", "society_work", user=HANDLER.user)
    with pytest.raises(RuleRefused, match="Recusal"):
        act(opened(flow, HANDLER), kind, both, "ok")


def test_nobody_decides_on_what_they_submitted_again_for_another() -> None:
    flow = workflow(step("ok", "approve", "society_work", "county"))
    case = act(opened(flow, HANDLER), "return", COUNTY_HEAD, "ok").case
    colleague = official("county", "society_work", "handler")
    case = act(case, "submit", colleague).case
    for user in (HANDLER.user, colleague.user):
        with pytest.raises(RuleRefused):
            act(case, "approve", official("county", "society_work", user=user), "ok")
    assert act(case, "approve", COUNTY_HEAD, "ok").case.state == "approved"


def test_nobody_decides_on_themselves() -> None:
    case = opened(PLAN, HANDLER, subject_user=REVIEWER.user)
    with pytest.raises(RuleRefused):
        act(case, "approve", REVIEWER, "check")
    person = new_id()
    case = opened(PLAN, HANDLER, subject_person=person)
    with pytest.raises(RuleRefused):
        act(case, "approve", replace(REVIEWER, person=person), "check")


@pytest.mark.parametrize("kind", ["return", "reject"])
@pytest.mark.parametrize("comment", [None, "", "  "])
def test_a_refusal_needs_a_reason(kind: ActionKind, comment: str | None) -> None:
    with pytest.raises(InvalidInput) as refused:
        act(opened(PLAN, HANDLER), kind, REVIEWER, "check", comment=comment)
    assert [error.pointer for error in refused.value.errors] == ["/comment"]


def test_an_action_names_a_step_that_exists_and_suits_it() -> None:
    case = opened(PLAN, HANDLER)
    with pytest.raises(InvalidInput):
        act(case, "approve", REVIEWER, "nowhere")
    with pytest.raises(WrongState):
        act(case, "acknowledge", REVIEWER, "check")


def test_what_the_system_submitted_is_not_returned_to_nobody() -> None:
    case = opened(PLAN, SYSTEM)
    with pytest.raises(WrongState):
        act(case, "return", REVIEWER, "check")
    assert act(case, "reject", REVIEWER, "check").case.state == "rejected"


@pytest.mark.article("NM-8")
def test_publicity_without_a_period_does_not_start() -> None:
    with pytest.raises(ParameterNotSet, match="not set"):
        started(workflow(step("show", "publicize", "society_work")), HANDLER)


@pytest.mark.article("NM-8")
def test_publicity_lasts_through_its_last_day() -> None:
    case = opened(HIRE, HANDLER)
    assert case.steps[0].ends_on == LAST_DAY
    with pytest.raises(WrongState):
        act(case, "end_period", SYSTEM, "show", today=LAST_DAY)
    ended = act(case, "end_period", SYSTEM, "show", today=AFTER)
    assert (states(ended.case), ended.opened) == (["done", "open"], ("ok",))


def test_only_the_system_ends_a_period() -> None:
    with pytest.raises(Forbidden):
        act(opened(HIRE, HANDLER), "end_period", COUNTY_HEAD, "show", today=AFTER)


def objected(case: Case) -> tuple[Case, object]:
    transition = act(case, "object", Actor("public"), "show", today=LAST_DAY)
    return transition.case, transition.record.objection


def test_an_objection_is_taken_on_the_last_day_and_not_after() -> None:
    case = opened(HIRE, HANDLER)
    objected(case)
    with pytest.raises(WrongState):
        act(case, "object", Actor("public"), "show", today=AFTER)


def test_an_objection_stops_the_publicity_until_it_is_dismissed() -> None:
    case, objection = objected(opened(HIRE, HANDLER))
    held = act(case, "end_period", SYSTEM, "show", today=AFTER)
    assert states(held.case) == ["open", "waiting"]
    handled = act(held.case, "handle_objection", COUNTY_HEAD, "show", objection=objection, upheld=False, today=AFTER)
    assert states(handled.case) == ["done", "open"]


def test_a_dismissal_within_the_period_does_not_cut_it_short() -> None:
    case, objection = objected(opened(HIRE, HANDLER))
    handled = act(case, "handle_objection", COUNTY_HEAD, "show", objection=objection, upheld=False, today=LAST_DAY)
    assert states(handled.case) == ["open", "waiting"]


def test_an_upheld_objection_leaves_only_return_or_reject() -> None:
    case, objection = objected(opened(HIRE, HANDLER))
    case = act(case, "handle_objection", COUNTY_HEAD, "show", objection=objection, upheld=True, today=AFTER).case
    assert states(act(case, "end_period", SYSTEM, "show", today=AFTER).case) == ["open", "waiting"]
    allowed = machine.allowed(case, COUNTY_HEAD, today=AFTER)
    assert {each.action for each in allowed} == {"return", "reject", "recuse", "withdraw", "remind"}
    returned = act(case, "return", COUNTY_HEAD, "show", today=AFTER).case
    again = act(returned, "submit", HANDLER, today=AFTER).case
    assert again.steps[0].ends_on == AFTER + timedelta(days=5)
    assert not again.steps[0].held


def test_an_old_objection_upheld_after_the_correction_still_holds_the_publicity() -> None:
    case, objection = objected(opened(HIRE, HANDLER))
    case = act(act(case, "return", COUNTY_HEAD, "show").case, "submit", HANDLER).case
    case = act(case, "handle_objection", COUNTY_HEAD, "show", objection=objection, upheld=True).case
    assert states(act(case, "end_period", SYSTEM, "show", today=AFTER).case) == ["open", "waiting"]


def test_an_objection_is_handled_once() -> None:
    case, objection = objected(opened(HIRE, HANDLER))
    case = act(case, "handle_objection", COUNTY_HEAD, "show", objection=objection, upheld=False).case
    with pytest.raises(WrongState):
        act(case, "handle_objection", COUNTY_HEAD, "show", objection=objection, upheld=True)


def test_handling_names_the_objection_and_its_outcome() -> None:
    case, objection = objected(opened(HIRE, HANDLER))
    for pointer, more in (("/upheld", {"objection": objection}), ("/objection", {"upheld": True})):
        with pytest.raises(InvalidInput) as refused:
            act(case, "handle_objection", COUNTY_HEAD, "show", **more)
        assert [error.pointer for error in refused.value.errors] == [pointer]


def test_allowed_actions_are_those_of_the_acting_post() -> None:
    case = opened(PLAN, HANDLER)
    assert machine.allowed(case, REVIEWER, today=TODAY) == [
        machine.Allowed("approve", "check", False),
        machine.Allowed("return", "check", True),
        machine.Allowed("reject", "check", True),
        machine.Allowed("claim", "check", False),
        machine.Allowed("delegate", "check", False),
        machine.Allowed("recuse", "check", True),
    ]
    assert [each.action for each in machine.allowed(case, HANDLER, today=TODAY)] == ["withdraw", "remind"]
    assert machine.allowed(case, FILER, today=TODAY) == []
