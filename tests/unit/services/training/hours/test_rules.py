"""What may be entered into the ledger."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import InvalidInput, WrongState
from services.training.hours.rules import check_ended, check_within, difference

END = datetime(2025, 3, 7, 9, 0, tzinfo=UTC)


def test_hours_are_credited_from_the_end_of_the_class_on() -> None:
    check_ended(END, END)
    with pytest.raises(WrongState):
        check_ended(END, END - timedelta(seconds=1))


def test_nobody_gets_more_hours_than_the_class_had() -> None:
    check_within(Decimal(8), Decimal(8))
    with pytest.raises(InvalidInput):
        check_within(Decimal("8.5"), Decimal(8))


halves = st.integers(0, 100).map(lambda count: Decimal(count) / 2)


@given(corrections=st.lists(halves, max_size=8), credit=halves)
def test_after_any_corrections_the_last_one_stands_and_no_entry_was_changed(
    corrections: list[Decimal], credit: Decimal
) -> None:
    ledger = [credit]
    for corrected in corrections:
        standing = sum(ledger, Decimal(0))
        if corrected == standing:
            with pytest.raises(InvalidInput):
                difference(standing, corrected)
            continue
        ledger.append(difference(standing, corrected))
        assert sum(ledger, Decimal(0)) == corrected
    assert ledger[0] == credit
    assert sum(ledger, Decimal(0)) == (corrections[-1] if corrections else credit)
