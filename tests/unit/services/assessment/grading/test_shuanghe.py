"""The quarter of SH-23 over whole rounds, and the ground of SH-25(3), read from the real pack."""

from collections import Counter
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import RuleRefused
from services.assessment.grading import rules
from services.assessment.scheme.rules import freeze
from tests.unit.services.assessment.packs import shuanghe, shuanghe_terms

METHOD = freeze(shuanghe(), shuanghe_terms(), date(2025, 1, 10))


def scored(*scores: int) -> dict[UUID, Decimal]:
    return {UUID(int=number): Decimal(score) for number, score in enumerate(scores, 1)}


def grades(*scores: int) -> Counter[str]:
    graded = rules.grade_all(scored(*scores), METHOD).values()
    return Counter(each.grade.code if each.grade else "none" for each in graded)


@pytest.mark.article("SH-23")
@pytest.mark.parametrize(
    ("assessed", "excellent"), [(3, 0), (4, 1), (7, 1), (8, 2), (19, 4), (39, 9), (40, 10), (47, 11)]
)
def test_of_so_many_assessed_so_many_at_most(assessed: int, excellent: int) -> None:
    # All of them deserve it, and no two are equal.
    best = [Decimal(90) + Decimal(number) / 100 for number in range(assessed)]
    found = rules.grade_all({UUID(int=number): score for number, score in enumerate(best, 1)}, METHOD)
    outstanding = [each for each in found.values() if each.grade and each.grade.outstanding]
    assert len(outstanding) == excellent
    rules.check_cap(METHOD, excellent, assessed)
    with pytest.raises(RuleRefused) as refused:
        rules.check_cap(METHOD, excellent + 1, assessed)
    assert refused.value.article == "SH-23"


@pytest.mark.article("SH-23")
@pytest.mark.parametrize(
    ("above", "tied", "excellent"), [(11, 2, 11), (10, 1, 11), (10, 2, 10), (9, 3, 9), (0, 12, 0), (0, 11, 11)]
)
def test_a_tie_at_the_edge_gives_fewer_and_never_more(above: int, tied: int, excellent: int) -> None:
    rest = 47 - above - tied
    assert grades(*[95] * above, *[93] * tied, *[80] * rest)["excellent"] == excellent


@pytest.mark.article("SH-23")
@given(st.lists(st.integers(0, 100), max_size=120))
def test_in_any_round_the_top_grade_stays_within_a_quarter_and_equals_fare_alike(drawn: list[int]) -> None:
    scores = scored(*drawn)
    found = rules.grade_all(scores, METHOD)
    top = {each for each, graded in found.items() if graded.grade and graded.grade.outstanding}
    assert 4 * len(top) <= len(drawn)
    deserving = {each for each, score in scores.items() if score >= 90}
    assert top <= deserving
    for inside in top:
        assert all(scores[outside] < scores[inside] for outside in deserving - top)
    # Whom the cap leaves out is graded all the same: nobody stays without one of the four grades.
    assert all(graded.grade is not None for graded in found.values())
    if len(deserving) <= len(drawn) // 4:
        assert top == deserving


@pytest.mark.article("SH-25")
def test_two_failed_years_running_are_the_ground_of_the_text() -> None:
    found = [rules.running(shuanghe(), length) for length in (1, 2)]
    assert [each.outcome if each else None for each in found] == ["not_met", "met"]
    assert {each.article for each in found if each} == {"SH-25(3)"}
    assert rules.first_year(shuanghe(), 2025) == 2024
    assert METHOD.grade("basic") is not None
    assert grades(60, 59)["failed"] == 1
