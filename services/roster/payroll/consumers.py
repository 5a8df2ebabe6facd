"""What the decision on a month's payroll leads to."""

from kernel.approvals.embed.schemas import CaseView
from kernel.db.transaction import Transaction
from services.roster.approvals import approvals
from services.roster.payroll import actions


@approvals.decided(actions.WORKFLOW)
async def on_decided(tx: Transaction, case: CaseView) -> None:
    """The run follows its case."""
    await actions.decided(tx, case)
