"""What opens a dossier: the hire in recruitment (NM-12, SH-8); and what a reorganisation changes in it."""

from uuid import UUID

from contracts.recruitment import Hired
from kernel.db.transaction import Transaction
from kernel.events.event import Received
from kernel.events.subscriptions import Subscriptions
from kernel.org.published import UnitsRenumbered
from services.roster.dossier import actions

subscriptions = Subscriptions()


@subscriptions.on(Hired)
async def on_hired(tx: Transaction, event: Received[Hired]) -> None:
    """Open the dossier with the identity that came sealed."""
    await actions.enrol_hired(tx, event.data, event.sealed)


@subscriptions.on(UnitsRenumbered)
async def on_tree(tx: Transaction, event: Received[UnitsRenumbered]) -> None:
    """Who pays and who manages lies above the community, and another unit lies above it now."""
    await actions.follow_tree(tx, [UUID(each) for each in (*event.data.unit_ids, *event.data.into_ids)])
