"""What the decision on a secondment leads to, and its end by itself."""

from typing import Any
from uuid import UUID

from kernel.approvals.embed.schemas import CaseView
from kernel.db.transaction import Transaction
from kernel.schedule.runner import Timers
from services.roster.approvals import approvals
from services.roster.secondment import actions

timers = Timers()


@approvals.decided("secondment")
async def on_decided(tx: Transaction, case: CaseView) -> None:
    """The secondment follows its case."""
    await actions.decided(tx, case)


@timers.on(actions.PERIOD_END)
async def on_period_end(tx: Transaction, payload: dict[str, Any]) -> None:
    """The last day is over."""
    await actions.end_by_itself(tx, UUID(payload["secondment"]))
