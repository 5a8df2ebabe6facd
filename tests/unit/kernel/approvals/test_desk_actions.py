"""How the people of an office share their work, the other kinds of steps, reminders and escalation (A2–A4)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from kernel.approvals import machine
from kernel.approvals.model import Case, Mark
from kernel.errors import Forbidden, InvalidInput, RuleRefused, WrongState
from kernel.ids import new_id
from tests.unit.kernel.approvals.factory import SYSTEM, TODAY, act, official, opened, started, step, workflow

HANDLER = official("county", "society_work", "handler")
LEAD = official("league", "society_work")
SECOND = official("league", "society_work")
CLERK = official("league", "society_work", "handler")
CHECK = workflow(step("check", "review", "society_work", due={"count": 3, "unit": "calendar"}))
DUE = TODAY + timedelta(days=3)


def open_case() -> Case:
    return opened(CHECK, HANDLER)


def test_while_claimed_nobody_else_decides() -> None:
    case = act(open_case(), "claim", LEAD, "check").case
    for kind in ("approve", "return", "reject", "delegate", "claim"):
        with pytest.raises(WrongState, match="claimed"):
            act(case, kind, SECOND, "check")  # type: ignore[arg-type]  # words of ActionKind
    assert act(case, "approve", LEAD, "check").case.state == "approved"
    free = act(case, "release", SECOND, "check").case
    assert act(free, "approve", SECOND, "check").case.state == "approved"
    with pytest.raises(WrongState, match="Nobody"):
        act(free, "release", SECOND, "check")


def test_a_claim_ends_with_the_round_and_when_the_claimer_stands_aside() -> None:
    case = act(open_case(), "claim", LEAD, "check").case
    again = act(act(case, "return", LEAD, "check").case, "submit", HANDLER).case
    assert again.steps[0].claimed_by is None
    aside = act(case, "recuse", LEAD, "check").case
    assert aside.steps[0].claimed_by is None


def test_a_step_is_delegated_within_the_office_and_taken_back() -> None:
    with pytest.raises(Forbidden):
        act(open_case(), "approve", CLERK, "check")
    case = act(open_case(), "delegate", LEAD, "check", user=CLERK.user).case
    assert act(case, "approve", CLERK, "check").case.state == "approved"
    with pytest.raises(Forbidden):  # who was delegated to hands on nothing
        act(case, "delegate", CLERK, "check", user=new_id())
    for elsewhere in (
        replace(CLERK, unit_no=1),
        replace(CLERK, department_kind="finance"),
        replace(CLERK, duty="viewer"),
    ):
        with pytest.raises(Forbidden):
            act(case, "approve", elsewhere, "check")
    back = act(case, "delegate", LEAD, "check").case
    with pytest.raises(Forbidden):
        act(back, "approve", CLERK, "check")


def test_nothing_is_delegated_to_whom_it_concerns() -> None:
    with pytest.raises(RuleRefused):
        act(open_case(), "delegate", LEAD, "check", user=HANDLER.user)


def test_who_stands_aside_decides_nothing_more_in_the_case() -> None:
    flow = workflow(step("check", "review", "society_work"), step("ok", "approve", "society_work"))
    case = act(opened(flow, HANDLER), "recuse", LEAD, "check", comment="亲属").case
    assert case.recused == (LEAD.user,)
    for kind in ("approve", "recuse", "claim"):
        with pytest.raises(RuleRefused):
            act(case, kind, LEAD, "check")  # type: ignore[arg-type]  # words of ActionKind
    case = act(case, "approve", SECOND, "check").case
    with pytest.raises(RuleRefused):
        act(case, "approve", LEAD, "ok")
    with pytest.raises(InvalidInput):
        act(case, "recuse", SECOND, "ok", comment="")


def test_a_substitute_stands_aside_for_both() -> None:
    holder = new_id()
    case = act(open_case(), "recuse", LEAD, "check", stands_for=holder).case
    assert case.recused == (LEAD.user, holder)


def test_a_case_goes_back_to_any_step_that_was_decided() -> None:
    flow = workflow(
        step("first", "review", "society_work"),
        step("noted", "file", "organization"),
        step("second", "review", "society_work"),
        step("third", "approve", "society_work"),
    )
    case = opened(flow, HANDLER)
    case = act(act(case, "approve", LEAD, "first").case, "approve", LEAD, "second").case
    for target in ("third", "noted", "nowhere"):
        with pytest.raises(InvalidInput) as refused:
            act(case, "return", LEAD, "third", to=target)
        assert [each.pointer for each in refused.value.errors] == ["/to"]
    marks = (Mark("/population", "与统计不符"),)
    back = act(case, "return", LEAD, "third", to="first", marks=marks)
    assert [each.state for each in back.case.steps] == ["open", "waiting", "waiting", "waiting"]
    assert back.record.details == {"to": "first", "marks": [{"pointer": "/population", "message": "与统计不符"}]}
    assert back.case.steps[0].round == 2
    case = act(act(back.case, "approve", LEAD, "first").case, "approve", LEAD, "second").case
    assert act(case, "approve", LEAD, "third").case.state == "approved"


def test_what_the_system_submitted_can_still_go_back_to_an_earlier_step() -> None:
    flow = workflow(step("first", "review", "society_work"), step("second", "review", "society_work"))
    case = act(opened(flow, SYSTEM), "approve", LEAD, "first").case
    assert act(case, "return", LEAD, "second", to="first").opened == ("first",)


@pytest.mark.article("NM-6")
def test_a_fixing_sets_the_figures_that_the_workflow_names_and_no_others() -> None:
    case = opened(workflow(step("total", "fix", "society_work", figures=["posts"])), HANDLER)
    for figures in ({}, {"posts": 1, "more": 2}, {"other": 1}):
        with pytest.raises(InvalidInput) as refused:
            act(case, "fix", LEAD, "total", figures=figures)
        assert [each.pointer for each in refused.value.errors] == ["/figures"]
    with pytest.raises(InvalidInput):
        act(case, "fix", LEAD, "total", figures={"posts": -1})
    with pytest.raises(WrongState):
        act(case, "approve", LEAD, "total")
    fixed = act(case, "fix", LEAD, "total", figures={"posts": 0})
    assert (fixed.case.state, fixed.case.steps[0].figures, fixed.record.details) == (
        "approved",
        {"posts": 0},
        {"figures": {"posts": 0}},
    )


def test_a_recommendation_holds_the_case_until_it_is_given() -> None:
    case = opened(workflow(step("word", "recommend", "society_work")), HANDLER)
    assert act(case, "recommend", LEAD, "word").case.state == "approved"
    assert act(case, "reject", LEAD, "word").case.state == "rejected"


@pytest.mark.parametrize(("met", "state"), [(True, "approved"), (False, "rejected")])
def test_a_determination_is_made_by_a_person_with_a_reason(met: bool, state: str) -> None:
    case = opened(workflow(step("found", "determine", "society_work", article="NM-9")), HANDLER)
    with pytest.raises(InvalidInput):
        act(case, "determine", LEAD, "found", met=met, comment=" ")
    with pytest.raises(InvalidInput) as refused:
        act(case, "determine", LEAD, "found")
    assert [each.pointer for each in refused.value.errors] == ["/met"]
    evidence = new_id()
    found = act(case, "determine", LEAD, "found", met=met, attachments=(evidence,))
    assert (found.case.state, found.case.steps[0].met, found.ended) == (state, met, True)
    assert (found.record.article, found.record.details) == ("NM-9", {"met": met, "attachments": [str(evidence)]})


def test_a_notice_asks_nothing_of_anybody() -> None:
    told = started(workflow(step("tell", "notify", "finance"), step("ok", "approve", "society_work")), HANDLER)
    assert ([each.state for each in told.case.steps], told.opened) == (["done", "open"], ("tell", "ok"))
    assert machine.allowed(told.case, official("league", "finance"), today=TODAY) == []


def test_a_reminder_is_given_once_a_day_while_the_case_is_open() -> None:
    case = act(open_case(), "remind", HANDLER).case
    with pytest.raises(WrongState, match="once a day"):
        act(case, "remind", HANDLER)
    assert "remind" not in [each.action for each in machine.allowed(case, HANDLER, today=TODAY)]
    case = act(case, "remind", HANDLER, today=TODAY + timedelta(days=1)).case
    with pytest.raises(Forbidden):
        act(case, "remind", LEAD, today=TODAY + timedelta(days=2))
    returned = act(case, "return", LEAD, "check").case
    with pytest.raises(WrongState):
        act(returned, "remind", HANDLER, today=TODAY + timedelta(days=2))


def test_what_is_late_is_told_once_on_the_day_after_and_by_the_clock_alone() -> None:
    case = open_case()
    assert case.steps[0].due_on == DUE
    with pytest.raises(WrongState):
        act(case, "escalate", SYSTEM, "check", today=DUE)
    late = DUE + timedelta(days=1)
    with pytest.raises(Forbidden):
        act(case, "escalate", LEAD, "check", today=late)
    told = act(case, "escalate", SYSTEM, "check", today=late).case
    with pytest.raises(WrongState):
        act(told, "escalate", SYSTEM, "check", today=late)
    assert act(told, "approve", LEAD, "check", today=late).case.state == "approved"


@pytest.mark.article("NM-8")
def test_a_filing_may_be_questioned_and_is_answered_by_who_submitted() -> None:
    flow = workflow(step("file", "file", "organization"))
    filer = official("league", "organization", "handler")
    case = opened(flow, HANDLER)
    assert case.state == "approved"
    with pytest.raises(WrongState, match="no question"):
        act(case, "reply", HANDLER, "file")
    with pytest.raises(InvalidInput):
        act(case, "question", filer, "file", comment="")
    asked = act(case, "question", filer, "file", comment="依据何在").case
    assert (asked.steps[0].questioned, asked.steps[0].state) == (True, "open")
    with pytest.raises(Forbidden):
        act(asked, "reply", filer, "file")
    answered = act(asked, "reply", HANDLER, "file", comment="见附件").case
    assert not answered.steps[0].questioned
    assert act(answered, "acknowledge", filer, "file").case.steps[0].state == "done"
