"""What the decision on an admission leads to, in its transaction."""

from kernel.approvals.embed.schemas import CaseView
from kernel.db.transaction import Transaction
from services.roster.admission import actions
from services.roster.approvals import approvals


@approvals.decided("admission")
async def on_decided(tx: Transaction, case: CaseView) -> None:
    """The application follows its case."""
    await actions.decided(tx, case)
