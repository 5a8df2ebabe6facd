"""NM-31 asks outstanding alone; NM-32 asks all four at once, and a gap in the ten years is for a human."""

from dataclasses import replace
from datetime import date

import pytest

from kernel.errors import InvalidInput
from kernel.regulation.figures import NotRegulated
from kernel.regulation.loading import load
from services.roster.directed import rules
from tests.unit.services.roster.packs import REGULATIONS, inner_mongolia

ON = date(2026, 12, 1)
KIND = "secretary_to_institution"
FULL = rules.Known(
    service_years=10,
    continuous_years=10,
    serving_secretary=True,
    full_secretary_terms=1,
    last_grade_outstanding=True,
)


@pytest.mark.article("NM-32")
def test_ten_years_a_full_term_serving_and_outstanding() -> None:
    found = rules.findings(inner_mongolia(), KIND, FULL, {}, ON)
    assert rules.standing(found) == "met"
    assert {each.article for each in found} == {"NM-32"}
    assert len(found) == 4


@pytest.mark.article("NM-32")
@pytest.mark.parametrize(
    ("missing", "rule"),
    [
        ({"service_years": 9, "continuous_years": 9}, "directed.continuous_years"),
        ({"serving_secretary": False}, "directed.serving_secretary"),
        ({"full_secretary_terms": 0}, "directed.full_term"),
        ({"last_grade_outstanding": False}, "directed.outstanding_secretary"),
    ],
)
def test_each_condition_alone_stands_in_the_way(missing: dict[str, int], rule: str) -> None:
    found = rules.findings(inner_mongolia(), KIND, replace(FULL, **missing), {}, ON)
    assert [each.rule for each in found if not each.passes] == [rule]
    assert rules.standing(found) == "not_met"


@pytest.mark.article("NM-32", "NM-23")
def test_a_gap_is_for_a_human_and_the_determination_counts() -> None:
    gap = replace(FULL, continuous_years=4)
    assert rules.standing(rules.findings(inner_mongolia(), KIND, gap, {}, ON)) == "needs_judgement"
    for outcome, standing in (("met", "met"), ("not_met", "not_met")):
        found = rules.findings(inner_mongolia(), KIND, gap, {"directed.continuous_years": outcome}, ON)
        assert rules.standing(found) == standing
    # Where years do not add up either, no determination helps.
    short = replace(FULL, continuous_years=4, service_years=9)
    found = rules.findings(inner_mongolia(), KIND, short, {"directed.continuous_years": "met"}, ON)
    assert rules.standing(found) == "not_met"


@pytest.mark.article("NM-31")
def test_outstanding_alone_opens_the_other_way() -> None:
    nobody = rules.Known(0, 0, False, 0, True)
    assert rules.standing(rules.findings(inner_mongolia(), "outstanding", nobody, {}, ON)) == "met"
    plain = replace(nobody, last_grade_outstanding=False)
    assert rules.standing(rules.findings(inner_mongolia(), "outstanding", plain, {}, ON)) == "not_met"


def test_a_regulation_that_does_not_speak_of_it_gives_nothing() -> None:
    rules.check_regulated(inner_mongolia(), KIND)
    with pytest.raises(NotRegulated):
        rules.check_regulated(load(REGULATIONS / "national"), KIND)


def test_only_what_is_open_is_determined() -> None:
    assert rules.check_open(inner_mongolia(), "directed.continuous_years") == "NM-32"
    for rule in ("directed.full_term", "eligibility.conduct", "no.such"):
        with pytest.raises(InvalidInput):
            rules.check_open(inner_mongolia(), rule)
