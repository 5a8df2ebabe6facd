"""What begins with the year: the needs of whoever is still in post (NM-20)."""

from typing import Any
from uuid import UUID

from kernel.db.transaction import Transaction
from kernel.schedule.runner import Timers
from services.training.yearly import actions

timers = Timers()


@timers.on(actions.NEW_YEAR)
async def on_new_year(tx: Transaction, payload: dict[str, Any]) -> None:
    """A year has begun for one person."""
    await actions.review(tx, UUID(payload["person"]), open_year=payload["year"])
