"""Local parameters: another pair of eyes, and periods that never overlap or rewrite the past."""

import itertools
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.regulation.rules import Held, check_four_eyes, first_day, place
from kernel.errors import InvalidInput, RuleRefused
from kernel.ids import new_id

TODAY = date(2025, 7, 1)
DAY = timedelta(days=1)


def test_two_people_take_part() -> None:
    proposer = new_id()
    check_four_eyes(proposer, new_id(), "XX-1")
    for decider in (proposer, None):
        with pytest.raises(RuleRefused):
            check_four_eyes(proposer, decider, "XX-1")


def held(since: date, before: date | None = None) -> Held:
    return Held(new_id(), since, before)


def test_the_first_value_may_reach_back_as_its_document_does() -> None:
    found = place([], TODAY - 400 * DAY, TODAY, None)
    assert (found.valid_before, found.ends) == (None, None)


def test_a_later_value_ends_the_one_in_force_on_its_first_day() -> None:
    present = held(TODAY - 30 * DAY)
    for first in (TODAY, TODAY + 30 * DAY):
        found = place([present], first, TODAY, None)
        assert (found.valid_before, found.ends) == (None, present.id)


def test_what_held_in_the_past_is_not_rewritten() -> None:
    with pytest.raises(InvalidInput) as refused:
        place([held(TODAY - 30 * DAY)], TODAY - DAY, TODAY, "XX-1")
    assert (refused.value.errors[0].pointer, refused.value.errors[0].article) == ("/valid_from", "XX-1")


@pytest.mark.parametrize(
    ("since", "wanted", "first"),
    [(None, -30, -30), (None, 30, 30), (-20, -30, -30), (-40, -30, 0), (-40, 0, 0), (-40, 30, 30)],
)
def test_what_others_approved_holds_from_its_day_on_but_replaces_nothing_on_days_past(
    since: int | None, wanted: int, first: int
) -> None:
    present = [held(TODAY + since * DAY)] if since is not None else []
    assert first_day(present, TODAY + wanted * DAY, TODAY) == TODAY + first * DAY
    assert place(present, TODAY + first * DAY, TODAY, None)


def test_a_gap_in_the_past_may_be_filled_in_up_to_the_next_period() -> None:
    present = held(TODAY - 30 * DAY)
    found = place([present], TODAY - 60 * DAY, TODAY, None)
    assert (found.valid_before, found.ends) == (present.valid_from, None)


@given(st.lists(st.integers(min_value=-60, max_value=60), min_size=1, max_size=12))
def test_periods_never_overlap_whatever_is_decided_in_whatever_order(offsets: list[int]) -> None:
    periods: dict[UUID, tuple[date, date | None]] = {}
    for offset in offsets:
        first = TODAY + offset * DAY
        try:
            found = place([Held(key, *period) for key, period in periods.items()], first, TODAY, None)
        except InvalidInput:
            assert offset < 0
            continue
        if found.ends is not None:
            since = periods[found.ends][0]
            if since < first:
                periods[found.ends] = (since, first)
            else:
                del periods[found.ends]
        periods[new_id()] = (first, found.valid_before)
        ordered = sorted(periods.values(), key=lambda one: one[0])
        for (_, before), (after, _) in itertools.pairwise(ordered):
            assert before is not None
            assert before <= after
