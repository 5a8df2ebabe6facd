"""What assessment tells of yearly grades (NM-28)."""

from contracts.assessment import GradeConfirmed
from kernel.db.transaction import Transaction
from kernel.events.event import Received
from kernel.events.subscriptions import Subscriptions
from services.roster.rank import actions

subscriptions = Subscriptions()


@subscriptions.on(GradeConfirmed)
async def on_grade(tx: Transaction, event: Received[GradeConfirmed]) -> None:
    """Keep the grade."""
    await actions.grade_confirmed(tx, event.data)
