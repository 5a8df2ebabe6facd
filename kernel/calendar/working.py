"""Working days (工作日): the national arrangement from `chinesecalendar`, under a jurisdiction's own overlay.

The overlay adds days off and make-up days that only the jurisdiction's notice names (Xinjiang's two
festivals). A jurisdiction that has such notices requires the overlay of a year before it counts in that year.
"""

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import ClassVar

import chinese_calendar

from kernel.errors import Problem, Text


class CalendarMissing(Problem):
    """A count of working days reached a year whose official arrangement is not loaded."""

    status: ClassVar[int] = 409
    name: ClassVar[str] = "calendar-missing"
    title: ClassVar[Text] = Text("该年度工作日历尚未载入", "The year's working calendar is not loaded")
    advice: ClassVar[Text] = Text(
        "请在该年放假安排公布后载入数据再办理", "Load the year's official arrangement, then try again."
    )

    def __init__(self, year: int, why: Text) -> None:
        detail = Text(f"缺少 {year} 年工作日历：{why.zh}", f"calendar {year} missing: {why.en}")
        super().__init__(detail)
        self.year = year


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """One year of a jurisdiction: days off (`off`) and working days (`work`) beside the national arrangement.

    With `complete`, the two lists *are* the year's arrangement (besides ordinary weekends), which is how a
    year that the library does not know yet is loaded from its official notice.
    """

    off: frozenset[date] = frozenset()
    work: frozenset[date] = frozenset()
    complete: bool = False


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """The working calendar of a jurisdiction; `overlay_required` refuses years that have no entry in `years`."""

    name: str
    years: Mapping[int, CalendarYear] = field(default_factory=dict)
    overlay_required: bool = False


SATURDAY = 5


def is_working_day(day: date, calendar: WorkingCalendar) -> bool:
    """Whether offices of the jurisdiction work on that day; raises `CalendarMissing` without data for its year."""
    year = calendar.years.get(day.year)
    if year is None and calendar.overlay_required:
        raise CalendarMissing(
            day.year,
            Text(f"“{calendar.name}”的放假安排未载入", f"no overlay of {calendar.name!r} is loaded for it"),
        )
    if year is not None:
        if day in year.off:
            return False
        if day in year.work:
            return True
        if year.complete:
            return day.weekday() < SATURDAY
    try:
        return _national(day)
    except NotImplementedError:
        raise CalendarMissing(
            day.year, Text("国家放假安排未载入", "the national arrangement of that year is not loaded")
        ) from None


@functools.lru_cache(maxsize=8_192)
def _national(day: date) -> bool:
    # The library looks through all holidays it knows at each question, to see which years it knows.
    return bool(chinese_calendar.is_workday(day))


def add_working_days(start: date, days: int, calendar: WorkingCalendar) -> date:
    """The last day of a period of working days; the start day is not counted, acting is allowed the day after.

    Raises `CalendarMissing` as soon as the count touches a year without data, ValueError below zero.
    """
    if days < 0:
        raise ValueError("a period of working days cannot be negative")
    day = start
    while days:
        day += timedelta(days=1)
        if is_working_day(day, calendar):
            days -= 1
    return day


def count_working_days(start: date, end: date, calendar: WorkingCalendar) -> int:
    """Working days after `start` up to and with `end`; the inverse of `add_working_days`."""
    return working_days_in(start + timedelta(days=1), end + timedelta(days=1), calendar)


def working_days_in(first: date, before: date, calendar: WorkingCalendar) -> int:
    """Working days of the half-open period [first, before)."""
    days = (first + timedelta(days=offset) for offset in range((before - first).days))
    return sum(is_working_day(day, calendar) for day in days)
