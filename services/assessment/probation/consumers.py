"""What lists probations and moves them on: contracts signed, and the two times of each."""

from datetime import date
from typing import Any
from uuid import UUID

from contracts.roster import ContractSigned
from kernel.db.transaction import Transaction
from kernel.events.event import Received
from kernel.events.subscriptions import Subscriptions
from kernel.schedule.runner import Timers
from services.assessment.probation import actions

subscriptions = Subscriptions()
timers = Timers()


@subscriptions.on(ContractSigned)
async def on_contract_signed(tx: Transaction, event: Received[ContractSigned]) -> None:
    """A contract is in force; one with a probation is listed."""
    data = event.data
    if data.probation_before is None:
        return
    signed = actions.Signed(
        UUID(data.contract_id),
        event.aggregate_id,
        UUID(data.person_id),
        data.community_unit_no,
        date.fromisoformat(data.probation_before),
    )
    await actions.begin(tx, signed)


@timers.on(actions.FALLS_DUE)
async def on_due(tx: Transaction, payload: dict[str, Any]) -> None:
    """The end of a probation is near."""
    await actions.fall_due(tx, UUID(payload["contract"]))


@timers.on(actions.ENDS)
async def on_end(tx: Transaction, payload: dict[str, Any]) -> None:
    """A probation is over."""
    await actions.end(tx, UUID(payload["contract"]))
