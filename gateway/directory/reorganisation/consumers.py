"""What was planned is carried out on its day."""

from typing import Any
from uuid import UUID

from gateway.directory.reorganisation import actions
from kernel.db.transaction import Transaction
from kernel.schedule.runner import Timers

timers = Timers()


@timers.on(actions.DUE)
async def on_day(tx: Transaction, payload: dict[str, Any]) -> None:
    """The day of a planned reorganisation."""
    await actions.fall_due(tx, UUID(payload["reorganisation"]))
