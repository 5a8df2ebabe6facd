"""What the limits of SH-25(2) make of counted absence: both sides of each, and never more than was determined."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.calendar import CalendarMissing, is_working_day
from services.roster.attendance import rules
from tests.unit.services.roster.packs import inner_mongolia, shuanghe

PACK = shuanghe()
CALENDAR = PACK.calendar
ONE = timedelta(days=1)
TODAY = date(2025, 6, 20)
REGIONAL = [date(2025, 3, day) for day in (29, 30, 31)] + [date(2025, 6, day) for day in range(6, 11)]
in_2025 = st.dates(date(2025, 1, 2), date(2025, 11, 10))
lengths = st.integers(1, 45)


def judged(*periods: tuple[date, date], leave: tuple[tuple[date, date], ...] = ()) -> rules.Standing:
    days = rules.absent_days(periods, leave)
    found = rules.counters(days, 2025, CALENDAR, rules.excused_days(leave))
    return rules.standing_of(rules.findings(PACK, found, TODAY))


def run(first: date, days: int) -> tuple[date, date]:
    return first, first + days * ONE


@pytest.mark.article("SH-17", "SH-25")
def test_the_regions_days_off_are_worked_elsewhere() -> None:
    assert not any(is_working_day(day, CALENDAR) for day in REGIONAL)
    elsewhere = inner_mongolia().calendar
    worked = [day for day in REGIONAL if is_working_day(day, elsewhere)]
    assert worked == [date(2025, 3, 31), date(2025, 6, 6), date(2025, 6, 9), date(2025, 6, 10)]


@pytest.mark.article("SH-25")
def test_fifteen_days_are_nothing_and_sixteen_a_review() -> None:
    first = date(2025, 5, 16)
    assert [judged(run(first, days)) for days in (15, 16, 27, 28)] == ["none", "review", "review", "ground"]


@pytest.mark.article("SH-25")
def test_thirty_days_of_a_year_are_nothing_and_thirty_one_a_review() -> None:
    spread = [run(date(2025, month, 10), 6) for month in (2, 3, 4, 5, 7)]
    assert judged(*spread) == "none"
    assert judged(*spread, run(date(2025, 9, 10), 1)) == "review"


@pytest.mark.article("SH-25")
def test_twelve_months_over_the_turn_of_the_year_only_warn() -> None:
    # 2024 is not loaded: days of it are no part of the year's count, and no calendar is asked for them.
    before = [run(date(2024, month, 10), 6) for month in (8, 9, 10)]
    after = [run(date(2025, month, 10), 6) for month in (2, 3)]
    assert judged(*before, *after) == "none"
    assert judged(*before, *after, run(date(2025, 5, 12), 1)) == "warning"


@pytest.mark.article("SH-25")
def test_a_run_over_the_turn_of_the_year_asks_for_the_calendar_that_is_missing() -> None:
    days = rules.absent_days([(date(2024, 12, 30), date(2025, 1, 4))], ())
    found = rules.counters(days, 2025, CALENDAR)
    assert (found.days, found.longest_run, found.working_days) == (3, 5, None)
    with pytest.raises(CalendarMissing):
        rules.findings(PACK, found, TODAY)
    assert rules.findings(inner_mongolia(), found, TODAY) == []


@pytest.mark.article("SH-25")
@given(first=in_2025, length=lengths, leave_from=in_2025, leave_length=lengths)
def test_the_ground_needs_working_days_above_a_limit_and_leave_never_raises_anything(
    first: date, length: int, leave_from: date, leave_length: int
) -> None:
    absence, leave = run(first, length), (run(leave_from, leave_length),)
    order = ["none", "warning", "review", "ground"]
    without, with_leave = judged(absence), judged(absence, leave=leave)
    assert order.index(with_leave) <= order.index(without)
    if length <= 15:
        assert without == "none"
    days = rules.absent_days([absence], ())
    working = sum(is_working_day(day, CALENDAR) for day in days if day.year == 2025)
    assert (without == "ground") == (working > 15)
