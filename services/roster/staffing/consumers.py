"""What approvals of staffing lead to, each in the transaction of the decision."""

from kernel.approvals.embed.schemas import CaseView
from kernel.db.transaction import Transaction
from services.roster.approvals import approvals
from services.roster.staffing import actions


@approvals.decided("headcount_population")
async def on_population(tx: Transaction, case: CaseView) -> None:
    """The ceiling follows the population once that was approved."""
    await actions.population_decided(tx, case)


@approvals.decided("headcount_totals")
async def on_totals(tx: Transaction, case: CaseView) -> None:
    """The totals hold as the league's approver fixed them."""
    await actions.proposal_decided(tx, case)


@approvals.decided("headcount_communities")
async def on_communities(tx: Transaction, case: CaseView) -> None:
    """The numbers hold once Party committee and government approved them; filing is not waited for."""
    await actions.proposal_decided(tx, case)
