"""Grounds of exit that assessments raise (NM-37(1), NM-37(2))."""

from contracts.assessment import FailedTwice, GradesCounted, ProbationAssessed
from kernel.db.transaction import Transaction
from kernel.events.event import Received
from kernel.events.subscriptions import Subscriptions
from services.roster.exit import actions

subscriptions = Subscriptions()


@subscriptions.on(ProbationAssessed)
async def on_probation(tx: Transaction, event: Received[ProbationAssessed]) -> None:
    """A failed probation is a ground."""
    await actions.probation_assessed(tx, event.data)


@subscriptions.on(FailedTwice)
async def on_failed_twice(tx: Transaction, event: Received[FailedTwice]) -> None:
    """Two failed years are a ground."""
    await actions.failed_twice(tx, event.data)


@subscriptions.on(GradesCounted)
async def on_grades_counted(tx: Transaction, event: Received[GradesCounted]) -> None:
    """So many grades in a window are a ground."""
    await actions.grades_counted(tx, event.data)
