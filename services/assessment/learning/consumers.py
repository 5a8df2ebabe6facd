"""What training tells of hours owed, credited and done."""

from contracts.training import HoursCredited, NeedChanged, NeedOpened
from kernel.db.transaction import Transaction
from kernel.events.event import Received
from kernel.events.subscriptions import Subscriptions
from services.assessment.learning import actions

subscriptions = Subscriptions()


@subscriptions.on(NeedOpened, only_rows=True)
async def on_opened(tx: Transaction, event: Received[NeedOpened]) -> None:
    """Hours are owed."""
    data = event.data
    news: dict[str, object] = {
        "id": event.aggregate_id,
        "unit_no": data.community_unit_no,
        "person_id": data.person_id,
        "kind": data.kind,
        "cycle": data.cycle,
        "required_hours": data.required_hours,
        "credited_hours": "0",
        "met_on": None,
    }
    await actions.keep(tx, news)


@subscriptions.on(HoursCredited, only_rows=True)
async def on_credited(tx: Transaction, event: Received[HoursCredited]) -> None:
    """What counts has changed; `met_on` says whether it suffices."""
    await _keep(tx, event)


@subscriptions.on(NeedChanged, only_rows=True)
async def on_changed(tx: Transaction, event: Received[NeedChanged]) -> None:
    """What is owed has changed."""
    await _keep(tx, event)


async def _keep(tx: Transaction, event: Received[HoursCredited] | Received[NeedChanged]) -> None:
    data = event.data
    news: dict[str, object] = {
        "id": event.aggregate_id,
        "unit_no": data.community_unit_no,
        "person_id": data.person_id,
        "kind": data.kind,
        "cycle": data.cycle,
        "required_hours": data.required_hours,
        "credited_hours": data.credited_hours,
        "met_on": data.met_on,
    }
    await actions.keep(tx, news)
