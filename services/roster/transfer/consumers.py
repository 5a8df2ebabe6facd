"""Timers of transfers: the answer brought back, the end of an offer, the effect on its day."""

from typing import Any
from uuid import UUID

from kernel.db.transaction import Transaction
from kernel.schedule.runner import Timers
from services.roster.transfer import actions

timers = Timers()


@timers.on(actions.ANSWERED)
async def on_answered(tx: Transaction, payload: dict[str, Any]) -> None:
    """Bring the answer back."""
    await actions.answered(tx, UUID(payload["transfer"]))


@timers.on(actions.WITHDRAWN)
async def on_withdrawn(tx: Transaction, payload: dict[str, Any]) -> None:
    """End the offer."""
    await actions.withdrawn(tx, UUID(payload["transfer"]))


@timers.on(actions.DUE)
async def on_due(tx: Transaction, payload: dict[str, Any]) -> None:
    """Let the transfer take effect."""
    await actions.take_effect(tx, UUID(payload["transfer"]))
