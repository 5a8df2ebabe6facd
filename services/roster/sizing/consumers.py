"""What the approval of a size leads to, where a pack has one."""

from kernel.approvals.embed.schemas import CaseView
from kernel.db.transaction import Transaction
from kernel.simulation.probes import Asked, Batch
from services.roster.approvals import approvals
from services.roster.probes import probes
from services.roster.sizing import actions


@approvals.decided("headcount_households")
async def on_decided(tx: Transaction, case: CaseView) -> None:
    """The number of posts follows the size once that was approved."""
    await actions.decided(tx, case)


@probes.on("community_posts")
async def on_simulation(tx: Transaction, asked: Asked) -> Batch:
    """The posts of the next communities under a draft of the regulation (P6)."""
    return await actions.under_draft(tx, asked)
