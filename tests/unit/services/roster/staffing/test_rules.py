"""Ceiling, allocation, and the sums that may not pass their limit (NM-5, NM-6)."""

import uuid
from datetime import date
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import Forbidden, InvalidInput, ParameterNotSet, RuleRefused, WrongState
from kernel.regulation.figures import NotRegulated
from services.roster.staffing import rules
from services.roster.staffing.rules import Claimant, Dated
from tests.unit.services.roster.packs import changed, inner_mongolia

ON = date(2024, 9, 2)
A, B, C = (uuid.UUID(int=number) for number in (1, 2, 3))


@pytest.mark.article("NM-5")
@pytest.mark.parametrize(
    ("population", "posts"),
    [(0, 0), (555, 0), (556, 1), (5_555, 9), (5_556, 10), (16_665, 29), (16_890_000, 30_402), (16_370_400, 29_466)],
)
def test_eighteen_for_every_ten_thousand_are_never_rounded_up(population: int, posts: int) -> None:
    assert rules.ceiling_of(inner_mongolia(), population, ON) == posts


@pytest.mark.parametrize(("mode", "posts"), [("floor", 9), ("ceil", 10), ("half_up", 10)])
def test_the_way_of_rounding_is_the_packs(mode: str, posts: int) -> None:
    pack = changed({"headcount.rounding": {"value": mode, "ours": {"zh": "试", "en": "A trial"}}})
    assert rules.ceiling_of(pack, 5_555, ON) == posts
    assert rules.ceiling(10_000, 18, mode) == 18
    with pytest.raises(InvalidInput):
        rules.ceiling(1, 18, "bankers")


def test_half_a_post_is_rounded_up_only_where_the_pack_says_half_up() -> None:
    assert [rules.ceiling(2_500, 18, mode) for mode in ("floor", "half_up", "ceil")] == [4, 5, 5]
    assert [rules.ceiling(2_499, 18, mode) for mode in ("floor", "half_up", "ceil")] == [4, 4, 5]


def test_a_regulation_without_norm_has_no_ceiling() -> None:
    with pytest.raises(NotRegulated):
        rules.ceiling_of(changed({"headcount.per_ten_thousand": {"absent": True}}), 5_555, ON)


@given(st.integers(0, 10**9), st.integers(0, 100))
def test_no_rounding_is_a_post_away_from_the_exact_number(population: int, rate: int) -> None:
    exact = Fraction(population * rate, 10_000)
    low, near, high = (rules.ceiling(population, rate, mode) for mode in ("floor", "half_up", "ceil"))
    assert low <= exact <= high
    assert high - low <= 1
    assert abs(near - exact) <= Fraction(1, 2)


# allocation


@pytest.mark.article("NM-6")
def test_three_counties_of_5555_get_ten_ten_and_nine() -> None:
    claimants = [Claimant(key, code, 5_555) for key, code in ((C, "150105"), (A, "150102"), (B, "150103"))]
    shares = rules.shares(inner_mongolia(), 29, claimants, ON)
    assert [(each.posts, each.own_floor, each.above_own_floor) for each in shares] == [
        (10, 9, True),
        (10, 9, True),
        (9, 9, False),
    ]


def test_of_equal_remainders_the_larger_population_comes_first() -> None:
    # 3 × 1/4 and 3 × 3/4: both leave a quarter's multiple; whole shares 0 and 2, remainders 3/4 and 1/4.
    posts = rules.allocate(3, [Claimant(A, "1", 1), Claimant(B, "2", 3)])
    assert posts == {A: 1, B: 2}
    # 2 posts over 1 and 3: both leave one half.
    assert rules.allocate(2, [Claimant(A, "1", 1), Claimant(B, "2", 3)]) == {A: 0, B: 2}


def test_nobody_lives_there_and_nobody_is_allocated() -> None:
    assert rules.allocate(0, [Claimant(A, "1", 0)]) == {A: 0}


claims = st.lists(st.integers(0, 10**7), min_size=1, max_size=20).filter(any)


@given(claims, st.integers(0, 50_000), st.randoms(use_true_random=False))
def test_an_allocation_is_exact_near_repeatable_and_blind_to_order(populations, total, random) -> None:  # type: ignore[no-untyped-def]  # hypothesis' Random
    claimants = [Claimant(UUID(int=index), f"{index:06d}", each) for index, each in enumerate(populations)]
    posts = rules.allocate(total, claimants)
    assert sum(posts.values()) == total
    for each in claimants:
        exact = Fraction(total * each.population, sum(populations))
        assert abs(posts[each.key] - exact) < 1
        assert posts[each.key] >= 0
    shuffled = random.sample(claimants, len(claimants))
    assert rules.allocate(total, shuffled) == posts


# sums in time


