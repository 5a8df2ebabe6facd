"""For which days a certificate counts (SH-15, NM-19)."""

from datetime import date

import pytest

from kernel.errors import InvalidInput, WrongState
from services.roster.certificate import rules

ISSUED = date(2024, 10, 1)


def test_a_certificate_of_a_day_to_come_is_none() -> None:
    rules.check_issue(ISSUED, ISSUED)
    with pytest.raises(InvalidInput):
        rules.check_issue(ISSUED, date(2024, 9, 30))


def test_it_counts_from_its_issue_at_the_earliest_and_for_a_day_at_least() -> None:
    rules.check_period(ISSUED, ISSUED, date(2024, 10, 2))
    rules.check_period(ISSUED, ISSUED, None)
    with pytest.raises(InvalidInput):
        rules.check_period(ISSUED, date(2024, 9, 30), None)
    with pytest.raises(InvalidInput):
        rules.check_period(ISSUED, ISSUED, ISSUED)


def test_it_ends_once_and_never_later_than_before() -> None:
    rules.check_ending(ISSUED, None, date(2024, 10, 2))
    rules.check_ending(ISSUED, date(2027, 1, 1), date(2026, 1, 1))
    with pytest.raises(WrongState):
        rules.check_ending(ISSUED, date(2026, 1, 1), date(2026, 1, 1))
    with pytest.raises(InvalidInput):
        rules.check_ending(ISSUED, None, ISSUED)
