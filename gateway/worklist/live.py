"""Waiting for a change: one's own write is seen at once (`Shegong-Position`)."""

import asyncio
import time
from uuid import UUID

from gateway.worklist import queries
from gateway.worklist.waking import Wakeups
from kernel.context import Context
from kernel.db.transaction import Database

POSITION_SECONDS = 1.0
"""How long a reader waits for their own write (architecture.md, Gateway)."""


async def reached(database: Database, wakeups: Wakeups, context: Context, event_id: UUID) -> bool:
    """Wait until the worklist has heard of the event, for a second at most; False where it has not."""
    until = time.monotonic() + POSITION_SECONDS
    with wakeups.waiting(context.tenant) as woken:
        while True:
            woken.clear()
            async with database.transaction(context) as tx:
                if await queries.has_applied(tx, event_id):
                    return True
            left = until - time.monotonic()
            if left <= 0:
                return False
            try:
                await asyncio.wait_for(woken.wait(), left)
            except TimeoutError:
                return False
