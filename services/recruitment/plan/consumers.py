"""What the approval of a plan leads to, in the transaction of the decision, and what roster's answer does."""

from contracts.roster import HeadcountReserved
from kernel.approvals.embed.schemas import CaseView
from kernel.db.transaction import Transaction
from kernel.events.event import Received
from kernel.events.subscriptions import Subscriptions
from services.recruitment.approvals import approvals
from services.recruitment.plan import actions

subscriptions = Subscriptions()


@subscriptions.on(HeadcountReserved)
async def on_answered(tx: Transaction, event: Received[HeadcountReserved]) -> None:
    """The posts are kept, or the plan ends."""
    await actions.answered(tx, event.data)


@approvals.decided("recruitment_plan")
async def on_decided(tx: Transaction, case: CaseView) -> None:
    """The plan follows its case."""
    await actions.decided(tx, case.subject_id, case.state)


@approvals.followed("recruitment_plan")
async def on_moved(tx: Transaction, case: CaseView) -> None:
    """A returned plan gives its posts back; submitted again it asks anew."""
    await actions.moved(tx, case.subject_id, case.state)
