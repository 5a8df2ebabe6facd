"""Eighteen for ten thousand with a floor, reviewed every two years; eighteen grades in three ranges; allowances."""

from datetime import date
from decimal import Decimal

import pytest

from kernel.errors import RuleRefused
from services.roster.rank import rules as rank
from services.roster.sizing import rules as sizing
from tests.generality.packs import pack

PACK = pack("jiachuan")
ON = date(2025, 3, 10)


@pytest.mark.parametrize(
    ("population", "posts"),
    [(1, 9), (4_999, 9), (5_000, 9), (5_001, 9), (5_555, 9), (5_556, 10), (6_111, 10), (6_112, 11), (100_000, 180)],
)
def test_eighteen_for_ten_thousand_and_nine_below_five_thousand(population: int, posts: int) -> None:
    found = sizing.allowed_by(PACK, population, ON)
    assert found.spans == (sizing.Span(posts, posts),)
    assert found.common == sizing.Span(posts, posts)


def test_more_than_the_norm_is_refused() -> None:
    found = sizing.allowed_by(PACK, 5_000, ON)
    over = sizing.finding(PACK, "示例社区", 5_000, found, 10, ON)
    with pytest.raises(RuleRefused) as refused:
        sizing.check_reason(PACK, over, "理由", ON)
    assert refused.value.article == "JC-1"


def test_a_number_is_reviewed_after_two_years() -> None:
    assert sizing.review_on(PACK, date(2025, 3, 10)) == date(2027, 3, 10)
    assert sizing.review_on(PACK, date(2024, 2, 29)) == date(2026, 2, 28)
    assert sizing.review_on(pack("bingshan"), ON) is None


def test_the_ladder_has_eighteen_grades_with_three_years_to_each_step() -> None:
    grades = rank.own_ladder(PACK, ON)
    assert grades is not None
    assert [each["grade"] for each in grades] == list(range(1, 19))
    assert {each["years_in_grade_below"] for each in grades} == {3}
    assert grades[-1]["label"] == {"zh": "18级", "en": "Grade 18"}


@pytest.mark.parametrize(
    ("roles", "education", "expected"),
    [
        ({"secretary"}, None, rank.Reach(7, 18, 0)),
        ({"deputy_secretary"}, "31", rank.Reach(4, 15, 0)),
        ({"staff"}, "21", rank.Reach(1, 12, 1)),
        ({"staff"}, "14", rank.Reach(1, 12, 2)),
        ({"staff", "secretary"}, "14", rank.Reach(7, 18, 2)),
    ],
)
def test_the_post_gives_the_range_and_education_the_start(
    roles: set[str], education: str | None, expected: rank.Reach
) -> None:
    assert rank.reach(PACK, 18, roles, education, ON) == expected


def test_who_holds_no_post_of_the_ladder_has_no_range() -> None:
    with pytest.raises(RuleRefused) as refused:
        rank.reach(PACK, 18, {"volunteer"}, None, ON)
    assert refused.value.article == "JC-3"


@pytest.mark.parametrize(
    ("grade", "years", "reach", "passes"),
    [
        (7, 0, rank.Reach(7, 18, 0), True),
        (6, 30, rank.Reach(7, 18, 0), False),
        (8, 2, rank.Reach(7, 18, 0), False),
        (8, 3, rank.Reach(7, 18, 0), True),
        (9, 3, rank.Reach(7, 18, 1), True),
        (10, 3, rank.Reach(7, 18, 1), False),
        (12, 60, rank.Reach(1, 12, 0), True),
        (13, 60, rank.Reach(1, 12, 0), False),
    ],
)
def test_placement_by_range_years_and_education(grade: int, years: int, reach: rank.Reach, passes: bool) -> None:
    grades = rank.own_ladder(PACK, ON)
    assert grades is not None
    found = rank.placement(PACK, rank.asked(grades, grade), years, reach, ON)
    assert all(each.passes for each in found) is passes
    assert {each.article for each in found} == {"JC-3", "JC-4"}


@pytest.mark.parametrize(("since", "passes"), [(date(2022, 3, 10), True), (date(2022, 3, 11), False)])
def test_a_step_takes_three_whole_years(since: date, passes: bool) -> None:
    grades = rank.own_ladder(PACK, ON)
    assert grades is not None
    found = rank.promotion(PACK, rank.asked(grades, 8), 10, since, None, rank.Reach(7, 18, 0), ON)
    assert all(each.passes for each in found) is passes


def test_three_allowances_and_none_is_free() -> None:
    rows = {str(row["certificate"]): row["amount"] for row in PACK.parameter("pay.certificate_allowances", ON).rows()}
    order = PACK.parameter("pay.certificate_order", ON).texts()
    assert [Decimal(str(rows[each])) for each in order] == [Decimal(200), Decimal(300), Decimal(500)]
