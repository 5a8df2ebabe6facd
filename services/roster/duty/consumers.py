"""What training tells of hours owed, credited and done (NM-20)."""

from contracts.training import HoursCredited, NeedChanged, NeedMet, NeedOpened
from kernel.db.transaction import Transaction
from kernel.events.event import Received
from kernel.events.subscriptions import Subscriptions
from services.roster.duty import actions

subscriptions = Subscriptions()


@subscriptions.on(NeedOpened)
async def on_opened(tx: Transaction, event: Received[NeedOpened]) -> None:
    """Keep the need."""
    await actions.need_opened(tx, event.aggregate_id, event.data)


@subscriptions.on(HoursCredited)
async def on_credited(tx: Transaction, event: Received[HoursCredited]) -> None:
    """Keep the hours that count."""
    await actions.hours_credited(tx, event.aggregate_id, event.data)


@subscriptions.on(NeedMet)
async def on_met(tx: Transaction, event: Received[NeedMet]) -> None:
    """Keep that the hours suffice."""
    await actions.need_met(tx, event.aggregate_id, event.data)


@subscriptions.on(NeedChanged)
async def on_changed(tx: Transaction, event: Received[NeedChanged]) -> None:
    """Keep what is owed now."""
    await actions.need_changed(tx, event.aggregate_id, event.data)
