"""Handlers of timers: one per kind, however the sets are put together."""

from typing import Any

import pytest

from kernel.db.transaction import Transaction
from kernel.schedule.runner import Timers


async def handler(tx: Transaction, payload: dict[str, Any]) -> None:
    """Does nothing."""


def test_sets_of_timers_are_merged() -> None:
    one, two = Timers(), Timers()
    one.on("a")(handler)
    two.on("b")(handler)
    assert set(Timers.merge([one, two]).handlers) == {"a", "b"}


def test_a_kind_has_one_handler() -> None:
    one, two = Timers(), Timers()
    one.on("a")(handler)
    two.on("a")(handler)
    with pytest.raises(ValueError, match="two handlers"):
        Timers.merge([one, two])
