"""Months in both readings: the same day-number for whoever is given time, the day before for a ceiling."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.calendar import add_months, before_after_months, full_months

DAYS = st.dates(date(1950, 1, 1), date(2090, 12, 31))


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 1, 15), 3, date(2026, 4, 15)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 15), 0, date(2026, 1, 15)),
    ],
)
def test_the_same_day_number_or_the_end_of_the_month(start: date, months: int, end: date) -> None:
    assert add_months(start, months) == end


@pytest.mark.article("NM-24")
@pytest.mark.parametrize(
    ("start", "last_day"),
    [
        (date(2026, 1, 15), date(2026, 4, 14)),
        (date(2026, 3, 1), date(2026, 5, 31)),
        (date(2026, 11, 30), date(2027, 2, 28)),
        (date(2026, 11, 28), date(2027, 2, 27)),
    ],
)
def test_the_last_day_of_a_ceiling_of_three_months(start: date, last_day: date) -> None:
    assert before_after_months(start, 3) - timedelta(days=1) == last_day


@settings(deadline=None)
@given(start=DAYS, months=st.integers(0, 240))
def test_a_ceiling_ends_at_the_same_number_or_right_after_the_month(start: date, months: int) -> None:
    ceiling, same = before_after_months(start, months), add_months(start, months)
    assert ceiling == same or (ceiling.day == 1 and ceiling - timedelta(days=1) == same)


@settings(deadline=None)
@given(start=DAYS, fewer=st.integers(0, 120), more=st.integers(0, 120))
def test_more_months_never_end_earlier(start: date, fewer: int, more: int) -> None:
    assert before_after_months(start, fewer) <= before_after_months(start, fewer + more)


@given(start=st.dates(date(1990, 1, 1), date(2080, 1, 1)), months=st.integers(0, 600))
def test_full_months_are_the_inverse_of_their_end(start: date, months: int) -> None:
    end = before_after_months(start, months)
    assert full_months(start, end) == months
    assert months == 0 or full_months(start, end - timedelta(days=1)) == months - 1


@given(start=st.dates(date(1990, 1, 1), date(2080, 1, 1)), days=st.integers(0, 10_000))
def test_full_months_are_the_most_that_fit(start: date, days: int) -> None:
    end = start + timedelta(days=days)
    months = full_months(start, end)
    assert before_after_months(start, months) <= end < before_after_months(start, months + 1)


def test_a_period_does_not_end_before_it_starts() -> None:
    with pytest.raises(ValueError, match="ends before"):
        full_months(date(2026, 1, 2), date(2026, 1, 1))
