"""When one may sign up and what has to be stated."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from kernel.errors import InvalidInput, WrongState
from kernel.regulation.pack import Pack
from services.recruitment.application import rules

OPENS = datetime(2024, 9, 10, 1, 0, tzinfo=UTC)
CLOSES = datetime(2024, 9, 20, 9, 30, tzinfo=UTC)
TICK = timedelta(microseconds=1)
ASKED = ("citizen", "identities")


@pytest.mark.article("NM-8")
@pytest.mark.parametrize("now", [OPENS, CLOSES - TICK])
def test_sign_up_is_open_from_its_opening_until_before_its_closing(neimenggu: Pack, now: datetime) -> None:
    rules.check_open(neimenggu, now=now, opens_at=OPENS, closes_at=CLOSES)


@pytest.mark.article("NM-8")
@pytest.mark.parametrize("now", [OPENS - TICK, CLOSES])
def test_sign_up_is_closed_before_and_at_its_closing(neimenggu: Pack, now: datetime) -> None:
    with pytest.raises(WrongState) as refused:
        rules.check_open(neimenggu, now=now, opens_at=OPENS, closes_at=CLOSES)
    assert refused.value.article == "NM-8(3)"


def test_what_is_asked_is_stated_with_its_kind(neimenggu: Pack) -> None:
    rules.check_declarations(neimenggu, ASKED, {"citizen": True, "identities": ["veteran"]})


@pytest.mark.parametrize(
    ("given", "pointers"),
    [
        ({}, ["/declarations/citizen", "/declarations/identities"]),
        ({"citizen": 1, "identities": []}, ["/declarations/citizen"]),
        ({"citizen": True, "identities": ["king"]}, ["/declarations/identities"]),
        ({"citizen": True, "identities": [], "a/b": 1}, ["/declarations/a~1b"]),
    ],
)
def test_each_wrong_statement_is_named(neimenggu: Pack, given: dict[str, Any], pointers: list[str]) -> None:
    with pytest.raises(InvalidInput) as refused:
        rules.check_declarations(neimenggu, ASKED, given)
    assert [error.pointer for error in refused.value.errors] == pointers


@pytest.mark.parametrize(
    "phone", ["1390000000", "139000000011", "23900000001", "1390000000x", "１３９００００００００"]
)
def test_what_is_no_mobile_number_is_refused(phone: str) -> None:
    rules.check_phone("13900000001")
    with pytest.raises(InvalidInput):
        rules.check_phone(phone)


def test_nobody_is_born_after_the_day_on_which_age_is_reckoned() -> None:
    day = date(2024, 9, 30)
    rules.check_birth(day, day)
    rules.check_birth(date(day.year - rules.LONGEST_LIFE + 1, 1, 1), day)
    for birth in (day + timedelta(days=1), date(day.year - rules.LONGEST_LIFE, 12, 31)):
        with pytest.raises(InvalidInput):
            rules.check_birth(birth, day)


def test_a_sign_up_is_withdrawn_before_selection_only() -> None:
    for state in ("submitted", "qualified"):
        rules.check_withdrawable(state)
    for state in ("withdrawn", "not_qualified", "failed", "proposed", "hired", "not_hired"):
        with pytest.raises(WrongState):
            rules.check_withdrawable(state)
