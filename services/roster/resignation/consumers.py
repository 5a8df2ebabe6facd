"""A resignation that was given: the end of the contract is fixed by the platform, as the statute says."""

from datetime import date

from contracts.roster import ResignationGiven
from kernel.db.transaction import Transaction
from kernel.events.event import Received
from kernel.events.subscriptions import Subscriptions
from services.roster.resignation import actions

subscriptions = Subscriptions()


@subscriptions.on(ResignationGiven)
async def on_given(tx: Transaction, event: Received[ResignationGiven]) -> None:
    """Fix the end."""
    told = event.data.last_day
    await actions.fix_end(tx, event.aggregate_id, date.fromisoformat(told) if told else None)
