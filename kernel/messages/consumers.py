"""Receives what every process asks to be sent; the inbox keeps it to once."""

from datetime import datetime

import structlog

from kernel.clock import utcnow
from kernel.config import DATABASES
from kernel.db.transaction import Transaction
from kernel.events.event import Received
from kernel.events.subscriptions import Subscriptions
from kernel.messages.event import MessageWanted
from kernel.messages.sender import Outgoing, Sender

log = structlog.get_logger("messages")


def delivering(sender: Sender) -> Subscriptions:
    """The handler of the one process that sends."""
    subscriptions = Subscriptions()

    @subscriptions.on(MessageWanted, sources=DATABASES)
    async def on_wanted(tx: Transaction, event: Received[MessageWanted]) -> None:
        if event.sealed is None:
            # Whom it was for is erased: there is nobody to send it to.
            return
        if datetime.fromisoformat(event.data.expires_at) <= utcnow():
            log.info("a message came too late to be sent", message=str(event.aggregate_id))
            return
        await sender.send(
            Outgoing(
                event.aggregate_id,
                event.tenant,
                event.data.channel,
                event.data.template,
                event.sealed["to"],
                event.sealed["text"],
            )
        )

    return subscriptions
