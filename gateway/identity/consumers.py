"""What identity does on events: sends the codes that were asked for, gives workers their accounts."""

from uuid import UUID

from contracts.gateway import CodeAsked
from contracts.roster import WorkerEnrolled
from gateway.identity import people
from gateway.identity.checks import actions as checks
from gateway.identity.workers import ensure_account
from kernel.context import Language
from kernel.db.transaction import Transaction
from kernel.events.event import Received
from kernel.events.subscriptions import Subscriptions


def subscriptions(issuer: str) -> Subscriptions:
    """The handlers of the gateway process; `issuer` is the address that links lead to."""
    made = Subscriptions()

    @made.on(CodeAsked)
    async def on_code_asked(tx: Transaction, event: Received[CodeAsked]) -> None:
        place = await people.enter_tenant(tx)
        if place is not None:
            language: Language = "en" if event.data.language == "en" else "zh"
            await checks.dispatch(tx, event.aggregate_id, language, place)

    @made.on(WorkerEnrolled)
    async def on_enrolled(tx: Transaction, event: Received[WorkerEnrolled]) -> None:
        await ensure_account(tx, UUID(event.data.person_id), event.sealed or {}, issuer)

    return made
