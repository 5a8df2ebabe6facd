"""What the clock does to a case (A2, A4): a publicity (公示) ends with its last day, who is slow is reminded, what is
late is told of, and on days on which posts, leaves or substitutions begin or end the desks are looked at. By the
service itself, once each, in the tenant's business time."""

from typing import Any
from uuid import UUID

from kernel.approvals.embed import queries, reseating
from kernel.approvals.embed.actions import Approvals
from kernel.approvals.embed.clocks import DUE_SOON, OVERDUE, PERIOD_END
from kernel.approvals.model import Action, Step
from kernel.db.transaction import Transaction
from kernel.schedule.runner import Timers


def approval_timers(approvals: Approvals) -> Timers:
    """The timers of a service's approvals, with its effects."""
    timers = Timers()
    timers.on(reseating.OFFICES_DUE)(reseating.on_day)

    @timers.on(PERIOD_END)
    async def end_period(tx: Transaction, payload: dict[str, Any]) -> None:
        step = await _still_open(tx, payload)
        if step is not None:
            await approvals.decide(tx, UUID(payload["case"]), Action("end_period", tx.context.actor, step.id))

    @timers.on(DUE_SOON)
    async def remind(tx: Transaction, payload: dict[str, Any]) -> None:
        step = await _still_open(tx, payload)
        if step is not None and step.reminded_on != tx.today:
            await approvals.decide(tx, UUID(payload["case"]), Action("remind", tx.context.actor))

    @timers.on(OVERDUE)
    async def escalate(tx: Transaction, payload: dict[str, Any]) -> None:
        step = await _still_open(tx, payload)
        if step is not None:
            await approvals.decide(tx, UUID(payload["case"]), Action("escalate", tx.context.actor, step.id))

    return timers


async def _still_open(tx: Transaction, payload: dict[str, Any]) -> Step | None:
    """The step that the timer was set for; None where it was decided, or opened anew with timers of its own."""
    step = (await queries.load(tx, UUID(payload["case"]), lock=True)).case.step(payload["step"])
    return step if step is not None and step.state == "open" and step.round == payload["round"] else None
