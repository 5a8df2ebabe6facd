"""What training tells of hours owed, credited and done (NM-20)."""

from contracts.training import HoursCredited, NeedChanged, NeedMet, NeedOpened
from kernel.db.transaction import Transaction
from kernel.events.event import Received
from kernel.events.subscriptions import Subscriptions
from services.roster.duty import actions

subscriptions = Subscriptions()


@subscriptions.on(NeedOpened, only_rows=True)
async def on_opened(tx: Transaction, event: Received[NeedOpened]) -> None:
    """Keep the need; the person's dossier may come later."""
    await actions.keep_need(tx, event.aggregate_id, event.data, credited="0", met_on=None)


@subscriptions.on(HoursCredited, only_rows=True)
async def on_credited(tx: Transaction, event: Received[HoursCredited]) -> None:
    """Keep what counts now; a counter-entry may move the day on which the hours sufficed, or take it back."""
    await _keep(tx, event)


@subscriptions.on(NeedMet, only_rows=True)
async def on_met(tx: Transaction, event: Received[NeedMet]) -> None:
    """Keep that and since when the hours suffice."""
    await _keep(tx, event)


@subscriptions.on(NeedChanged, only_rows=True)
async def on_changed(tx: Transaction, event: Received[NeedChanged]) -> None:
    """Keep what is owed now, and what counts toward it."""
    await _keep(tx, event)


async def _keep(tx: Transaction, event: Received[HoursCredited] | Received[NeedMet] | Received[NeedChanged]) -> None:
    data = event.data
    await actions.keep_need(tx, event.aggregate_id, data, credited=data.credited_hours, met_on=data.met_on)
