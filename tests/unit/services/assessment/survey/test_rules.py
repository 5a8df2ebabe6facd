"""Surveys, answers, tokens and the score of a community."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import InvalidInput, RuleRefused, WrongState
from services.assessment.scheme.rules import freeze
from services.assessment.survey import rules
from services.assessment.survey.schemas import TOKEN_CHARACTERS
from tests.unit.services.assessment.packs import as_terms, inner_mongolia

DAY = date(2025, 12, 10)
RESIDENTS = freeze(inner_mongolia(), as_terms(), DAY).stage("residents")
BEST = {"service": 5, "attitude": 10}
TERMS = {"minimum": 3, "best": 10, "full_score": Decimal(100), "rounding": {"places": 2, "mode": "half_up"}}


def test_the_last_day_still_counts() -> None:
    rules.check_taking(DAY, DAY)
    rules.check_closing(DAY, DAY)
    with pytest.raises(WrongState):
        rules.check_taking(DAY, DAY + timedelta(days=1))
    with pytest.raises(InvalidInput):
        rules.check_closing(DAY - timedelta(days=1), DAY)


@pytest.mark.article("NM-28")
def test_the_stage_ends_after_a_survey_that_was_held_and_has_closed() -> None:
    rules.check_closed(RESIDENTS, DAY, DAY + timedelta(days=1))
    for closes_on in (None, DAY):
        with pytest.raises(RuleRefused) as refused:
            rules.check_closed(RESIDENTS, closes_on, DAY)
        assert refused.value.article == "NM-28"


def test_a_question_stands_once() -> None:
    rules.check_questions(["a", "b"])
    with pytest.raises(InvalidInput):
        rules.check_questions(["a", "a"])


def test_every_question_and_nothing_else_has_a_mark_in_its_range() -> None:
    rules.check_marks({"service": 5, "attitude": 0}, BEST)
    for wrong in ({"service": 6, "attitude": 0}, {"service": 5}, {"service": 5, "attitude": 0, "name": 1}):
        with pytest.raises(InvalidInput):
            rules.check_marks(wrong, BEST)


def test_tokens_are_long_different_and_kept_as_digests() -> None:
    tokens = {rules.new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert {len(token) for token in tokens} == {TOKEN_CHARACTERS}
    assert {len(rules.digest(token)) for token in tokens} == {32}


@pytest.mark.parametrize(("answered", "enough"), [(2, False), (3, True), (4, True)])
def test_the_least_number_of_answers_suffices(answered: int, enough: bool) -> None:
    found = rules.community_score(TERMS, answered, answered * 8)
    assert (found.enough, found.score) == (enough, Decimal(80) if enough else None)


def test_the_mean_is_rounded_once() -> None:
    assert rules.community_score(TERMS, 3, 20).score == Decimal("66.67")


@given(st.lists(st.integers(0, 10), min_size=3, max_size=300))
def test_the_score_lies_between_the_worst_and_the_best_answer(points: list[int]) -> None:
    score = rules.community_score(TERMS, len(points), sum(points)).score
    assert score is not None
    assert min(points) * 10 <= score <= max(points) * 10
