"""Which unit assesses which year, and the order of the stages."""

import itertools
from datetime import date

import pytest

from kernel.errors import InvalidInput, RuleRefused, WrongState
from services.assessment.cycle import rules
from services.assessment.scheme.rules import freeze
from tests.unit.services.assessment.packs import as_terms, inner_mongolia

TODAY = date(2025, 12, 20)
METHOD = freeze(inner_mongolia(), as_terms(), TODAY)


def test_a_year_that_has_begun_as_of_a_day_in_it_or_after() -> None:
    rules.check_year(2025, TODAY, TODAY)
    rules.check_year(2025, date(2025, 1, 1), TODAY)
    for year, day in ((2026, TODAY), (2025, date(2024, 12, 31)), (2025, date(2025, 12, 21))):
        with pytest.raises(InvalidInput):
            rules.check_year(year, day, TODAY)


@pytest.mark.article("NM-28")
def test_a_step_belongs_to_its_stage() -> None:
    assert rules.check_stage(METHOD, "self", ["self_assessment"]).id == "self"
    with pytest.raises(WrongState) as refused:
        rules.check_stage(METHOD, "self", ["scoring"])
    assert refused.value.article == "NM-28"
    without = freeze(inner_mongolia(), as_terms(stages=["township", "county", "residents", "confirm"]), TODAY)
    with pytest.raises(WrongState):
        rules.check_stage(without, "township", ["self_assessment"])


def test_stages_follow_each_other_and_the_last_ends_by_confirming() -> None:
    order = ["self", "township", "county", "residents", "confirm"]
    for now, following in itertools.pairwise(order):
        assert rules.next_stage(METHOD, now, now).id == following
        with pytest.raises(WrongState):
            rules.next_stage(METHOD, now, following)
    with pytest.raises(WrongState):
        rules.next_stage(METHOD, "confirm", "confirm")


def test_an_office_acts_in_its_own_stage_alone() -> None:
    township = METHOD.stage("township")
    rules.check_office(township, "township_office", "township")
    rules.check_office(METHOD.stage("self"), None, None)
    for department, level in (("society_work", "county"), ("township_office", "county"), (None, None)):
        with pytest.raises(RuleRefused):
            rules.check_office(township, department, level)


def test_what_is_confirmed_does_not_change() -> None:
    rules.check_open("open", None)
    for state in ("confirmed", "sealed"):
        with pytest.raises(WrongState):
            rules.check_open(state, "NM-28")
