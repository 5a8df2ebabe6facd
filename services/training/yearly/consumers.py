"""What changes what a year asks: posts taken and left in roster, and the year's beginning (NM-20)."""

from datetime import date
from typing import Any
from uuid import UUID

from contracts.roster import PostLeft, PostTaken
from kernel.db.transaction import Transaction
from kernel.events.event import Received
from kernel.events.subscriptions import Subscriptions
from kernel.schedule.runner import Timers
from kernel.simulation.probes import Asked, Batch
from services.training.probes import probes
from services.training.yearly import actions

subscriptions = Subscriptions()
timers = Timers()


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
    await actions.take_post(tx, news, data.category)


@subscriptions.on(PostLeft)
async def on_post_left(tx: Transaction, event: Received[PostLeft]) -> None:
    """A person holds a post no longer."""
    data = event.data
    await actions.leave_post(tx, UUID(data.person_id), UUID(data.post_id), date.fromisoformat(data.valid_before))


@probes.on("yearly_hours")
async def on_simulation(tx: Transaction, asked: Asked) -> Batch:
    """The hours of the next people under a draft of the regulation (P6)."""
    return await actions.under_draft(tx, asked)


@timers.on(actions.NEW_YEAR)
async def on_new_year(tx: Transaction, payload: dict[str, Any]) -> None:
    """A year has begun for one person: whoever is still in post owes it."""
    await actions.review(tx, UUID(payload["person"]), open_year=payload["year"])
