"""The end of a publicity (公示), by the service itself, once, at the end of its last day; and the days on which posts
begin or end."""

from typing import Any
from uuid import UUID

from kernel.approvals.embed import queries, reseating
from kernel.approvals.embed.actions import Approvals
from kernel.approvals.embed.storing import PERIOD_END
from kernel.approvals.model import Action
from kernel.db.transaction import Transaction
from kernel.schedule.runner import Timers


def approval_timers(approvals: Approvals) -> Timers:
    """The timers of a service's approvals, with its effects."""
    timers = Timers()
    timers.on(reseating.OFFICES_DUE)(reseating.on_day)

    @timers.on(PERIOD_END)
    async def end_period(tx: Transaction, payload: dict[str, Any]) -> None:
        case_id = UUID(payload["case"])
        case = (await queries.load(tx, case_id, lock=True)).case
        step = case.step(payload["step"])
        if case.state != "open" or step is None or step.state != "open" or step.round != payload["round"]:
            return  # ended, or opened anew with a timer of its own
        await approvals.decide(tx, case_id, Action("end_period", tx.context.actor, step.id))

    return timers
