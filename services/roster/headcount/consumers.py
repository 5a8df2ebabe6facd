"""What changes the numbers: plans that ask and end, hires, posts taken and left, and days that arrive.

The roster's own news is read here too: a seat may be freed by somebody who acts in another county, and the platform
alone reaches both.
"""

from datetime import date
from typing import Any
from uuid import UUID

from contracts.recruitment import Hired, PlanAsksForPosts, PlanEnded
from contracts.roster import PostLeft, PostTaken
from kernel.db.transaction import Transaction
from kernel.events.event import Received
from kernel.events.subscriptions import Subscriptions
from kernel.org.published import UnitsRenumbered
from kernel.schedule.runner import Timers
from services.roster.headcount import actions

subscriptions = Subscriptions()
timers = Timers()


@subscriptions.on(PlanAsksForPosts)
async def on_asked(tx: Transaction, event: Received[PlanAsksForPosts]) -> None:
    """Keep the posts, or answer that they are not free."""
    await actions.reserve(tx, event.data)


@subscriptions.on(PlanEnded)
async def on_ended(tx: Transaction, event: Received[PlanEnded]) -> None:
    """Give back what the plan did not fill."""
    await actions.release(tx, event.data)


@subscriptions.on(Hired)
async def on_hired(tx: Transaction, event: Received[Hired]) -> None:
    """The person hired holds one of the plan's posts."""
    await actions.consume(tx, event.data, enrolled=event.sealed is not None)


@subscriptions.on(PostTaken)
async def on_taken(tx: Transaction, event: Received[PostTaken]) -> None:
    """The seat is occupied."""
    await actions.occupy(tx, event.data)


@subscriptions.on(PostLeft)
async def on_left(tx: Transaction, event: Received[PostLeft]) -> None:
    """The seat is free again."""
    await actions.vacate(tx, event.data)


@subscriptions.on(UnitsRenumbered)
async def on_tree(tx: Transaction, event: Received[UnitsRenumbered]) -> None:
    """Sums are of other units now; what was fixed for a merged unit is its successor's."""
    data = event.data
    merged = list(zip(map(UUID, data.merged_ids), map(UUID, data.into_ids), strict=True))
    await actions.follow_tree(tx, merged, date.fromisoformat(data.valid_from), data.document)


@timers.on(actions.FALLS_DUE)
async def on_day(tx: Transaction, payload: dict[str, Any]) -> None:
    """A number takes effect today."""
    await actions.fall_due(tx, payload)
