"""Periods of months, in the two readings the regulations need (Civil Code 201-203; the ceiling reading of NM-24).

A period that *gives a person time* ends on the same day-number of the due month and moves off a holiday. A
period that *is a ceiling* ends the day before that, so that it can never overshoot.
"""

from calendar import monthrange
from datetime import date, timedelta

from kernel.calendar.working import WorkingCalendar, is_working_day


def add_months(start: date, months: int) -> date:
    """The same day-number that many months on, or the month's last day where it has no such day (Civil Code 202)."""
    index = start.year * 12 + start.month - 1 + months
    year, month = divmod(index, 12)
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last))


def before_after_months(start: date, months: int) -> date:
    """The half-open end of a period of months that begins on `start`: the first day outside it.

    The last day inside is the day before the same day-number; where the due month has no such day it is that
    month's end, so 30 November and three months end with 28 February and this answers 1 March.
    """
    same = add_months(start, months)
    return same if same.day == start.day else same + timedelta(days=1)


def on_time_until(last_day: date, calendar: WorkingCalendar) -> date:
    """The day until which a person may still act: a last day that is no working day moves to the next (Civil
    Code 203).

    Only for deadlines that give a person time, never to stretch a ceiling.
    """
    while not is_working_day(last_day, calendar):
        last_day += timedelta(days=1)
    return last_day


def full_months(start: date, before: date) -> int:
    """How many full months the half-open period [start, before) holds; the inverse of `before_after_months`.

    Raises ValueError where it ends before it starts.
    """
    if before < start:
        raise ValueError("the period ends before it starts")
    months = (before.year - start.year) * 12 + before.month - start.month
    return months if before_after_months(start, months) <= before else months - 1
