"""Asking for a message, in the transaction of what it is about."""

from datetime import datetime
from uuid import UUID

from kernel.context import Language
from kernel.db.transaction import Transaction
from kernel.events.envelope import rfc3339
from kernel.events.event import Seal
from kernel.events.outbox import emit
from kernel.ids import new_id
from kernel.messages.event import MessageWanted
from kernel.messages.template import Template

SENDER = "gateway"
"""The one process that sends."""


async def send(
    tx: Transaction,
    template: Template,
    *,
    to: str,
    key_of: UUID,
    expires_at: datetime,
    language: Language | None = None,
    **values: str,
) -> UUID:
    """Have a message sent if this transaction commits; the message's id.

    key_of: the person (or user, or check) under whose data key it travels; erased with them. `language`: the
    receiver's where it is not the asker's. Raises KeyError for a value that the template needs and `values` lacks.
    """
    text = template.fill(language or tx.context.language, **values)
    message_id = new_id()
    await emit(
        tx,
        MessageWanted(template=template.name, channel=template.channel, expires_at=rfc3339(expires_at)),
        aggregate_id=message_id,
        seal=Seal(SENDER, key_of, {"to": to, "text": text}),
    )
    return message_id
