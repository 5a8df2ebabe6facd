"""What the decision on a hire leads to, in the transaction of the decision."""

from kernel.approvals.embed.schemas import CaseView
from kernel.db.transaction import Transaction
from services.recruitment.approvals import approvals
from services.recruitment.hire import actions


@approvals.decided("hire")
async def on_decided(tx: Transaction, case: CaseView) -> None:
    """The hire follows its case; roster hears of it once."""
    await actions.decided(tx, case)
