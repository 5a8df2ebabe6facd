"""Spans and years of service (NM-23 cumulative, NM-32 continuous), terms, and what may be taken and left."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.calendar import completed_years
from kernel.errors import Conflict, InvalidInput, RuleRefused
from services.roster.appointment import rules
from tests.unit.services.roster.packs import inner_mongolia, shuanghe

ON = date(2026, 9, 2)
days = st.dates(date(1990, 1, 1), date(2030, 12, 31))
periods = st.lists(
    st.tuples(days, st.one_of(st.none(), days)).filter(lambda each: each[1] is None or each[0] < each[1]), max_size=8
)


@pytest.mark.article("NM-23", "NM-32")
@pytest.mark.parametrize(("start", "years"), [(date(2016, 9, 2), 10), (date(2016, 9, 3), 9)])
def test_ten_years_are_complete_on_the_anniversary(start: date, years: int) -> None:
    counted = rules.service([(start, None)], ON)
    assert (counted.cumulative, counted.current, counted.longest, counted.gaps) == (years, years, years, 0)


@pytest.mark.article("NM-23", "NM-32")
def test_a_transfer_without_a_days_gap_keeps_the_span_whole() -> None:
    counted = rules.service([(date(2014, 5, 1), date(2020, 3, 1)), (date(2020, 3, 1), None)], ON)
    assert (counted.current, counted.gaps, counted.since) == (12, 0, date(2014, 5, 1))


@pytest.mark.article("NM-23", "NM-32")
def test_one_day_between_breaks_the_span_but_years_add_up() -> None:
    counted = rules.service([(date(2014, 5, 1), date(2020, 3, 1)), (date(2020, 3, 2), None)], ON)
    assert (counted.cumulative, counted.current, counted.longest, counted.gaps) == (12, 6, 6, 1)


def test_two_posts_at_once_count_once() -> None:
    twice = [(date(2020, 1, 1), None), (date(2020, 1, 1), date(2025, 1, 1))]
    assert rules.service(twice, ON) == rules.service(twice[:1], ON)


def test_after_the_last_post_nothing_is_continuous_any_more() -> None:
    counted = rules.service([(date(2010, 1, 1), date(2021, 1, 1))], ON)
    assert (counted.cumulative, counted.current, counted.longest, counted.since) == (11, 0, 11, None)
    # On the first day without a post the span is over, though it reaches to that day.
    assert rules.service([(date(2010, 1, 1), date(2021, 1, 1))], date(2021, 1, 1)).current == 0


def test_nobody_has_served_before_the_first_day() -> None:
    assert rules.service([(ON, None)], ON).cumulative == 0
    assert rules.service([], ON) == rules.Service(ON, 0, 0, 0, 0, None)


@given(periods, days)
def test_spans_are_disjoint_in_order_and_cover_exactly_the_days_served(
    served: list[tuple[date, date | None]], on: date
) -> None:
    found = rules.spans(served, on)
    assert all(one.before < two.start for one, two in pairwise(found))
    ordinals: set[int] = set()
    for start, before in served:
        ordinals.update(range(start.toordinal(), min(before or on, on).toordinal()))
    assert sum(span.days for span in found) == len(ordinals)


@given(periods, days)
def test_continuous_is_never_more_than_longest_nor_longest_more_than_cumulative(
    served: list[tuple[date, date | None]], on: date
) -> None:
    counted = rules.service(served, on)
    assert 0 <= counted.current <= counted.longest <= counted.cumulative


@given(periods, days, st.integers(0, 2000))
def test_cumulative_years_never_shrink_with_time(served: list[tuple[date, date | None]], on: date, later: int) -> None:
    assert rules.service(served, on).cumulative <= rules.service(served, on + timedelta(later)).cumulative


@given(days, days)
def test_one_span_has_the_years_of_the_calendar(start: date, on: date) -> None:
    expected = completed_years(start, on) if on >= start else 0
    assert rules.service([(start, None)], on).cumulative == expected


@given(days, st.integers(1, 4000), st.integers(1, 4000), st.integers(0, 400))
def test_where_a_span_is_split_without_gap_changes_nothing_and_a_gap_breaks_it(
    start: date, first: int, second: int, gap: int
) -> None:
    middle = start + timedelta(first)
    end = middle + timedelta(gap + second)
    counted = rules.service([(start, middle), (middle + timedelta(gap), None)], end)
    assert counted.gaps == (1 if gap else 0)
    if not gap:
        assert counted == rules.service([(start, None)], end)


TERM = (date(2021, 7, 1), date(2026, 7, 1))


@pytest.mark.article("NM-32")
@pytest.mark.parametrize(
    ("start", "before", "on", "terms"),
    [
        (TERM[0], None, TERM[1], 1),
        (TERM[0], None, TERM[1] - timedelta(1), 0),
        (TERM[0], TERM[1], TERM[1], 1),
        (TERM[0], TERM[1] - timedelta(1), ON, 0),
        (TERM[0] + timedelta(1), None, ON, 0),
        (TERM[0] - timedelta(1), None, ON, 1),
    ],
    ids=["last day over", "a day to go", "left with the term", "left a day early", "began late", "held before"],
)
def test_a_term_counts_when_it_was_served_whole(start: date, before: date | None, on: date, terms: int) -> None:
    assert rules.full_terms([(start, before, *TERM)], on) == terms


def test_a_post_without_term_is_no_term() -> None:
    assert rules.full_terms([(date(2010, 1, 1), None, None, None)], ON) == 0


@pytest.mark.article("NM-3", "NM-7")
def test_roles_are_the_regulations() -> None:
    pack = inner_mongolia()
    assert list(pack.document.roles) == [
        "secretary",
        "director",
        "deputy_secretary",
        "deputy_director",
        "member",
        "staff",
    ]
    assert rules.known_role(pack, "secretary").category == "committee_member"
    assert rules.known_role(pack, "staff").relation == "labour_contract"
    with pytest.raises(InvalidInput):
        rules.known_role(pack, "mayor")
    rules.check_elected(rules.known_role(pack, "director"), "director")
    with pytest.raises(RuleRefused) as refused:
        rules.check_elected(rules.known_role(pack, "staff"), "staff")
    assert refused.value.article == "NM-3"


def test_days_have_their_order() -> None:
    rules.check_period(ON, None, ON)
    rules.check_period(ON, ON + timedelta(1), ON)
    for start, before in ((ON + timedelta(1), None), (ON, ON), (ON, ON - timedelta(1))):
        with pytest.raises(InvalidInput):
            rules.check_period(start, before, ON)
    rules.check_leaving(ON, ON + timedelta(1))
    with pytest.raises(InvalidInput):
        rules.check_leaving(ON, ON)
    rules.check_term(*TERM)
    with pytest.raises(InvalidInput):
        rules.check_term(TERM[0], TERM[0])


def test_one_secretary_at_a_time_but_members_side_by_side() -> None:
    pack = inner_mongolia()
    rules.check_free(rules.known_role(pack, "secretary"), taken=False)
    rules.check_free(rules.known_role(pack, "member"), taken=True)
    with pytest.raises(Conflict):
        rules.check_free(rules.known_role(pack, "secretary"), taken=True)


@pytest.mark.article("SH-2", "SH-4")
def test_a_part_time_member_fills_a_seat_and_is_of_another_category() -> None:
    pack = shuanghe()
    member = rules.known_role(pack, "branch_member")
    assert rules.category_of(member, False) == "committee_member"
    assert rules.category_of(member, True) == "part_time_member"
    assert rules.is_part_time(pack, "branch_member", "part_time_member")
    assert not rules.is_part_time(pack, "branch_member", "committee_member")
    assert rules.category_held(pack, "branch_member", "part_time_member") == "committee_member"
    assert rules.category_held(pack, "staff", "community_staff") == "community_staff"


@pytest.mark.article("NM-3")
def test_a_post_that_knows_no_part_time_holder_has_none() -> None:
    for pack, role in ((shuanghe(), "staff"), (inner_mongolia(), "member")):
        with pytest.raises(InvalidInput) as refused:
            rules.category_of(rules.known_role(pack, role), True)
        assert refused.value.errors[0].pointer == "/part_time"
