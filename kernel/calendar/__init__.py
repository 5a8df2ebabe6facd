"""Days as officials count them: working days under a jurisdiction's calendar, months, and completed years of age.

Plain date arithmetic works for any year. Only a count of *working days* needs data for the years it touches,
and it refuses (`CalendarMissing`) where that data is not loaded, because counting weekends instead would be a
wrong date.
"""

from kernel.calendar.age import AgeConvention, completed_years, earliest_birth
from kernel.calendar.months import add_months, before_after_months, full_months, on_time_until
from kernel.calendar.working import (
    CalendarMissing,
    CalendarYear,
    WorkingCalendar,
    add_working_days,
    count_working_days,
    is_working_day,
    working_days_in,
)

__all__ = [
    "AgeConvention",
    "CalendarMissing",
    "CalendarYear",
    "WorkingCalendar",
    "add_months",
    "add_working_days",
    "before_after_months",
    "completed_years",
    "count_working_days",
    "earliest_birth",
    "full_months",
    "is_working_day",
    "on_time_until",
    "working_days_in",
]
