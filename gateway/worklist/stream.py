"""The live worklist: what changes on the desk of one post, as server-sent events that resume where they broke off.

A position says behind which numbered change a reader stands. It is signed for tenant, post and scope: whatever else a
client sends is answered with `reset`, whoever's it may be. What an item was in between is not told, only how it stands.
"""

import asyncio
import dataclasses
import time
from collections.abc import AsyncGenerator
from datetime import timedelta

from gateway.worklist import queries
from gateway.worklist.actions import KEEP
from gateway.worklist.queries import Place
from gateway.worklist.schemas import ItemChange
from gateway.worklist.waking import Wakeups
from kernel.clock import utcnow
from kernel.context import Context
from kernel.db.transaction import Database
from kernel.errors import BadRequest
from kernel.http.paging import Paging, binding_of, open_cursor
from kernel.http.stream import KEEP_ALIVE, KEEP_ALIVE_SECONDS, event

LIFE_SECONDS = 300.0
"""No access token lives longer; the edge ends a stream as soon as its token does."""
PAUSE_SECONDS = 0.2
"""Between two looks of one stream: a burst of changes is told at once, and well within the second that it may take."""
RESUMABLE = KEEP - timedelta(hours=1)
"""Changes are forgotten after `KEEP`; whoever comes back this late may have missed one."""
_PATH = "/api/v1/worklist/stream"
_CHANGE = "changed"
_RESET = "reset"
_COUNTS = "counts"


async def changes(
    database: Database, wakeups: Wakeups, context: Context, key: bytes, last: str | None
) -> AsyncGenerator[bytes]:
    """The events for the acting post of `context`, behind position `last` where it came back with one."""
    began = time.monotonic()
    positions = _Positions(context, key)
    with wakeups.waiting(context.tenant) as woken:
        async with database.transaction(context) as tx:
            office, place = await queries.office_of(tx), (await queries.last_change(tx), queries.ALL)
            counts = await queries.counts(tx) if last is None else None
        known = positions.read(last, place[0]) if last is not None else None
        if counts is not None:
            yield event(_COUNTS, positions.at(place), counts.model_dump(mode="json"))
        elif known is None:
            yield event(_RESET, positions.at(place), {})
        else:
            place = known
            # Said at once, so that a client knows it is back though nothing happened.
            yield KEEP_ALIVE
        beat = time.monotonic() + KEEP_ALIVE_SECONDS
        while not wakeups.ending and time.monotonic() - began < LIFE_SECONDS:
            woken.clear()
            told = await queries.since(database, context, office, place)
            place = max(place, (told.last, queries.ALL))
            if told.items is None:
                yield event(_RESET, positions.at(place), {})
            elif told.items:
                # Business time goes on while the stream is open.
                now = context.business_time + timedelta(seconds=time.monotonic() - began)
                async with database.transaction(dataclasses.replace(context, business_time=now)) as tx:
                    waiting = await queries.waiting(tx, [item for item, _ in told.items])
                for item, at in told.items:
                    change = ItemChange(item=waiting.get(item), item_id=item, gone=item not in waiting)
                    yield event(_CHANGE, positions.at(at), change.model_dump(mode="json"))
            elif time.monotonic() >= beat:
                yield KEEP_ALIVE
            else:
                await _next(wakeups, woken, beat - time.monotonic())
                continue
            beat = time.monotonic() + KEEP_ALIVE_SECONDS


async def _next(wakeups: Wakeups, woken: asyncio.Event, seconds: float) -> None:
    """Wait for a change, for that long at most."""
    try:
        await asyncio.wait_for(woken.wait(), seconds)
    except TimeoutError:
        return
    if not wakeups.ending:
        await asyncio.sleep(PAUSE_SECONDS)


class _Positions:
    """Positions of one reader: how far it has read, and when that was told, signed."""

    def __init__(self, context: Context, key: bytes) -> None:
        self._key, self._binding = key, binding_of(context, _PATH, ())
        self._paging = Paging(1, None, key, self._binding)

    def at(self, place: Place) -> str:
        """The position of somebody who has read that far."""
        return self._paging.next((*place, int(utcnow().timestamp())))

    def read(self, told: str, last: int) -> Place | None:
        """How far this reader had read; None for any other's position, and where it is too old to go on from."""
        try:
            seq, item, at = open_cursor(told, self._key, self._binding)
        except BadRequest:
            return None
        fresh = at > (utcnow() - RESUMABLE).timestamp()
        return (seq, item) if fresh and seq <= last else None
