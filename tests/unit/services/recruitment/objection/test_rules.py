"""When an objection is taken down (NM-8)."""

from datetime import date

import pytest

from kernel.errors import InvalidInput, WrongState
from services.recruitment.objection import rules

FIRST, TODAY = date(2024, 9, 23), date(2024, 9, 26)


@pytest.mark.article("NM-8")
@pytest.mark.parametrize(
    ("received", "right"),
    [(FIRST, True), (TODAY, True), (date(2024, 9, 22), False), (date(2024, 9, 27), False)],
)
def test_it_was_received_within_the_publicity_and_not_tomorrow(received: date, right: bool) -> None:
    if right:
        rules.check_received(received, FIRST, TODAY)
        return
    with pytest.raises(InvalidInput):
        rules.check_received(received, FIRST, TODAY)


def test_a_hire_that_is_not_public_cannot_be_objected_to() -> None:
    assert rules.check_public("publicity") == "publicity"
    with pytest.raises(WrongState):
        rules.check_public(None)
