"""What the approval of a plan leads to, in the transaction of the decision."""

from kernel.approvals.embed.schemas import CaseView
from kernel.db.transaction import Transaction
from services.recruitment.approvals import approvals
from services.recruitment.plan import actions


@approvals.decided("recruitment_plan")
async def on_decided(tx: Transaction, case: CaseView) -> None:
    """The plan follows its case."""
    await actions.decided(tx, case.subject_id, case.state)
