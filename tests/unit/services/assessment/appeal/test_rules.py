"""When a grade can be appealed, and who may review it."""

import pytest

from kernel.errors import InvalidInput, RuleRefused, WrongState
from kernel.ids import new_id
from services.assessment.appeal import rules
from tests.unit.services.assessment.grading.test_rules import NO_CAP


def test_a_confirmed_grade_in_time() -> None:
    rules.check_in_time("confirmed", True)
    rules.check_open("open")
    for state, in_time in (("open", True), ("sealed", True), ("confirmed", False)):
        with pytest.raises(WrongState):
            rules.check_in_time(state, in_time)
    with pytest.raises(WrongState):
        rules.check_open("upheld")


@pytest.mark.article("SH-22")
def test_nobody_who_scored_or_confirmed_reviews() -> None:
    reviewer, scorer = new_id(), new_id()
    rules.check_reviewer(reviewer, {scorer}, False, "NM-28")
    for user, same_post in ((scorer, False), (reviewer, True), (None, False)):
        with pytest.raises(RuleRefused):
            rules.check_reviewer(user, {scorer}, same_post, "NM-28")


def test_an_upheld_appeal_names_another_grade_and_a_refused_one_none() -> None:
    grade = rules.new_grade(NO_CAP, True, "basic", "failed")
    assert grade is not None
    assert grade.code == "basic"
    assert rules.new_grade(NO_CAP, False, None, "failed") is None
    for upheld, code in ((True, None), (True, "failed"), (True, "unknown"), (False, "basic")):
        with pytest.raises(InvalidInput):
            rules.new_grade(NO_CAP, upheld, code, "failed")
