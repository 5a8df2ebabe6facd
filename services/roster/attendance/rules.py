"""Which days count as absence, and how they add up (NM-27). Pure.

Only what a named official determined counts; approved leave never does. Limits, where a regulation has them, are
shown beside the counters: acting on them is a matter of exit.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from kernel.calendar import CalendarMissing, WorkingCalendar, is_working_day
from kernel.errors import Conflict, FieldError, InvalidInput, RuleRefused, Text, WrongState

IN_A_ROW = "attendance.absence_in_a_row_over"
IN_A_YEAR = "attendance.absence_in_a_year_over"
ONE = timedelta(days=1)
Period = tuple[date, date]
Follows = Callable[[date, date], bool]


def check_days(on_duty_from: date | None, valid_from: date, before: date, today: date) -> None:
    """Raise `WrongState` for days before duty, `InvalidInput` for days that are not over."""
    if on_duty_from is None or valid_from < on_duty_from:
        raise WrongState(Text("该期间尚未上岗", "The worker was not on duty on these days."))
    if before > today + ONE:
        message = Text(f"不得晚于今天（{today}）", f"Absence lies not after today ({today}).")
        raise InvalidInput(message, errors=[FieldError("/valid_before", message)])


def check_not_on_leave(granted: bool, article: str | None) -> None:
    """Raise `RuleRefused` where a day of it is approved leave."""
    if granted:
        raise RuleRefused(
            Text(
                "该期间有已批准的假期，不得认定为旷工", "Approved leave is never absence; it covers one of these days."
            ),
            article=article,
        )


def check_free(other: bool) -> None:
    """Raise `Conflict` where one of the days was determined already."""
    if other:
        raise Conflict(Text("该期间已有缺勤认定", "One of these days was determined already."))


def check_overstay(overstay: str | None) -> None:
    """Raise `WrongState` unless days over wait for a determination."""
    if overstay != "undetermined":
        raise WrongState(Text("没有待认定的超假", "No overstayed days wait for a determination."))


@dataclass(frozen=True, slots=True)
class Counters:
    """Absence touching one calendar year; working days None where a calendar is missing."""

    days: int
    working_days: int | None
    longest_run: int
    longest_working_run: int | None


def absent_days(absences: Iterable[Period], leave: Iterable[Period]) -> list[date]:
    """The days that count, in order: those of absence without those of leave; periods half-open."""
    excused = {day for start, before in leave for day in _days(start, before)}
    return sorted({day for start, before in absences for day in _days(start, before)} - excused)


def counters(days: list[date], year: int, calendar: WorkingCalendar) -> Counters:
    """The counters of a calendar year over days of absence in order."""
    of_year = [day for day in days if day.year == year]
    runs = _runs(days, lambda before, after: before + ONE == after)
    try:
        working = [day for day in days if is_working_day(day, calendar)]
        working_runs = _runs(working, lambda before, after: not _works_between(before, after, calendar))
        counted: int | None = sum(day.year == year for day in working)
        longest: int | None = _longest(working_runs, year)
    except CalendarMissing:
        counted, longest = None, None
    return Counters(len(of_year), counted, _longest(runs, year), longest)


def _days(start: date, before: date) -> Iterable[date]:
    return (start + timedelta(days=offset) for offset in range((before - start).days))


def _runs(days: list[date], follows: Follows) -> list[list[date]]:
    runs: list[list[date]] = []
    for day in days:
        if runs and follows(runs[-1][-1], day):
            runs[-1].append(day)
        else:
            runs.append([day])
    return runs


def _longest(runs: list[list[date]], year: int) -> int:
    return max((len(run) for run in runs if any(day.year == year for day in run)), default=0)


def _works_between(before: date, after: date, calendar: WorkingCalendar) -> bool:
    return any(is_working_day(day, calendar) for day in _days(before + ONE, after))
