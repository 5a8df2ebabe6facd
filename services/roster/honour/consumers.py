"""What the decision on a recommendation leads to."""

from kernel.approvals.embed.schemas import CaseView
from kernel.db.transaction import Transaction
from services.roster.approvals import approvals
from services.roster.honour import actions


@approvals.decided("honour")
async def on_decided(tx: Transaction, case: CaseView) -> None:
    """It follows its case."""
    await actions.decided(tx, case)
