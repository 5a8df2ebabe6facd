"""Absence as it counts: determined days, never approved leave, in a row and in a year (NM-27)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import Conflict, InvalidInput, RuleRefused, WrongState
from services.roster.attendance import rules
from tests.unit.services.roster.packs import inner_mongolia

CALENDAR = inner_mongolia().calendar
FRIDAY = date(2025, 3, 14)
ONE = timedelta(days=1)
days = st.dates(date(2024, 1, 1), date(2026, 11, 30))
periods = st.lists(
    st.tuples(days, st.integers(1, 20)).map(lambda made: (made[0], made[0] + timedelta(days=made[1]))), max_size=5
)


@pytest.mark.article("NM-27")
def test_approved_leave_is_never_absence() -> None:
    found = rules.absent_days([(FRIDAY, FRIDAY + 4 * ONE)], [(FRIDAY + ONE, FRIDAY + 2 * ONE)])
    assert found == [FRIDAY, FRIDAY + 2 * ONE, FRIDAY + 3 * ONE]
    rules.check_not_on_leave(False, "NM-27")
    with pytest.raises(RuleRefused) as refused:
        rules.check_not_on_leave(True, "NM-27")
    assert refused.value.article == "NM-27"


def test_friday_and_monday_are_in_a_row_in_working_days_and_not_in_calendar_days() -> None:
    found = rules.counters([FRIDAY, FRIDAY + 3 * ONE], 2025, CALENDAR)
    assert (found.days, found.working_days, found.longest_run, found.longest_working_run) == (2, 2, 1, 2)
    assert (found.longest_span, found.in_twelve_months) == (4, 2)
    apart = rules.counters([FRIDAY, FRIDAY + 4 * ONE], 2025, CALENDAR)
    assert apart.longest_working_run == 1


def test_a_run_over_new_year_shows_in_both_years_and_days_count_in_their_own() -> None:
    over = rules.absent_days([(date(2025, 12, 30), date(2026, 1, 2))], [])
    assert [rules.counters(over, year, CALENDAR).days for year in (2025, 2026)] == [2, 1]
    assert [rules.counters(over, year, CALENDAR).longest_run for year in (2025, 2026)] == [3, 3]
    assert rules.counters(over, 2024, CALENDAR).longest_run == 0


def test_without_the_calendar_of_a_year_working_days_are_unknown_not_guessed() -> None:
    found = rules.counters([date(2027, 1, 4), date(2027, 1, 5)], 2027, CALENDAR)
    assert (found.days, found.longest_run, found.working_days, found.longest_working_run) == (2, 2, None, None)


@given(absences=periods, leave=periods)
def test_counters_never_exceed_the_days_determined(
    absences: list[tuple[date, date]], leave: list[tuple[date, date]]
) -> None:
    found = rules.absent_days(absences, leave)
    assert not any(start <= day < before for day in found for start, before in leave)
    for year in (2024, 2025, 2026):
        counted = rules.counters(found, year, CALENDAR)
        assert counted.working_days is not None
        assert counted.working_days <= counted.days <= len(found)
        assert counted.longest_run <= len(found)


def test_days_lie_in_the_time_on_duty_and_are_over() -> None:
    rules.check_days(FRIDAY, FRIDAY, FRIDAY + ONE, FRIDAY)
    with pytest.raises(WrongState):
        rules.check_days(FRIDAY + ONE, FRIDAY, FRIDAY + ONE, FRIDAY)
    with pytest.raises(InvalidInput):
        rules.check_days(FRIDAY, FRIDAY, FRIDAY + 2 * ONE, FRIDAY)
    with pytest.raises(Conflict):
        rules.check_free(True)
    rules.check_overstay("undetermined")
    for state in (None, "with_reason", "without_reason"):
        with pytest.raises(WrongState):
            rules.check_overstay(state)
