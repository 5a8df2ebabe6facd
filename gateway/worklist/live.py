"""Waiting for a change: one's own write is seen at once (`Shegong-Position`)."""

import asyncio
import contextlib
import time
from uuid import UUID

from gateway.worklist import queries
from gateway.worklist.waking import Wakeups
from kernel.db.transaction import Transaction

POSITION_SECONDS = 1.0
"""How long a reader waits for their own write (architecture.md, Gateway)."""


async def reached(tx: Transaction, wakeups: Wakeups, event_id: UUID) -> bool:
    """Wait until the worklist has heard of the event, for a second at most; False where it has not.

    In the reader's own transaction, each of whose statements sees what was committed before it: whoever held one and
    waited for another would stand in their own way.
    """
    until = time.monotonic() + POSITION_SECONDS
    with wakeups.waiting(tx.tenant) as woken:
        while True:
            woken.clear()
            if await queries.has_applied(tx, event_id):
                return True
            left = until - time.monotonic()
            if left <= 0:
                return False
            with contextlib.suppress(TimeoutError):  # looked for once more: a call may be lost
                await asyncio.wait_for(woken.wait(), left)
