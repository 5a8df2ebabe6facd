"""Which months of pay compensation is taken of, and what is said of those that are missing."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.roster.compensation import rules
from tests.unit.services.roster.packs import changed, inner_mongolia

pytestmark = pytest.mark.article("LCL-47", "LCR-20", "LCR-27")
LAST = date(2026, 5, 31)
MONTHS = [date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1)]
LOCAL = changed(
    {
        "compensation.minimum_wage": {"value": "1980", "ours": {"zh": "试", "en": "a test"}},
        "compensation.average_wage": {"value": "7000", "ours": {"zh": "试", "en": "a test"}},
    }
)


@pytest.mark.parametrize(
    ("worked_from", "last_day", "first", "last", "count"),
    [
        (date(2020, 1, 1), date(2026, 5, 31), date(2025, 6, 1), date(2026, 5, 1), 12),
        (date(2020, 1, 1), date(2026, 5, 30), date(2025, 5, 1), date(2026, 4, 1), 12),
        (date(2026, 3, 1), date(2026, 5, 31), date(2026, 3, 1), date(2026, 5, 1), 3),
        (date(2026, 3, 2), date(2026, 5, 31), date(2026, 4, 1), date(2026, 5, 1), 2),
    ],
)
def test_full_months_before_the_end(worked_from: date, last_day: date, first: date, last: date, count: int) -> None:
    months = rules.pay_months(worked_from, last_day, 12)
    assert (months[0], months[-1], len(months)) == (first, last, count)


def test_work_of_less_than_a_month_has_none() -> None:
    assert rules.pay_months(date(2026, 5, 4), date(2026, 5, 31), 12) == []
    made = rules.wages(LOCAL, [], {}, LAST, None)
    assert made.missing == {"average": rules.NO_MONTH, "last": rules.NO_MONTH}


def test_the_average_of_what_was_paid_and_the_last_month() -> None:
    paid = dict(zip(MONTHS, (Decimal(4_000), Decimal(4_100), Decimal(4_100)), strict=True))
    made = rules.wages(LOCAL, MONTHS, paid, LAST, None)
    assert (made.average, made.last, made.missing) == (Decimal("4066.67"), Decimal(4_100), {})
    assert (made.minimum, made.local_average) == (Decimal(1_980), Decimal(7_000))


def test_each_month_without_pay_is_named() -> None:
    made = rules.wages(LOCAL, MONTHS, {MONTHS[2]: Decimal(4_000)}, LAST, None)
    assert (made.average, made.last) == (None, Decimal(4_000))
    assert "2026-03, 2026-04" in made.missing["average"].en


def test_a_stated_pay_stands_for_both_and_the_wages_of_the_place_are_named_where_nobody_set_them() -> None:
    made = rules.wages(inner_mongolia(), MONTHS, {}, LAST, Decimal(4_000))
    assert (made.average, made.last) == (Decimal(4_000), Decimal(4_000))
    assert set(made.missing) == {"minimum", "local_average"}
    assert "human_resources" in made.missing["minimum"].en


@given(st.lists(st.decimals(min_value=0, max_value=100_000, places=2), min_size=3, max_size=3))
def test_the_average_lies_between_the_least_and_the_most(pays: list[Decimal]) -> None:
    average = rules.wages(LOCAL, MONTHS, dict(zip(MONTHS, pays, strict=True)), LAST, None).average
    assert average is not None
    assert min(pays) <= average <= max(pays)
