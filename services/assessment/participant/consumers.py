"""What fills the read model: posts taken and left; duty started, where roster tells no more than that."""

from datetime import date
from uuid import UUID

from contracts.roster import DutyStarted, PostLeft, PostTaken
from kernel.db.transaction import Transaction
from kernel.events.event import Received
from kernel.events.subscriptions import Subscriptions
from services.assessment.participant import actions

subscriptions = Subscriptions()


@subscriptions.on(PostTaken, only_rows=True)
async def on_post_taken(tx: Transaction, event: Received[PostTaken]) -> None:
    """A person holds a post."""
    data = event.data
    news: dict[str, object] = {
        "id": data.post_id,
        "dossier_id": data.dossier_id,
        "person_id": data.person_id,
        "unit_no": data.community_unit_no,
        "community_unit_id": data.community_unit_id,
        "category": data.category,
        "role": data.role,
        "post_title": data.post_title,
        "source": "post",
        "valid_from": data.valid_from,
    }
    await actions.take_post(tx, news)


@subscriptions.on(PostLeft)
async def on_post_left(tx: Transaction, event: Received[PostLeft]) -> None:
    """A person holds a post no longer."""
    await actions.leave_post(tx, UUID(event.data.post_id), date.fromisoformat(event.data.valid_before))


@subscriptions.on(DutyStarted)
async def on_duty_started(tx: Transaction, event: Received[DutyStarted]) -> None:
    """A person went on duty; the event names no role, so it is that of ordinary staff."""
    data = event.data
    news: dict[str, object] = {
        "id": data.duty_id,
        "dossier_id": str(event.aggregate_id),
        "person_id": data.person_id,
        "unit_no": data.community_unit_no,
        "community_unit_id": data.community_unit_id,
        "category": data.category,
        "role": "staff",
        "post_title": data.post_title,
        "source": "duty",
        "valid_from": data.started_on,
    }
    await actions.start_duty(tx, news)
