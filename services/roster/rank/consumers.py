"""What assessment tells of yearly grades (NM-28), and what the case of a ladder leads to (NM-23)."""

from contracts.assessment import GradeConfirmed
from kernel.approvals.embed.schemas import CaseView
from kernel.db.transaction import Transaction
from kernel.events.event import Received
from kernel.events.subscriptions import Subscriptions
from services.roster.approvals import approvals
from services.roster.rank import actions

subscriptions = Subscriptions()


@subscriptions.on(GradeConfirmed)
async def on_grade(tx: Transaction, event: Received[GradeConfirmed]) -> None:
    """Keep the grade."""
    await actions.grade_confirmed(tx, event.data)


@approvals.decided("rank_ladder")
async def on_ladder(tx: Transaction, case: CaseView) -> None:
    """The ladder holds once the departments agreed and the lead approved."""
    await actions.decided(tx, case)
