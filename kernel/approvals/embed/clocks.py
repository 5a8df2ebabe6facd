"""Setting the clocks of a step that opens: the end of a publicity (公示期满), its due day (办理期限) (A2, A4)."""

from datetime import UTC, date, datetime, time, timedelta

from kernel.approvals.embed.queries import Held
from kernel.approvals.model import Step
from kernel.clock import SHANGHAI
from kernel.db.transaction import Transaction
from kernel.schedule.actions import at

PERIOD_END = "approvals.period_end"
DUE_SOON = "approvals.due_soon"
OVERDUE = "approvals.overdue"
"""Kinds of timers."""


async def set_clocks(tx: Transaction, held: Held, step: Step) -> None:
    """Ended as the day after the last begins; reminded as the due day begins, told of as the day after begins."""
    if step.ends_on is not None:
        await _at(tx, held, step, PERIOD_END, step.ends_on + timedelta(days=1))
    if step.due_on is not None:
        await _at(tx, held, step, DUE_SOON, step.due_on)
        await _at(tx, held, step, OVERDUE, step.due_on + timedelta(days=1))


async def _at(tx: Transaction, held: Held, step: Step, kind: str, day: date) -> None:
    begins = datetime.combine(day, time(), SHANGHAI).astimezone(UTC)
    payload = {"case": str(held.case.id), "step": step.id, "round": step.round}
    await at(tx, kind, begins, unit_no=held.row.unit_no, payload=payload)
