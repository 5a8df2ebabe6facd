"""What the approval of a size leads to, where a pack has one."""

from kernel.approvals.embed.schemas import CaseView
from kernel.db.transaction import Transaction
from services.roster.approvals import approvals
from services.roster.sizing import actions


@approvals.decided("headcount_households")
async def on_decided(tx: Transaction, case: CaseView) -> None:
    """The number of posts follows the size once that was approved."""
    await actions.decided(tx, case)
