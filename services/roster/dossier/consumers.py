"""What opens a dossier: the hire in recruitment (NM-12, SH-8)."""

from contracts.recruitment import Hired
from kernel.db.transaction import Transaction
from kernel.events.event import Received
from kernel.events.subscriptions import Subscriptions
from services.roster.dossier import actions

subscriptions = Subscriptions()


@subscriptions.on(Hired)
async def on_hired(tx: Transaction, event: Received[Hired]) -> None:
    """Open the dossier with the identity that came sealed."""
    await actions.enrol_hired(tx, event.data, event.sealed)
