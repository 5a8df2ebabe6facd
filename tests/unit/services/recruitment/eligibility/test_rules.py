"""From an application to findings and to what follows from them, on both sides of each line."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import Forbidden, InvalidInput, RuleRefused, WrongState
from kernel.regulation.evaluation import Determination
from kernel.regulation.figures import NotRegulated
from kernel.regulation.findings import Finding
from kernel.regulation.pack import Pack
from services.recruitment.eligibility import rules

REFERENCE = date(2024, 9, 30)
JUDGED: dict[str, Determination] = {
    "eligibility.politics": "met",
    "eligibility.conduct": "met",
    "eligibility.fitness": "met",
    "eligibility.post": "met",
    "bar.state_security": "met",
    "bar.statements": "met",
    "bar.expelled": "met",
    "bar.other": "met",
}
MATERIAL = rules.Material(
    birth_date=date(1995, 3, 1),
    education_code="31",
    declarations={
        "citizen": True,
        "criminal_penalty": False,
        "criminal_case_open": False,
        "joint_punishment_listed": False,
        "identities": ["veteran"],
    },
    age_reference_date=REFERENCE,
    relaxed_age_limit=45,
    relaxed_education_codes=("61",),
    established={},
    judged=JUDGED,
)
GROUNDS = {"quality_found": True, "township_recommended": True}


def finding(pack: Pack, material: rules.Material, rule: str) -> Finding:
    return next(each for each in rules.findings(pack, material) if each.rule == rule)


@pytest.mark.article("NM-9", "NM-11")
def test_who_meets_everything_is_qualified(neimenggu: Pack) -> None:
    found = rules.findings(neimenggu, MATERIAL)
    assert rules.overall(found) == "qualified"
    rules.check_conclusion(found, "qualified")
    with pytest.raises(RuleRefused):
        rules.check_conclusion(found, "not_qualified")


@pytest.mark.article("NM-9")
@pytest.mark.parametrize(
    ("birth", "outcome"),
    [(date(1983, 10, 1), "met"), (date(1983, 9, 30), "needs_judgement"), (date(1979, 9, 30), "needs_judgement")],
)
def test_forty_completed_years_pass_and_the_birthday_after_does_not(neimenggu: Pack, birth: date, outcome: str) -> None:
    material = replace(MATERIAL, birth_date=birth, declarations={**MATERIAL.declarations, "identities": []})
    assert finding(neimenggu, material, "eligibility.age").outcome == outcome


@pytest.mark.article("NM-9")
@pytest.mark.parametrize(("birth", "outcome"), [(date(1978, 10, 1), "relaxed"), (date(1978, 9, 30), "needs_judgement")])
def test_age_is_relaxed_up_to_the_bound_of_the_plan(neimenggu: Pack, birth: date, outcome: str) -> None:
    granted = {**GROUNDS, "relaxation_decision": "granted"}
    material = replace(MATERIAL, birth_date=birth, established=granted)
    assert finding(neimenggu, material, "eligibility.age").outcome == outcome


@pytest.mark.article("NM-9")
@pytest.mark.parametrize("missing", ["identity", "quality_found", "township_recommended", "relaxation_decision"])
def test_each_ground_of_relaxation_is_needed(neimenggu: Pack, missing: str) -> None:
    established = {**GROUNDS, "relaxation_decision": "granted"}
    established.pop(missing, None)
    identities = [] if missing == "identity" else ["veteran"]
    whole = replace(MATERIAL, education_code="61", established={**GROUNDS, "relaxation_decision": "granted"})
    lacking = replace(whole, established=established, declarations={**MATERIAL.declarations, "identities": identities})
    assert finding(neimenggu, whole, "eligibility.education").outcome == "relaxed"
    assert not finding(neimenggu, lacking, "eligibility.education").passes


@pytest.mark.article("NM-9")
def test_a_plan_without_bound_relaxes_nothing(neimenggu: Pack) -> None:
    material = replace(
        MATERIAL,
        education_code="61",
        relaxed_age_limit=None,
        relaxed_education_codes=(),
        established={**GROUNDS, "relaxation_decision": "granted"},
    )
    assert finding(neimenggu, material, "eligibility.education").outcome == "not_met"


@pytest.mark.article("NM-11")
def test_a_bar_refuses_whatever_was_relaxed(neimenggu: Pack) -> None:
    material = replace(MATERIAL, established={**GROUNDS, "relaxation_decision": "granted", "criminal_penalty": True})
    found = rules.findings(neimenggu, material)
    assert rules.overall(found) == "not_qualified"
    refusing = rules.refusing(found)
    assert refusing is not None
    assert refusing.article == "NM-11(3)"
    with pytest.raises(RuleRefused) as refused:
        rules.check_conclusion(found, "qualified")
    assert refused.value.article == "NM-11(3)"
    rules.check_conclusion(found, "not_qualified")


@pytest.mark.article("NM-9", "NM-11")
@pytest.mark.parametrize("missing", sorted(JUDGED))
def test_no_judgement_is_ever_inferred(neimenggu: Pack, missing: str) -> None:
    judged = {rule: outcome for rule, outcome in JUDGED.items() if rule != missing}
    found = rules.findings(neimenggu, replace(MATERIAL, judged=judged))
    assert rules.overall(found) == "awaiting"
    for outcome in ("qualified", "not_qualified"):
        with pytest.raises(RuleRefused):
            rules.check_conclusion(found, outcome)


def test_what_officials_established_stands_above_what_was_stated(neimenggu: Pack) -> None:
    stated = rules.facts(MATERIAL, neimenggu.age_convention)
    assert stated["criminal_penalty"] is False
    checked = rules.facts(replace(MATERIAL, established={"criminal_penalty": True}), neimenggu.age_convention)
    assert checked["criminal_penalty"] is True


def test_an_applicant_cannot_state_what_the_service_reckons(neimenggu: Pack) -> None:
    boasting = replace(MATERIAL, declarations={**MATERIAL.declarations, "age_years": 20, "relaxed_age_limit": 99})
    facts = rules.facts(boasting, neimenggu.age_convention)
    assert (facts["age_years"], facts["relaxed_age_limit"]) == (29, 45)


@given(st.dates(date(1950, 1, 1), date(2024, 9, 30)))
def test_age_never_rises_with_a_later_birth(birth: date) -> None:
    later = min(date.fromordinal(birth.toordinal() + 1), REFERENCE)
    ages = [rules.facts(replace(MATERIAL, birth_date=day), "birthday")["age_years"] for day in (birth, later)]
    assert isinstance(ages[0], int)
    assert isinstance(ages[1], int)
    assert ages[0] >= ages[1]


@pytest.mark.parametrize(
    ("birth", "inside"),
    [
        (date(1983, 9, 30), False),
        (date(1983, 10, 1), True),
        (date(2006, 9, 30), True),
        (date(2006, 10, 1), False),
    ],
)
def test_both_ends_of_the_birth_window_are_inside(birth: date, inside: bool) -> None:
    assert rules.within(birth, date(1983, 10, 1), date(2006, 9, 30)) is inside
    assert rules.within(birth, None, None) is None


@pytest.mark.article("NM-9")
def test_each_office_determines_its_own(neimenggu: Pack) -> None:
    rules.check_recommender(neimenggu, "township")
    rules.check_office(neimenggu, "relaxation_decision", is_organiser=True)
    rules.check_office(neimenggu, "quality_found", is_organiser=False)
    for fact, is_organiser in (
        ("township_recommended", True),
        ("township_recommended", False),
        ("relaxation_decision", False),
    ):
        with pytest.raises(Forbidden) as refused:
            rules.check_office(neimenggu, fact, is_organiser=is_organiser)
        assert refused.value.article == "NM-9"
    for level in ("county", "league", "community", None):
        with pytest.raises(Forbidden) as refused:
            rules.check_recommender(neimenggu, level)
        assert refused.value.article == "NM-9"
    assert rules.recommendation(neimenggu) == "township_recommended"


def test_only_what_the_text_leaves_to_people_is_judged(neimenggu: Pack) -> None:
    for rule in ("eligibility.conduct", "eligibility.age", "eligibility.education", "bar.other"):
        rules.check_judgeable(neimenggu, rule)
    for rule in ("eligibility.citizenship", "bar.crime", "priority.certificate", "unknown"):
        with pytest.raises(InvalidInput):
            rules.check_judgeable(neimenggu, rule)


def test_only_facts_that_an_official_can_check_are_established(neimenggu: Pack) -> None:
    rules.check_fact(neimenggu, "joint_punishment_listed", True)
    rules.check_fact(neimenggu, "relaxation_decision", "refused")
    for fact, value in (("age_years", 20), ("unknown", True), ("quality_found", "yes")):
        with pytest.raises(InvalidInput):
            rules.check_fact(neimenggu, fact, value)


def test_only_a_submitted_application_is_under_review() -> None:
    rules.check_under_review("submitted")
    for state in ("withdrawn", "qualified", "not_qualified", "failed", "proposed", "hired", "not_hired"):
        with pytest.raises(WrongState):
            rules.check_under_review(state)


HIRED_HERE: dict[str, Determination] = {
    f"eligibility.{condition}": "met" for condition in ("politics", "conduct", "devotion", "ability")
}


@pytest.mark.article("SH-6")
@given(years=st.integers(min_value=18, max_value=64))
def test_no_age_is_found_wanting_where_the_text_names_none(shuanghe: Pack, years: int) -> None:
    material = replace(
        MATERIAL,
        birth_date=date(REFERENCE.year - years, 1, 1),
        declarations={},
        relaxed_age_limit=None,
        relaxed_education_codes=(),
        judged=HIRED_HERE,
    )
    found = rules.findings(shuanghe, material)
    assert [each.article for each in found] == ["SH-6(1)", "SH-6(2)", "SH-6(3)", "SH-6(4)", "SH-6(5)"]
    assert rules.overall(found) == "qualified"


@pytest.mark.article("SH-6")
@pytest.mark.parametrize(
    ("code", "outcome"),
    [("31", "met"), ("21", "met"), ("61", "not_met"), ("41", "not_met"), ("32", "needs_judgement")],
)
def test_college_is_asked_and_nothing_relaxes_it(shuanghe: Pack, code: str, outcome: str) -> None:
    granted = {**GROUNDS, "relaxation_decision": "granted"}
    material = replace(MATERIAL, education_code=code, established=granted, judged=HIRED_HERE)
    education = finding(shuanghe, material, "eligibility.education")
    assert (education.outcome, education.article) == (outcome, "SH-6(5)")
    with pytest.raises(InvalidInput):
        rules.check_fact(shuanghe, "relaxation_decision", "granted")


@pytest.mark.article("SH-6")
def test_four_conditions_wait_for_a_human_and_no_recommendation_is_known(shuanghe: Pack) -> None:
    found = rules.findings(shuanghe, replace(MATERIAL, judged={}))
    waiting = [each.rule for each in found if each.outcome == "needs_judgement"]
    assert waiting == list(HIRED_HERE)
    with pytest.raises(NotRegulated):
        rules.recommendation(shuanghe)
