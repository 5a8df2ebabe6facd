"""Receives the audit entries of every process and chains them; the inbox makes it the single, ordered writer."""

from datetime import datetime
from typing import Any

import msgspec

from gateway.audit import actions
from kernel.config import DATABASES
from kernel.db.transaction import Transaction
from kernel.events.audit import AuditRecorded
from kernel.events.event import Received
from kernel.events.subscriptions import Subscriptions

subscriptions = Subscriptions()


@subscriptions.on(AuditRecorded, sources=DATABASES)
async def on_recorded(tx: Transaction, event: Received[AuditRecorded]) -> None:
    """Chain the entry behind the tenant's last one."""
    entry: dict[str, Any] = msgspec.to_builtins(event.data)
    await actions.append(
        tx,
        event_id=event.id,
        service=event.source,
        number=event.version,
        entry=entry,
        occurred_at=datetime.fromisoformat(event.data.occurred_at),
    )
