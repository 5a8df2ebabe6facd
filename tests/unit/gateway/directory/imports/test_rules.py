"""Cells of an import: days as people write them, and units in an order in which they can be made."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.directory.imports import rules
from gateway.directory.rules import meet, within


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2026-03-01", date(2026, 3, 1)),
        ("2026/3/1", date(2026, 3, 1)),
        ("2026.03.1", date(2026, 3, 1)),
        ("2024-02-29", date(2024, 2, 29)),
        ("2025-02-29", None),
        ("", None),
        ("2026-3", None),
        ("1/3/2026", None),
        ("２０２６-03-01", None),
    ],
)
def test_a_day_is_read_or_refused(text: str, found: date | None) -> None:
    assert rules.day(text) == found


def test_the_last_day_is_included() -> None:
    assert rules.day_after(date(2026, 2, 28)) == date(2026, 3, 1)
    assert rules.day_after(date.max) is None


def test_units_come_behind_their_parents_wherever_they_stand_in_the_sheet() -> None:
    assert rules.in_order({"c": "b", "b": "a", "a": "top"}) == (["a", "b", "c"], set())


def test_a_circle_and_all_that_hangs_on_it_is_named() -> None:
    ordered, circle = rules.in_order({"a": "b", "b": "a", "c": "a", "self": "self", "d": "top"})
    assert (ordered, circle) == (["d"], {"a", "b", "c", "self"})


@given(st.dictionaries(st.integers(0, 20).map(str), st.integers(0, 25).map(str)))
def test_each_unit_is_placed_once_behind_its_parent_or_lies_on_a_circle(parents: dict[str, str]) -> None:
    ordered, circle = rules.in_order(parents)
    assert sorted([*ordered, *circle]) == sorted(parents)
    for at, code in enumerate(ordered):
        assert parents[code] not in parents or parents[code] in ordered[:at]
    for code in circle:
        assert parents[code] in circle


A, B, C, D = (date(2026, 3, day) for day in (1, 2, 3, 4))


@pytest.mark.parametrize(
    ("inner", "outer", "fits", "touches"),
    [
        ((A, C), (A, C), True, True),
        ((A, C), (B, None), False, True),
        ((A, None), (A, C), False, True),
        ((A, B), (B, C), False, False),
        ((B, C), (A, B), False, False),
        ((B, B), (A, C), True, False),
        ((A, None), (None, None), True, True),
        ((C, D), (None, B), False, False),
    ],
)
def test_periods_are_half_open(
    inner: tuple[date, date | None], outer: tuple[date | None, date | None], fits: bool, touches: bool
) -> None:
    assert (within(inner, outer), meet(inner, outer), meet(outer, inner)) == (fits, touches, touches)
