"""What a decision on a method leads to, in the transaction of the decision."""

from kernel.approvals.embed.schemas import CaseView
from kernel.db.transaction import Transaction
from services.assessment.approvals import approvals
from services.assessment.scheme import actions


@approvals.decided("assessment_scheme")
async def on_decided(tx: Transaction, case: CaseView) -> None:
    """The method follows its case."""
    await actions.decided(tx, case)
