"""What moves a cycle without a request: the decision on its publicity, the end of appeals, the count of years."""

from typing import Any
from uuid import UUID

from kernel.approvals.embed.schemas import CaseView
from kernel.db.transaction import Transaction
from kernel.schedule.runner import Timers
from services.assessment.approvals import approvals
from services.assessment.grading import actions

timers = Timers()


@approvals.decided(actions.WORKFLOW)
async def on_published(tx: Transaction, case: CaseView) -> None:
    """The cycle follows its publicity and filing."""
    await actions.published(tx, case)


@timers.on(actions.APPEALS_END)
async def on_appeals_end(tx: Transaction, payload: dict[str, Any]) -> None:
    """The time of appeals is over: the cycle is sealed unless something waits."""
    await actions.settle(tx, UUID(payload["cycle"]))


@timers.on(actions.COUNT_YEARS)
async def on_count_years(tx: Transaction, payload: dict[str, Any]) -> None:
    """A cycle was sealed: count the years failed running."""
    await actions.count_years(tx, UUID(payload["cycle"]))
