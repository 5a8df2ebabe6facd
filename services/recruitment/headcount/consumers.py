"""What roster tells of headcount (NM-5, NM-6)."""

from contracts.roster import HeadcountChanged
from kernel.db.transaction import Transaction
from kernel.events.event import Received
from kernel.events.subscriptions import Subscriptions
from services.recruitment.headcount import actions

subscriptions = Subscriptions()


@subscriptions.on(HeadcountChanged)
async def on_changed(tx: Transaction, event: Received[HeadcountChanged]) -> None:
    """Keep the numbers."""
    await actions.keep(tx, event.data)
