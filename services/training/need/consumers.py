"""What opens needs: a hire in recruitment (NM-20)."""

from uuid import UUID

from contracts.recruitment import Hired
from kernel.db.transaction import Transaction
from kernel.events.event import Received
from kernel.events.subscriptions import Subscriptions
from services.training.need import actions

subscriptions = Subscriptions()


@subscriptions.on(Hired)
async def on_hired(tx: Transaction, event: Received[Hired]) -> None:
    """Open the pre-service need of the person hired."""
    data = event.data
    newcomer = actions.Newcomer(UUID(data.person_id), UUID(data.application_id), data.community_unit_no)
    await actions.open_pre_service(tx, newcomer)
