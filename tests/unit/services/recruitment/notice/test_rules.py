"""When a notice may go out and which times it may name."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from kernel.errors import InvalidInput, WrongState
from kernel.regulation.pack import Pack
from services.recruitment.notice import rules

NOW = datetime(2024, 9, 10, 1, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def check(**changes: Any) -> None:
    times: dict[str, Any] = {"opens_at": NOW, "closes_at": NOW + SECOND, "birth_from": None, "birth_until": None}
    rules.check_times(now=NOW, **(times | changes))


@pytest.mark.article("NM-8")
def test_only_an_approved_plan_has_a_notice(neimenggu: Pack) -> None:
    rules.check_plan_approved(neimenggu, "approved")
    for state in ("draft", "submitted", "returned", "rejected"):
        with pytest.raises(WrongState) as refused:
            rules.check_plan_approved(neimenggu, state)
        assert refused.value.article == "NM-8"


def test_sign_up_has_a_length_and_ends_in_the_future() -> None:
    check()
    check(birth_from=date(2000, 1, 1), birth_until=date(2000, 1, 1))
    for wrong in (
        {"closes_at": NOW},
        {"opens_at": NOW + SECOND},
        {"opens_at": NOW + 2 * SECOND},
        {"birth_from": date(2000, 1, 2), "birth_until": date(2000, 1, 1)},
    ):
        with pytest.raises(InvalidInput):
            check(**wrong)


def test_a_notice_is_corrected_until_the_instant_it_closes() -> None:
    rules.check_correctable(NOW, NOW + SECOND)
    with pytest.raises(WrongState):
        rules.check_correctable(NOW, NOW)
