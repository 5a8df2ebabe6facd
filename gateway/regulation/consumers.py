"""Local figures that an approval set (会同制定), and what becomes of figures by a reorganisation.

A closed unit sets none any more, and what is split off keeps what held there. A merged unit's figures are not the
successor's: they were set for its own places, which live under what the successor's office set from that day on
(decision 0014).
"""

from datetime import date
from uuid import UUID

from contracts.roster import PayStandardApproved
from gateway.regulation import actions
from kernel.db.transaction import Transaction
from kernel.events.event import Received
from kernel.events.subscriptions import Subscriptions
from kernel.org.published import UnitChanged, UnitsRenumbered

subscriptions = Subscriptions()


@subscriptions.on(PayStandardApproved)
async def on_approved(tx: Transaction, event: Received[PayStandardApproved]) -> None:
    """Bring them into force."""
    await actions.set_by_case(tx, event.data)


@subscriptions.on(UnitChanged)
async def on_unit(tx: Transaction, event: Received[UnitChanged]) -> None:
    """End the figures of a unit that is closed."""
    if event.data.valid_before is not None:
        await actions.end_of_unit(tx, event.aggregate_id, date.fromisoformat(event.data.valid_before))


@subscriptions.on(UnitsRenumbered)
async def on_tree(tx: Transaction, event: Received[UnitsRenumbered]) -> None:
    """Have the figures of a unit hold in what is split off it, too."""
    data = event.data
    for unit_id, part_id in zip(data.split_ids, data.part_ids, strict=True):
        await actions.copy_of_unit(tx, UUID(unit_id), UUID(part_id), date.fromisoformat(data.valid_from))
