"""What fills the read model: posts taken and left in roster."""

from datetime import date
from uuid import UUID

from contracts.roster import PostLeft, PostTaken
from kernel.db.transaction import Transaction
from kernel.events.event import Received
from kernel.events.subscriptions import Subscriptions
from services.training.worker import actions

subscriptions = Subscriptions()


@subscriptions.on(PostTaken)
async def on_post_taken(tx: Transaction, event: Received[PostTaken]) -> None:
    """A person holds a post."""
    data = event.data
    news: dict[str, object] = {
        "id": data.post_id,
        "person_id": data.person_id,
        "unit_no": data.community_unit_no,
        "community_unit_id": data.community_unit_id,
        "role": data.role,
        "valid_from": data.valid_from,
    }
    await actions.take_post(tx, news)


@subscriptions.on(PostLeft)
async def on_post_left(tx: Transaction, event: Received[PostLeft]) -> None:
    """A person holds a post no longer."""
    data = event.data
    await actions.leave_post(tx, UUID(data.person_id), UUID(data.post_id), date.fromisoformat(data.valid_before))