def test_the_figure_of_a_day_is_the_newest_decision_for_it() -> None:
    line = [Dated(date(2025, 1, 1), "a", 5), Dated(date(2025, 1, 1), "b", 6), Dated(date(2025, 3, 1), "c", 7)]
    days = [date(2024, 12, 31), date(2025, 1, 1), date(2025, 2, 28), date(2025, 3, 1)]
    assert [rules.standing(line, day) for day in days] == [None, 6, 6, 7]


def test_a_sum_is_looked_at_on_every_later_day_that_changes_it() -> None:
    limit = [Dated(ON, "a", 10), Dated(date(2025, 1, 1), "b", 8)]
    before = {A: [Dated(ON, "a", 4)]}
    for number, found in ((4, None), (5, date(2025, 1, 1))):
        after = before | {B: [Dated(ON, "~", number)]}
        excess = rules.excess_of_parts(before, after, limit, ON)
        assert (excess.on if excess else None) == found
    after = before | {B: [Dated(ON, "~", 7)]}
    excess = rules.excess_of_parts(before, after, limit, ON)
    assert excess == rules.Excess(ON, 11, 10)


def test_a_sum_that_was_too_high_may_fall_but_not_grow() -> None:
    limit = [Dated(ON, "a", 5)]
    before = {A: [Dated(ON, "a", 9)]}
    for number, refused in ((8, False), (9, False), (10, True)):
        after = {A: [Dated(ON, "a", 9), Dated(ON, "~", number)]}
        assert (rules.excess_of_parts(before, after, limit, ON) is not None) is refused


def test_a_day_without_limit_is_an_excess_without_number() -> None:
    excess = rules.excess_of_parts({}, {A: [Dated(ON, "~", 1)]}, [Dated(date(2025, 1, 1), "a", 5)], ON)
    assert excess == rules.Excess(ON, 1, None)


def test_a_limit_is_not_lowered_below_its_parts() -> None:
    parts = {A: [Dated(ON, "a", 3)], B: [Dated(date(2025, 1, 1), "b", 2)]}
    before = [Dated(ON, "a", 9)]
    for number, found in ((5, None), (4, date(2025, 1, 1)), (2, ON)):
        excess = rules.excess_of_limit(parts, before, [*before, Dated(ON, "~", number)], ON)
        assert (excess.on if excess else None) == found


@pytest.mark.article("NM-5", "NM-6")
def test_refusals_name_numbers_article_and_who_fixes_what() -> None:
    pack = inner_mongolia()
    rules.refuse_over_ceiling(pack, None, "呼和浩特市")
    rules.refuse_over_total(pack, None, "新城区")
    with pytest.raises(RuleRefused, match="30, above the ceiling") as over:
        rules.refuse_over_ceiling(pack, rules.Excess(ON, 30, 29), "呼和浩特市")
    assert over.value.article == "NM-5"
    with pytest.raises(ParameterNotSet):
        rules.refuse_over_ceiling(pack, rules.Excess(ON, 30, None), "呼和浩特市")
    with pytest.raises(RuleRefused, match="10, above the total") as total:
        rules.refuse_over_total(pack, rules.Excess(ON, 10, 9), "新城区")
    assert total.value.article == "NM-6"
    with pytest.raises(ParameterNotSet) as unset:
        rules.refuse_over_total(pack, rules.Excess(ON, 10, None), "新城区")
    assert unset.value.article == "NM-6"
    assert unset.value.detail is not None
    assert "盟市党委社会工作部门" in unset.value.detail.zh


@pytest.mark.article("NM-6")
def test_the_level_that_acts_is_the_one_the_regulation_names() -> None:
    figure = inner_mongolia().parameter(rules.CEILING_LEVEL, ON)
    rules.check_level(figure, "league", inner_mongolia())
    with pytest.raises(Forbidden):
        rules.check_level(figure, "county", inner_mongolia())


def test_parts_are_subordinate_units_and_add_up() -> None:
    rules.check_parts(3, [(A, 1), (B, 2)], [A, B])
    rules.check_parts(3, [], [A, B])
    for population, parts in ((4, [(A, 1), (B, 2)]), (3, [(A, 1), (C, 2)]), (3, [(A, 1), (A, 2)])):
        with pytest.raises(InvalidInput):
            rules.check_parts(population, parts, [A, B])


def test_a_unit_stands_once_and_only_what_was_returned_is_corrected() -> None:
    rules.check_items([A, B])
    rules.check_returned(True)
    with pytest.raises(InvalidInput):
        rules.check_items([A, B, A])
    with pytest.raises(WrongState):
        rules.check_returned(False)


def test_a_spread_needs_a_population_by_county() -> None:
    pack = inner_mongolia()
    rules.check_spreadable(pack, "呼和浩特市", True, True, ON)
    for known, by_county in ((False, False), (True, False)):
        with pytest.raises(ParameterNotSet):
            rules.check_spreadable(pack, "呼和浩特市", known, by_county, ON)
