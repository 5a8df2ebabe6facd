"""Waiting for a change: one's own write seen at once (`Shegong-Position`), and the stream of changes (SSE)."""

import asyncio
import time
from collections.abc import AsyncGenerator
from uuid import UUID

import orjson

from gateway.worklist import queries
from gateway.worklist.waking import Wakeups
from kernel.context import Context
from kernel.db.transaction import Database

POSITION_SECONDS = 1.0
"""How long a reader waits for their own write (architecture.md, Gateway)."""
STREAM_SECONDS = 240.0
"""A stream ends before the access token that opened it; the client comes back with a fresh one and its last id."""
BEAT_SECONDS = 15.0
"""A line of comment in silence, so that no proxy takes the stream for dead."""
BATCH = 200


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


async def stream(database: Database, wakeups: Wakeups, context: Context, after: int | None) -> AsyncGenerator[bytes]:
    """The changes within the scope behind number `after` (None: from now on), as server-sent events.

    `event: change` carries service, workflow, case and its state; its id is the number to resume from. Where
    changes behind `after` are no longer kept, `event: reset` says that the client reads its list anew.
    """
    until = time.monotonic() + STREAM_SECONDS
    yield b"retry: 1000\n\n"
    with wakeups.waiting(context.tenant) as woken:
        async with database.transaction(context) as tx:
            last, oldest = await queries.last_change(tx), await queries.oldest_change(tx)
        if after is None:
            after = last
            yield _event("ready", after, {})
        elif after > last or (oldest and after < oldest - 1):
            after = last
            yield _event("reset", after, {})
        while time.monotonic() < until:
            woken.clear()
            async with database.transaction(context) as tx:
                changes = await queries.changes_after(tx, after, BATCH)
            for change in changes:
                after = change.seq
                yield _event("change", change.seq, change.data)
            if changes:
                continue
            try:
                await asyncio.wait_for(woken.wait(), min(BEAT_SECONDS, max(0.0, until - time.monotonic())))
            except TimeoutError:
                yield b": still here\n\n"


def _event(name: str, number: int, data: dict[str, object]) -> bytes:
    return b"id: %d\nevent: %s\ndata: %s\n\n" % (number, name.encode(), orjson.dumps(data))
