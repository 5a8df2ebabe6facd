"""Counts of working days: the vectors of the domain notes, overlays, and years without data."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.calendar import (
    CalendarMissing,
    CalendarYear,
    WorkingCalendar,
    add_months,
    add_working_days,
    before_after_months,
    count_working_days,
    is_working_day,
    on_time_until,
    working_days_in,
)

NATIONAL = WorkingCalendar("全国")
KNOWN_DAYS = st.dates(date(2024, 1, 1), date(2026, 6, 30))


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (date(2026, 9, 30), 5, date(2026, 10, 13)),
        (date(2026, 2, 12), 5, date(2026, 2, 26)),
        (date(2026, 4, 30), 5, date(2026, 5, 11)),
        (date(2025, 1, 24), 7, date(2025, 2, 10)),
        (date(2026, 6, 15), 7, date(2026, 6, 25)),
    ],
)
def test_the_start_day_is_not_counted_and_make_up_days_are(start: date, days: int, end: date) -> None:
    assert add_working_days(start, days, NATIONAL) == end
    assert count_working_days(start, end, NATIONAL) == days


def test_a_count_that_reaches_a_year_without_data_is_refused() -> None:
    with pytest.raises(CalendarMissing, match="calendar 2027 missing"):
        add_working_days(date(2026, 12, 25), 5, NATIONAL)


def test_a_count_that_ends_before_that_year_is_not() -> None:
    assert add_working_days(date(2026, 12, 25), 4, NATIONAL) == date(2026, 12, 31)


@pytest.mark.parametrize(("year", "days"), [(2024, 251), (2025, 248), (2026, 248)])
def test_working_days_of_a_year(year: int, days: int) -> None:
    assert working_days_in(date(year, 1, 1), date(year + 1, 1, 1), NATIONAL) == days


def test_a_year_is_loaded_from_its_official_notice() -> None:
    loaded = CalendarYear(off=frozenset({date(2027, 1, 1)}), work=frozenset({date(2027, 1, 3)}), complete=True)
    calendar = WorkingCalendar("全国", {2027: loaded})
    assert not is_working_day(date(2027, 1, 1), calendar)
    assert is_working_day(date(2027, 1, 3), calendar)
    assert not is_working_day(date(2027, 1, 2), calendar)
    assert is_working_day(date(2027, 1, 4), calendar)


REGIONAL_2025 = frozenset(
    {date(2025, 3, 29), date(2025, 3, 30), date(2025, 3, 31), *(date(2025, 6, day) for day in range(6, 11))}
)


def test_an_overlay_takes_days_that_the_national_arrangement_works() -> None:
    regional = WorkingCalendar("地方", {2025: CalendarYear(off=REGIONAL_2025)}, overlay_required=True)
    for day in (date(2025, 3, 31), date(2025, 6, 6), date(2025, 6, 9), date(2025, 6, 10)):
        assert is_working_day(day, NATIONAL)
        assert not is_working_day(day, regional)
    assert not is_working_day(date(2025, 10, 1), regional)


@pytest.mark.parametrize("year", [2024, 2026])
def test_a_jurisdiction_with_its_own_holidays_refuses_a_year_whose_overlay_is_not_loaded(year: int) -> None:
    regional = WorkingCalendar("地方", {2025: CalendarYear(off=REGIONAL_2025)}, overlay_required=True)
    with pytest.raises(CalendarMissing, match=f"calendar {year} missing"):
        is_working_day(date(year, 5, 6), regional)


def test_a_deadline_for_a_person_moves_off_a_holiday() -> None:
    assert on_time_until(date(2026, 10, 1), NATIONAL) == date(2026, 10, 8)
    assert on_time_until(date(2026, 10, 8), NATIONAL) == date(2026, 10, 8)


def test_a_negative_period_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="negative"):
        add_working_days(date(2026, 1, 5), -1, NATIONAL)


@settings(deadline=None)
@given(start=KNOWN_DAYS, days=st.integers(0, 60))
def test_adding_and_counting_are_inverse(start: date, days: int) -> None:
    end = add_working_days(start, days, NATIONAL)
    assert count_working_days(start, end, NATIONAL) == days
    assert end == start or is_working_day(end, NATIONAL)


@settings(deadline=None)
@given(first=KNOWN_DAYS, one=st.integers(0, 40), two=st.integers(0, 40))
def test_periods_add_up(first: date, one: int, two: int) -> None:
    middle, end = first + timedelta(days=one), first + timedelta(days=one + two)
    whole = working_days_in(first, end, NATIONAL)
    assert whole == working_days_in(first, middle, NATIONAL) + working_days_in(middle, end, NATIONAL)


OFF_AND_WORK = {
    2024: (
        "1/1 2/10-2/17 4/4-4/6 5/1-5/5 6/10 9/15-9/17 10/1-10/7",
        "2/4 2/18 4/7 4/28 5/11 9/14 9/29 10/12",
    ),
    2025: ("1/1 1/28-2/4 4/4-4/6 5/1-5/5 5/31-6/2 10/1-10/8", "1/26 2/8 4/27 9/28 10/11"),
    2026: ("1/1-1/3 2/15-2/23 4/4-4/6 5/1-5/5 6/19-6/21 9/25-9/27 10/1-10/7", "1/4 2/14 2/28 5/9 9/20 10/10"),
}


def days_of(year: int, written: str) -> list[date]:
    """`2/10-2/17 4/4` as days of the year."""
    found = []
    for span in written.split():
        first, _, last = span.partition("-")
        begin, end = (date(year, *map(int, each.split("/"))) for each in (first, last or first))
        found += [begin + timedelta(days=offset) for offset in range((end - begin).days + 1)]
    return found


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_every_day_off_and_every_make_up_day_of_the_official_notices(year: int) -> None:
    off, work = (days_of(year, written) for written in OFF_AND_WORK[year])
    assert not any(is_working_day(day, NATIONAL) for day in off)
    assert all(is_working_day(day, NATIONAL) for day in work)
    assert all(day.weekday() > 4 for day in work), "a make-up day is a weekend"
    plain = [date(year, 1, 1) + timedelta(days=offset) for offset in range(366)]
    named = {*off, *work}
    ordinary = [day for day in plain if day.year == year and day not in named]
    assert all(is_working_day(day, NATIONAL) == (day.weekday() < 5) for day in ordinary)


@given(start=st.dates(date(2027, 1, 1), date(2099, 12, 31)), days=st.integers(1, 30))
def test_beyond_the_loaded_years_counting_fails_and_plain_dates_do_not(start: date, days: int) -> None:
    with pytest.raises(CalendarMissing):
        add_working_days(start, days, NATIONAL)
    assert add_months(start, days) > start
    assert before_after_months(start, days) > start
