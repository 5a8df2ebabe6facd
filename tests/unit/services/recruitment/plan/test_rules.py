"""Who organises, whom one recruits, and which times a plan has to set."""

import pytest

from kernel.errors import InvalidInput, ParameterNotSet, RuleRefused, WrongState
from kernel.regulation.pack import Pack
from services.recruitment.plan import rules


@pytest.mark.article("NM-8")
@pytest.mark.parametrize("level", ["league", "county"])
def test_league_and_county_organise(neimenggu: Pack, level: str) -> None:
    rules.check_organiser(neimenggu, level)


@pytest.mark.article("NM-8")
@pytest.mark.parametrize("level", ["region", "township", "community"])
def test_other_levels_do_not_organise(neimenggu: Pack, level: str) -> None:
    with pytest.raises(RuleRefused) as refused:
        rules.check_organiser(neimenggu, level)
    assert refused.value.article == "NM-8"


@pytest.mark.article("NM-7")
def test_hired_staff_are_recruited_and_elected_members_are_not(neimenggu: Pack) -> None:
    rules.check_category(neimenggu, "community_staff", "/category")
    for category in ("committee_member", "unknown"):
        with pytest.raises(InvalidInput):
            rules.check_category(neimenggu, category, "/category")


@pytest.mark.article("NM-8")
def test_the_plan_sets_the_days_of_publicity_because_the_text_does_not(neimenggu: Pack) -> None:
    rules.check_times_set(neimenggu, "county", {"publicity_days": 5, "publicity_unit": "working"})
    for facts in ({}, {"publicity_days": 5}, {"publicity_days": 0, "publicity_unit": "working"}):
        with pytest.raises(ParameterNotSet):
            rules.check_times_set(neimenggu, "county", facts)


def test_only_drafts_are_submitted_and_only_drafts_and_returned_plans_changed() -> None:
    rules.check_submittable("draft")
    for state in ("submitted", "returned", "approved", "rejected"):
        with pytest.raises(WrongState):
            rules.check_submittable(state)
    for state in ("draft", "returned"):
        rules.check_editable(state)
    for state in ("submitted", "approved", "rejected"):
        with pytest.raises(WrongState):
            rules.check_editable(state)


@pytest.mark.article("SH-7")
def test_the_regiment_organises_and_no_other_level(shuanghe: Pack) -> None:
    rules.check_organiser(shuanghe, "township")
    for level in ("league", "community"):
        with pytest.raises(RuleRefused) as refused:
            rules.check_organiser(shuanghe, level)
        assert refused.value.article == "SH-7"


@pytest.mark.article("SH-7", "SH-8")
def test_guidance_and_decision_ask_the_plan_for_no_time(shuanghe: Pack) -> None:
    rules.check_times_set(shuanghe, "township", {})


@pytest.mark.article("SH-6", "SH-8")
@pytest.mark.parametrize(
    ("asked", "pointer"),
    [
        ("publicity", "/publicity_days"),
        ("relaxed_age", "/relaxed_age_limit"),
        ("relaxed_education", "/relaxed_education_codes"),
    ],
)
def test_a_plan_sets_nothing_that_the_regulation_does_not_know(
    shuanghe: Pack, neimenggu: Pack, asked: str, pointer: str
) -> None:
    nothing = {"publicity": False, "relaxed_age": False, "relaxed_education": False}
    rules.check_asked_for(shuanghe, "township", **nothing)
    rules.check_asked_for(neimenggu, "county", **nothing | {asked: True})
    with pytest.raises(InvalidInput) as refused:
        rules.check_asked_for(shuanghe, "township", **nothing | {asked: True})
    assert [error.pointer for error in refused.value.errors] == [pointer]
