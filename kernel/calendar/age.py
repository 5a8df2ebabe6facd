"""Age in completed years (周岁) on a reference date.

Which day completes a year is a convention of the pack, not of this module: most notices count from the
birthday itself, criminal-law practice from the day after it.
"""

from datetime import date, timedelta
from typing import Literal

from kernel.calendar.months import add_months

AgeConvention = Literal["birthday", "day_after_birthday"]


def completed_years(birth: date, on: date, convention: AgeConvention = "birthday") -> int:
    """Completed years of age on that day; someone born on 29 February completes a year on 28 February.

    The end of February stands for the missing day as Civil Code 202 has it for periods of years.
    Raises ValueError when the reference date lies before birth.
    """
    if on < birth:
        raise ValueError("the reference date lies before the date of birth")
    reference = on if convention == "birthday" else on - timedelta(days=1)
    if reference < birth:
        return 0
    years = reference.year - birth.year
    return years if add_months(birth, 12 * years) <= reference else years - 1


def earliest_birth(limit: int, on: date, convention: AgeConvention = "birthday") -> date:
    """The earliest date of birth with which someone is at most `limit` completed years old on that day.

    This is the birth window that a notice states, so that nobody has to know the convention.
    """
    day = add_months(on, -12 * (limit + 1)) - timedelta(days=2)
    while completed_years(day, on, convention) > limit:
        day += timedelta(days=1)
    return day
