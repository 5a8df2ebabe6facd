"""Receives the audit entries of every process and chains them; the inbox makes it the single, ordered writer."""

from collections.abc import Sequence

from gateway.audit import actions
from kernel.config import DATABASES
from kernel.db.transaction import Transaction
from kernel.events.audit import AuditRecorded
from kernel.events.event import Received
from kernel.events.subscriptions import Subscriptions

subscriptions = Subscriptions()


@subscriptions.on_runs(AuditRecorded, sources=DATABASES)
async def on_recorded(tx: Transaction, events: Sequence[Received[AuditRecorded]]) -> None:
    """Chain the entries behind the tenant's last one."""
    await actions.append(tx, events)
