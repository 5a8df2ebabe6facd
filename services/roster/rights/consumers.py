"""What the answer to a right that was raised leads to."""

from kernel.approvals.embed.schemas import CaseView
from kernel.db.transaction import Transaction
from kernel.regulation.schema.organisation import LEVEL_CODES
from services.roster.approvals import approvals
from services.roster.rights import actions


async def on_decided(tx: Transaction, case: CaseView) -> None:
    """It follows its case."""
    await actions.decided(tx, case)


for _level in LEVEL_CODES:
    approvals.decided(f"right_claim_{_level}")(on_decided)
