"""On its first day a version begins to hold; whoever keeps what follows from the regulation is told."""

from typing import Any
from uuid import UUID

from gateway.regulation.promulgation.actions import BEGINS
from kernel.db.transaction import Transaction
from kernel.events.outbox import emit
from kernel.org.published import PackBegan
from kernel.schedule.runner import Timers

timers = Timers()


@timers.on(BEGINS)
async def on_first_day(tx: Transaction, payload: dict[str, Any]) -> None:
    """The first day of a version that was published ahead."""
    await emit(tx, PackBegan(pack_version=str(payload["version"])), aggregate_id=UUID(payload["id"]))
