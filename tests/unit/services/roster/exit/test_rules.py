"""What each ground asks before a contract is ended, and that an office never is (NM-36, NM-37, LCL-40)."""

from collections.abc import Mapping
from datetime import date, timedelta

import pytest

from kernel.errors import InvalidInput, RuleRefused, WrongState
from kernel.ids import new_id
from services.roster import hearing
from services.roster.exit import rules
from services.roster.exit.rules import NoticeKind, Standing
from tests.unit.services.roster.packs import changed, inner_mongolia, shuanghe

PACK = inner_mongolia()
TODAY = date(2025, 3, 10)
UNFIT: Mapping[str, object] = {"measure": "training", "still_unfit": True}


def standing(ground: str, *, found: bool | None = None, fitness: Mapping[str, object] | None = None) -> Standing:
    return Standing(ground, "labour_contract", "heard", False, None, found, fitness)


@pytest.mark.article("NM-37", "LCL-40")
@pytest.mark.parametrize(
    ("notice", "days", "fitness", "article"),
    [
        ("days", 30, UNFIT, None),
        ("days", 29, UNFIT, "LCL-40"),
        ("pay", 0, UNFIT, None),
        ("none", 60, UNFIT, "LCL-40"),
        ("days", 30, None, "LCL-40"),
        ("days", 30, {"measure": "transfer", "still_unfit": False}, "LCL-40"),
    ],
)
def test_two_failed_years_need_the_path_and_the_notice(
    notice: NoticeKind, days: int, fitness: Mapping[str, object] | None, article: str | None
) -> None:
    asked = standing("failed_two_years", fitness=fitness)
    day = TODAY + timedelta(days=days)
    if article is None:
        assert all(each.passes for each in rules.check_decision(PACK, asked, notice, day, TODAY))
        return
    with pytest.raises(RuleRefused) as refused:
        rules.check_decision(PACK, asked, notice, day, TODAY)
    assert refused.value.article == article


@pytest.mark.article("NM-37")
@pytest.mark.parametrize(
    ("ground", "opened_by", "two_years"),
    [
        ("probation_failed", "assessment", False),
        ("failed_two_years", "assessment", True),
        ("serious_breach_management", "township", False),
        ("neglect_and_major_harm", "township", False),
        ("discipline_or_criminal", "township", False),
        ("other", "township", False),
    ],
)
def test_each_ground_is_opened_and_found_as_the_text_says(ground: str, opened_by: str, two_years: bool) -> None:
    """An assessment is its own finding and nobody opens it by hand; what the township puts forward a human finds."""
    if opened_by == "township":
        rules.check_opened_by_township(PACK, ground)
    else:
        with pytest.raises(RuleRefused):
            rules.check_opened_by_township(PACK, ground)
    notice: NoticeKind = "pay" if two_years else "none"
    found = standing(ground, found=True if opened_by == "township" else None, fitness=UNFIT if two_years else None)
    assert all(each.passes for each in rules.check_decision(PACK, found, notice, TODAY, TODAY))
    if opened_by == "township":
        with pytest.raises(RuleRefused):
            rules.check_decision(PACK, standing(ground), notice, TODAY, TODAY)
    if two_years:
        with pytest.raises(RuleRefused):
            rules.check_decision(PACK, standing(ground), notice, TODAY, TODAY)


@pytest.mark.article("NM-37")
@pytest.mark.parametrize(("found", "passes"), [(True, True), (False, False), (None, False)])
def test_a_ground_put_forward_by_the_township_needs_a_human_finding(found: bool | None, passes: bool) -> None:
    asked = standing("serious_breach_management", found=found)
    if passes:
        assert rules.check_decision(PACK, asked, "none", TODAY, TODAY)
        return
    with pytest.raises(RuleRefused) as refused:
        rules.check_decision(PACK, asked, "none", TODAY, TODAY)
    assert refused.value.article == "NM-37"


@pytest.mark.article("NM-37")
def test_neglect_counts_only_with_major_harm() -> None:
    asked = rules.parts_of(PACK, "neglect_and_major_harm")
    assert asked == ["neglect", "major_harm"]
    assert hearing.check_parts(asked, {"neglect": True, "major_harm": True}, "NM-37")
    assert not hearing.check_parts(asked, {"neglect": True, "major_harm": False}, "NM-37")
    with pytest.raises(InvalidInput):
        hearing.check_parts(asked, {"neglect": True}, "NM-37")
    assert rules.parts_of(PACK, "other") == ["other"]


