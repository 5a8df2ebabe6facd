"""What decisions on a hire lead to, each in the transaction of the decision."""

from kernel.approvals.embed.schemas import CaseView
from kernel.db.transaction import Transaction
from services.recruitment.approvals import approvals
from services.recruitment.hire import actions


@approvals.decided("hire")
async def on_decided(tx: Transaction, case: CaseView) -> None:
    """The hire follows its case; roster hears of it once."""
    await actions.decided(tx, case)


@approvals.followed("hire")
async def on_moved(tx: Transaction, case: CaseView) -> None:
    """The list is public while the case is at its publicity, and no longer."""
    await actions.moved(tx, case)
