"""What the decision on a subsidy leads to."""

from kernel.approvals.embed.schemas import CaseView
from kernel.db.transaction import Transaction
from services.roster.approvals import approvals
from services.roster.subsidy import actions


@approvals.decided("subsidy")
async def on_decided(tx: Transaction, case: CaseView) -> None:
    """It follows its case."""
    await actions.decided(tx, case)
