"""Countersign (会签) in its four modes, added and removed signers, joint steps (会同) (A2)."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.approvals import machine, signing
from kernel.approvals.definition import Office
from kernel.approvals.model import Action, Case, Signer, Step
from kernel.context import Actor
from kernel.errors import Forbidden, InvalidInput, WrongState
from tests.unit.kernel.approvals.factory import CALENDAR, TODAY, act, official, opened, seated, step, workflow

HANDLER = official("county", "society_work", "handler")
LEAD = official("league", "society_work")
MONEY = official("league", "finance")
PEOPLE = official("league", "human_resources")
PARTNERS = [{"department": each, "level": "league"} for each in ("finance", "human_resources")]
FINAL = step("final", "approve", "organization")
HEAD = official("league", "organization")


def countersign(mode: str, **more: Any) -> Case:
    """A case at a countersign of three offices, with a decision after it."""
    signed = step("sign", "countersign", "society_work", partners=PARTNERS, mode=mode, **more)
    return opened(workflow(signed, FINAL), HANDLER)


def after(case: Case, *signers: tuple[Actor, str]) -> Case:
    for actor, kind in signers:
        case = act(case, kind, actor, "sign").case  # type: ignore[arg-type]  # a word of ActionKind
    return case


def standing(case: Case) -> tuple[str, str]:
    return case.state, case.steps[0].state


def test_all_need_every_signature_and_one_refusal_ends_it() -> None:
    case = after(countersign("all"), (MONEY, "sign"), (LEAD, "sign"))
    assert standing(case) == ("open", "open")
    assert standing(after(case, (PEOPLE, "sign"))) == ("open", "done")
    assert standing(after(case, (PEOPLE, "refuse"))) == ("rejected", "done")


def test_any_is_met_by_one_and_refused_only_by_all() -> None:
    case = countersign("any")
    assert standing(after(case, (PEOPLE, "sign"))) == ("open", "done")
    refused = after(case, (PEOPLE, "refuse"), (MONEY, "refuse"))
    assert standing(refused) == ("open", "open")
    assert standing(after(refused, (LEAD, "refuse"))) == ("rejected", "done")


def test_one_of_any_has_signed_and_a_refusal_comes_too_late() -> None:
    with pytest.raises(WrongState):
        after(countersign("any"), (PEOPLE, "sign"), (MONEY, "refuse"))


@pytest.mark.parametrize(("ratio", "needed"), [(6_666, 2), (6_667, 3), (3_333, 1), (3_334, 2), (10_000, 3), (1, 1)])
def test_a_share_is_reached_by_the_whole_signature_that_reaches_it(ratio: int, needed: int) -> None:
    case = countersign("ratio", ratio=ratio)
    for count, actor in enumerate((LEAD, MONEY, PEOPLE)[:needed], start=1):
        case = after(case, (actor, "sign"))
        assert standing(case) == ("open", "done" if count == needed else "open")


def test_in_order_each_is_asked_after_the_one_before() -> None:
    case = countersign("in_order")
    with pytest.raises(WrongState, match="turn"):
        after(case, (MONEY, "sign"))
    case = after(case, (LEAD, "sign"), (MONEY, "sign"))
    assert standing(after(case, (PEOPLE, "sign"))) == ("open", "done")


def test_nobody_answers_twice_or_for_another_office() -> None:
    case = after(countersign("all"), (MONEY, "sign"))
    for kind in ("sign", "refuse"):
        with pytest.raises(WrongState, match="answered"):
            after(case, (MONEY, kind))
    with pytest.raises(Forbidden):
        after(case, (HEAD, "sign"))
    with pytest.raises(Forbidden):
        after(case, (official("league", "finance", "handler"), "sign"))


def test_a_countersign_that_is_returned_to_asks_everybody_again() -> None:
    case = after(countersign("all"), (MONEY, "sign"), (PEOPLE, "sign"), (LEAD, "sign"))
    back = act(case, "return", HEAD, "final", to="sign")
    assert (back.case.state, [each.state for each in back.case.steps], back.opened) == (
        "open",
        ["open", "waiting"],
        ("sign",),
    )
    assert [each.state for each in back.case.steps[0].signers] == ["open"] * 3
    again = after(back.case, (MONEY, "sign"), (PEOPLE, "sign"))
    assert standing(again) == ("open", "open")
    assert standing(after(again, (LEAD, "sign"))) == ("open", "done")


def test_the_lead_returns_a_countersign_to_the_submitter_and_all_are_asked_again() -> None:
    case = act(after(countersign("all"), (MONEY, "sign")), "return", LEAD, "sign").case
    assert standing(case) == ("returned", "waiting")
    case = act(case, "submit", HANDLER).case
    assert [each.state for each in case.steps[0].signers] == ["open"] * 3


def test_a_signer_is_added_by_the_lead_and_removed_until_they_have_answered() -> None:
    office = Office("organization", "league")
    case = countersign("all")
    with pytest.raises(Forbidden):
        act(case, "add_signer", MONEY, "sign", office=office)
    wider = act(case, "add_signer", LEAD, "sign", office=office).case
    with pytest.raises(InvalidInput):
        act(wider, "add_signer", LEAD, "sign", office=office)
    signed = after(wider, (MONEY, "sign"), (PEOPLE, "sign"), (LEAD, "sign"))
    assert standing(signed) == ("open", "open")
    # Whoever is the last to be waited for is removed: what was signed suffices.
    assert standing(act(signed, "remove_signer", LEAD, "sign", office=office).case) == ("open", "done")
    answered = after(wider, (HEAD, "sign"))
    with pytest.raises(WrongState, match="added"):
        act(answered, "remove_signer", LEAD, "sign", office=office)
    with pytest.raises(WrongState, match="added"):
        act(wider, "remove_signer", LEAD, "sign", office=Office("finance", "league"))
    narrower = act(wider, "remove_signer", LEAD, "sign", office=office).case
    with pytest.raises(Forbidden):
        after(narrower, (HEAD, "sign"))
    assert standing(after(narrower, (MONEY, "sign"), (PEOPLE, "sign"), (LEAD, "sign"))) == ("open", "done")


def test_an_added_signer_signs_last_where_they_sign_in_order() -> None:
    case = act(countersign("in_order"), "add_signer", LEAD, "sign", office=Office("organization", "league")).case
    case = after(case, (LEAD, "sign"), (MONEY, "sign"), (PEOPLE, "sign"))
    assert standing(case) == ("open", "open")
    assert standing(after(case, (HEAD, "sign"))) == ("open", "done")


@pytest.mark.article("NM-16")
def test_a_joint_step_is_decided_by_its_lead_once_the_partners_agree() -> None:
    case = opened(workflow(step("sign", "joint", "society_work", partners=PARTNERS)), HANDLER)
    with pytest.raises(WrongState, match="finance"):
        act(case, "approve", LEAD, "sign")
    case = after(case, (MONEY, "sign"), (PEOPLE, "refuse"))
    with pytest.raises(WrongState, match="human_resources"):
        act(case, "approve", LEAD, "sign")
    with pytest.raises(Forbidden):
        act(case, "approve", MONEY, "sign")
    assert act(case, "reject", LEAD, "sign").case.state == "rejected"
    # A partner may come round; who has agreed stays agreed.
    case = after(case, (PEOPLE, "sign"))
    with pytest.raises(WrongState):
        after(case, (PEOPLE, "refuse"))
    assert act(case, "approve", LEAD, "sign").case.state == "approved"


@given(
    mode=st.sampled_from(("all", "any", "ratio", "in_order")),
    ratio=st.integers(1, 10_000),
    answers=st.lists(st.booleans(), min_size=3, max_size=3),
)
def test_three_answers_always_bring_a_countersign_to_its_end(mode: str, ratio: int, answers: list[bool]) -> None:
    case = countersign(mode, ratio=ratio if mode == "ratio" else None)
    for actor, agrees in zip((LEAD, MONEY, PEOPLE), answers, strict=True):
        if case.state != "open" or case.steps[0].state != "open":
            break
        case = after(case, (actor, "sign" if agrees else "refuse"))
    needed = {"any": 1, "ratio": max(1, -(-3 * ratio // 10_000))}.get(mode, 3)
    assert standing(case) == (("open", "done") if sum(answers) >= needed else ("rejected", "done"))


@given(
    st.lists(st.sampled_from(("open", "signed", "refused", "removed")), min_size=1, max_size=6), st.integers(1, 10_000)
)
def test_signatures_never_suffice_and_fail_at_once(states: list[Any], ratio: int) -> None:
    definition = workflow(
        step("sign", "countersign", "society_work", partners=PARTNERS, mode="ratio", ratio=ratio)
    ).steps[0]
    signers = tuple(Signer(Office(str(index), "league"), state) for index, state in enumerate(states))
    result = signing.outcome(Step(definition, signers=signers))
    total = sum(state != "removed" for state in states)
    signed, left = states.count("signed"), total - states.count("refused")
    if result == "met":
        assert signed * 10_000 >= ratio * total
    elif result == "impossible":
        assert left * 10_000 < ratio * total
    else:
        assert left * 10_000 >= ratio * total > signed * 10_000


def test_a_refusal_to_sign_needs_its_reason() -> None:
    with pytest.raises(InvalidInput):
        act(countersign("all"), "refuse", MONEY, "sign", comment=" ")


def test_nobody_signs_what_they_submitted() -> None:
    case = opened(
        workflow(step("sign", "countersign", "society_work", partners=PARTNERS, mode="all")),
        official("county", "finance", "handler", user=MONEY.user),
    )
    transition = machine.allowed(case, MONEY, today=TODAY)
    assert [each.action for each in transition] == ["withdraw", "remind"]


def test_an_office_that_signs_is_seated_before_it_may() -> None:
    flow = workflow(step("sign", "countersign", "society_work", partners=PARTNERS, mode="all"))
    case = opened(flow, HANDLER)
    wider = machine.apply(
        case,
        Action("add_signer", LEAD, "sign", office=Office("organization", "league")),
        today=TODAY,
        calendar=CALENDAR,
    )
    with pytest.raises(Forbidden):
        machine.apply(wider.case, Action("sign", HEAD, "sign"), today=TODAY, calendar=CALENDAR)
    assert after(seated(wider).case, (HEAD, "sign")).steps[0].signers[-1].state == "signed"
