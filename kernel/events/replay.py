"""Publishing a range of the archive again, on an operator's word: for a consumer that was away for too long.

A lost stream needs no command, the relay notices it. Consumers that applied an event already only
acknowledge it. Within the stream's duplicate window (two minutes) the broker drops what it holds already.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kernel.config import ProcessConfig
from kernel.db.transaction import Database
from kernel.events.nats import Nats
from kernel.events.publish import BATCH, fitting, publish
from kernel.events.relay_store import relay_store


@dataclass(frozen=True, slots=True)
class Range:
    """Which archived events: recorded in the half-open [since, before), of a tenant, an aggregate type."""

    since: datetime
    before: datetime
    tenant: UUID | None = None
    aggregate_type: str | None = None


async def replay(db: Database, nats: Nats, config: ProcessConfig, wanted: Range) -> int:
    """Publish the range again in its first order; returns how many events. Raises when the broker refuses."""
    await nats.ensure_stream()
    period = (wanted.since, wanted.before)
    total = 0
    async with relay_store(db) as store:
        after = (0, 0)
        while rows := await store.archived(period, wanted.tenant, wanted.aggregate_type, after, BATCH):
            messages = fitting([await store.outgoing(row) for row in rows])
            confirmed = await publish(nats.client, config.process, messages)
            if confirmed.error:
                raise confirmed.error
            last = rows[len(messages) - 1]
            after = (last["stream_generation"], last["stream_seq"])
            total += len(messages)
    return total
