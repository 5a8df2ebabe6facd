"""Two age limits, an exam of forty to sixty with ties to the written score, one replacement, five working days."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from kernel.calendar import add_working_days
from services.recruitment.eligibility import rules as eligibility
from services.recruitment.notice import rules as notice
from services.recruitment.ranking import rules as ranking
from services.roster.rank import rules as rank
from tests.generality.packs import pack

PACK = pack("yilin")
ON = date(2025, 3, 10)


def reviewed(birth: date, category: str) -> list[str]:
    material = eligibility.Material(birth, "31", {}, ON, None, (), {}, {}, category)
    return [each.outcome for each in eligibility.findings(PACK, material)]


@pytest.mark.parametrize(
    ("birth", "category", "outcome"),
    [
        (date(1984, 3, 11), "community_staff", "met"),
        (date(1984, 3, 10), "community_staff", "not_met"),
        (date(1989, 3, 11), "grid_staff", "met"),
        (date(1989, 3, 10), "grid_staff", "not_met"),
        (date(1989, 3, 10), "community_staff", "met"),
    ],
)
def test_the_age_limit_is_that_of_the_post(birth: date, category: str, outcome: str) -> None:
    assert reviewed(birth, category) == [outcome]


def test_the_category_of_the_post_is_nothing_that_anybody_states() -> None:
    from kernel.errors import InvalidInput

    with pytest.raises(InvalidInput):
        eligibility.check_fact(PACK, "post_category", "community_staff")


def test_the_exam_is_composed_as_written() -> None:
    terms = notice.exam_terms(PACK, {})
    assert terms is not None
    assert (terms.written_weight, terms.interview_weight, terms.replacement_rounds) == (4_000, 6_000, 1)
    assert list(terms.tie_break) == ["written"]
    assert (terms.written_pass, terms.interview_pass) == (None, None)
    assert terms.total(Decimal(80), Decimal(70)) == Decimal("74.00")


def test_a_tie_goes_to_the_written_score_and_a_place_is_replaced_once() -> None:
    terms = notice.exam_terms(PACK, {})
    assert terms is not None
    scores = {1: (80, 70), 2: (74, 74), 3: (60, 60), 4: (50, 50)}
    placed = ranking.places(
        [ranking.Contender(UUID(int=key), Decimal(a), Decimal(b), True) for key, (a, b) in scores.items()], terms
    )
    assert [(each.id.int, each.rank) for each in placed] == [(1, 1), (2, 2), (3, 3), (4, 4)]
    assert placed[0].total == placed[1].total
    out = [ranking.Standing(each.id, each.rank or 0, "failed", each.total) for each in placed[:2]]
    rest = [ranking.Standing(each.id, each.rank or 0, "qualified", each.total) for each in placed[2:]]
    turns = ranking.turns([*out, *rest], 1, terms.replacement_rounds)
    assert {key.int: turn.round for key, turn in turns.items()} == {1: 0, 2: 1}


def test_the_list_is_public_for_five_working_days() -> None:
    workflow = PACK.workflow("hire")
    assert workflow is not None
    steps = workflow.for_case("hire", "county", {})["steps"]
    assert steps[0]["period"] == {"count": 5, "unit": "working"}
    assert add_working_days(date(2026, 9, 30), 5, PACK.calendar) == date(2026, 10, 13)


def test_twenty_four_grades_in_four_classes_with_two_years_to_each_step() -> None:
    grades = rank.own_ladder(PACK, ON)
    assert grades is not None
    assert [each["grade"] for each in grades] == list(range(1, 25))
    assert len({each["label"]["zh"].lstrip("0123456789") for each in grades}) == 4
    whole = rank.reach(PACK, len(grades), {"staff"}, "14", ON)
    assert whole == rank.Reach(1, 24, 0)
    for since, passes in ((date(2023, 3, 10), True), (date(2023, 3, 11), False)):
        found = rank.promotion(PACK, rank.asked(grades, 2), 2, since, None, whole, ON)
        assert all(each.passes for each in found) is passes