@pytest.mark.article("NM-37")
def test_grounds_of_assessments_are_not_opened_by_hand() -> None:
    rules.check_opened_by_township(PACK, "other")
    for ground in ("probation_failed", "failed_two_years"):
        with pytest.raises(RuleRefused):
            rules.check_opened_by_township(PACK, ground)
    with pytest.raises(InvalidInput):
        rules.ground_rule(PACK, "laziness")


def test_a_regulation_without_the_ground_knows_none() -> None:
    assert rules.knows(PACK, "failed_two_years")
    assert not rules.knows(PACK, "laziness")
    assert not rules.knows(changed({rules.GROUND_RULES: {"absent": True}}), "failed_two_years")


@pytest.mark.article("NM-37")
def test_an_office_is_never_completed() -> None:
    assert rules.is_office(PACK, "elected_office")
    assert not rules.is_office(PACK, "labour_contract")
    refusal = rules.refuse_completion(PACK, "elected_office")
    assert (refusal.article, len(refusal.findings)) == ("NM-37", 1)


@pytest.mark.article("NM-36", "NM-37")
def test_order_waiting_and_four_eyes() -> None:
    rules.check_state(PACK, "heard", "heard")
    with pytest.raises(WrongState) as early:
        rules.check_state(PACK, "opened", "heard")
    hearing.check_waits(PACK, claim_open=False)
    with pytest.raises(WrongState) as waits:
        hearing.check_waits(PACK, claim_open=True)
    assert (early.value.article, waits.value.article) == ("NM-37", "NM-36")
    one, other = new_id(), new_id()
    rules.check_decider(PACK, one, other)
    rules.check_decider(PACK, None, one)
    with pytest.raises(RuleRefused):
        rules.check_decider(PACK, one, one)


@pytest.mark.article("LCL-40")
@pytest.mark.parametrize(("notice", "days", "passes"), [("days", 30, True), ("days", 29, False), ("none", 60, False)])
def test_an_end_without_fault_needs_notice_on_any_ground(notice: NoticeKind, days: int, passes: bool) -> None:
    asked, day = standing("other", found=True), TODAY + timedelta(days=days)
    assert rules.check_decision(PACK, asked, "none", TODAY, TODAY)
    if passes:
        assert rules.check_decision(PACK, asked, notice, day, TODAY, without_fault=True)
        return
    with pytest.raises(RuleRefused) as refused:
        rules.check_decision(PACK, asked, notice, day, TODAY, without_fault=True)
    assert refused.value.article == "LCL-40"


@pytest.mark.article("NM-37", "SH-25", "LCL-46")
def test_the_regulations_grounds_end_by_the_statutes() -> None:
    other = shuanghe()
    for ground in ("probation_failed", "serious_breach_management", "neglect_and_major_harm", "discipline_or_criminal"):
        assert rules.statute_ground(PACK, ground, None) == "fault"
    for ground in ("breach_and_major_harm", "absence"):
        assert rules.statute_ground(other, ground, None) == "fault"
    assert rules.statute_ground(PACK, "failed_two_years", None) == "unfit"
    for ground in ("failed_two_years", "unfit_after_measure"):
        assert rules.statute_ground(other, ground, None) == "unfit"


@pytest.mark.article("LCL-46")
def test_the_regulation_names_the_statutes_ground_and_the_decider_where_it_does_not() -> None:
    assert rules.statute_ground(PACK, "failed_two_years", None) == "unfit"
    assert rules.statute_ground(PACK, "probation_failed", "fault") == "fault"
    with pytest.raises(InvalidInput):
        rules.statute_ground(PACK, "probation_failed", "unfit")
    assert rules.statute_ground(PACK, "other", None) is None
    assert rules.statute_ground(PACK, "other", "changed_circumstances") == "changed_circumstances"
    # A version of the regulation from before the grounds were named.
    silent = changed({rules.GROUND_RULES: {"article": "NM-37", "words": "社区工作者有下列情形之一的", "value": [OLD]}})
    assert rules.statute_ground(silent, "failed_two_years", None) is None


OLD = {"ground": "failed_two_years", "opened_by": "assessment", "human_finding": False, "fitness_path": True}


@pytest.mark.article("LCL-46", "LCR-12")
def test_compensation_waits_for_the_ground_where_the_relation_knows_one() -> None:
    [waits] = rules.ground_unnamed(PACK, "labour_contract")
    assert (waits.rule, waits.outcome) == ("compensation.due", "needs_judgement")
    assert rules.ground_unnamed(PACK, "service_agreement") == []
    assert rules.ground_unnamed(PACK, "public_welfare_post") == []
