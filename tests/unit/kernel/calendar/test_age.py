"""Completed years of age under both conventions, with the leap day."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.calendar import AgeConvention, completed_years, earliest_birth

BIRTHS = st.dates(date(1940, 1, 1), date(2006, 12, 31))
REFERENCES = st.dates(date(2007, 1, 1), date(2060, 12, 31))
CONVENTIONS = st.sampled_from(["birthday", "day_after_birthday"])


@pytest.mark.parametrize(
    ("birth", "on", "convention", "years"),
    [
        (date(1985, 10, 29), date(2026, 10, 28), "birthday", 40),
        (date(1985, 10, 29), date(2026, 10, 29), "birthday", 41),
        (date(1985, 10, 29), date(2026, 10, 29), "day_after_birthday", 40),
        (date(1985, 10, 29), date(2026, 10, 30), "day_after_birthday", 41),
        (date(2004, 2, 29), date(2025, 2, 27), "birthday", 20),
        (date(2004, 2, 29), date(2025, 2, 28), "birthday", 21),
        (date(2004, 2, 29), date(2024, 2, 28), "birthday", 19),
        (date(2004, 2, 29), date(2024, 2, 29), "birthday", 20),
        (date(2026, 1, 1), date(2026, 1, 1), "day_after_birthday", 0),
    ],
)
def test_completed_years(birth: date, on: date, convention: AgeConvention, years: int) -> None:
    assert completed_years(birth, on, convention) == years


def test_a_reference_before_birth_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="before the date of birth"):
        completed_years(date(2026, 1, 2), date(2026, 1, 1))


def test_the_window_of_birth_that_a_notice_states() -> None:
    assert earliest_birth(40, date(2026, 10, 29)) == date(1985, 10, 30)
    assert earliest_birth(40, date(2026, 10, 29), "day_after_birthday") == date(1985, 10, 29)


@settings(deadline=None)
@given(birth=BIRTHS, on=REFERENCES, limit=st.integers(18, 60), convention=CONVENTIONS)
def test_the_window_and_the_age_agree(birth: date, on: date, limit: int, convention: AgeConvention) -> None:
    assert (birth >= earliest_birth(limit, on, convention)) == (completed_years(birth, on, convention) <= limit)
