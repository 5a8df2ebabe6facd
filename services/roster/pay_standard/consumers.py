"""What the case of a pay standard leads to."""

from kernel.approvals.embed.schemas import CaseView
from kernel.db.transaction import Transaction
from services.roster.approvals import approvals
from services.roster.pay_standard import actions


@approvals.decided("pay_standard")
async def on_decided(tx: Transaction, case: CaseView) -> None:
    """Its figures are announced once the departments agreed and the lead approved."""
    await actions.decided(tx, case)
