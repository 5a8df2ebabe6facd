"""What takes a move from one tenant to the other: roster's own news of it, time that runs out, and tenants' names."""

from typing import Any
from uuid import UUID

from contracts.roster import CrossingAnswered, CrossingOffered, CrossingWithdrawn
from kernel.context import TenantId
from kernel.db.transaction import Transaction
from kernel.events.event import Received
from kernel.events.subscriptions import Subscriptions
from kernel.org.published import TenantChanged
from kernel.schedule.runner import Timers
from services.roster.crossing import actions

subscriptions = Subscriptions()
timers = Timers()


@subscriptions.on(TenantChanged)
async def on_tenant(tx: Transaction, event: Received[TenantChanged]) -> None:
    """Keep the name by which a release may address the tenant."""
    await actions.know_tenant(tx, event.data.slug, event.data.title, event.data.status)


@subscriptions.on(CrossingOffered)
async def on_offered(tx: Transaction, event: Received[CrossingOffered]) -> None:
    """Take the offer to the receiving side."""
    await actions.offer(tx, event.aggregate_id, event.sealed)


@subscriptions.on(CrossingWithdrawn)
async def on_withdrawn(tx: Transaction, event: Received[CrossingWithdrawn]) -> None:
    """End the offer on the receiving side."""
    await actions.take_back(tx, event.aggregate_id, TenantId(UUID(event.data.receiving_tenant_id)))


@subscriptions.on(CrossingAnswered)
async def on_answered(tx: Transaction, event: Received[CrossingAnswered]) -> None:
    """Bring the answer to the giving side and carry it out."""
    giving = TenantId(UUID(event.data.giving_tenant_id))
    await actions.answered(tx, event.aggregate_id, giving, event.data.accepted)


@timers.on(actions.LAPSE)
async def on_lapse(tx: Transaction, payload: dict[str, Any]) -> None:
    """Nobody answered in time."""
    await actions.lapse(tx, UUID(payload["crossing"]), payload["state"])
