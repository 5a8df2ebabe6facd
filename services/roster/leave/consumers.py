"""What the decision on a leave leads to, in its transaction."""

from kernel.approvals.embed.schemas import CaseView
from kernel.db.transaction import Transaction
from services.roster.approvals import approvals
from services.roster.leave import actions


@approvals.decided("leave")
async def on_decided(tx: Transaction, case: CaseView) -> None:
    """The leave follows its case."""
    await actions.decided(tx, case)
