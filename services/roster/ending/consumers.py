"""The day on which an end of work comes about."""

from typing import Any
from uuid import UUID

from kernel.db.transaction import Transaction
from kernel.schedule.runner import Timers
from services.roster.ending import actions

timers = Timers()


@timers.on(actions.DUE)
async def on_due(tx: Transaction, payload: dict[str, Any]) -> None:
    """The last day is over."""
    await actions.bring_about(tx, UUID(payload["ending"]))
