"""The gateway's end of the edge stream.

A lease is what makes a revocation certain without waiting for the dead: an edge may serve only until its
lease runs out, counted from when it *asked* for it, so the gateway, which counts from when it *answered*,
always ends later, whatever the network delayed and whatever the two clocks show. (architecture.md, Gateway.)
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence

import structlog

from gateway.edgefeed.changes import Change
from gateway.edgefeed.messages import (
    Beat,
    Changed,
    Confirm,
    Pulse,
    Refusal,
    Refusals,
    RefusalsTaken,
    Snapshot,
    to_gateway,
)
from gateway.edgefeed.session import Session, greet
from gateway.edgefeed.shares import Shares
from gateway.edgefeed.wire import Channel, StreamBroken
from kernel.errors import places

LEASE_SECONDS = 5.0
"""How long an edge without news serves on: the longest that a revocation has to wait."""
BEAT_SECONDS = 1.0
"""Five tries within one lease, so that one lost second stops nobody."""
GREETING_SECONDS = 3.0
"""A stranger who says nothing is not kept longer."""
SNAPSHOT_PART = 2000
"""Changes in one frame: some hundred KB, packed within a few milliseconds of the loop."""

SnapshotSource = Callable[[], Awaitable[Sequence[Change]]]
RefusalHandler = Callable[[Sequence[Refusal], int], Awaitable[None]]

log = structlog.get_logger(__name__)


class EdgeFeed:
    """Serves the edges and tells them what changes. One per gateway process."""

    def __init__(
        self,
        key: bytes,
        *,
        lease_seconds: float = LEASE_SECONDS,
        beat_seconds: float = BEAT_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._key = key
        self._lease = lease_seconds
        self._beat = beat_seconds
        self._clock = clock
        # An edge unknown to a gateway that just started may still hold a lease from the one before.
        self._leases_end = clock() + lease_seconds
        self._shares = Shares(lease_seconds, clock)
        self._number = 0
        self._sessions: set[Session] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._snapshot: SnapshotSource | None = None
        self._refused: RefusalHandler | None = None
        self._server: asyncio.Server | None = None
        self.dropped_refusals = 0
        """How many refusals the edges had to drop for want of room, in all."""

    def set_snapshot_source(self, source: SnapshotSource) -> None:
        """`source()` reads all facts there are, as changes; asked once for each edge that connects."""
        self._snapshot = source

    def on_refusal(self, handler: RefusalHandler) -> None:
        """`handler(refusals, dropped)` records a batch for the audit. When it raises, the edge keeps the
        batch and sends it again, so it recognises a refusal by its `id`."""
        self._refused = handler

    @property
    def edges(self) -> int:
        """How many edges are connected."""
        return len(self._sessions)

    @property
    def port(self) -> int:
        """Where it listens."""
        if self._server is None:
            raise RuntimeError("the edge feed is not started")
        return int(self._server.sockets[0].getsockname()[1])

    async def start(self, host: str, port: int) -> None:
        """Listen for edges; port 0 takes a free one."""
        self._server = await asyncio.start_server(self._accept, host, port)

    async def stop(self) -> None:
        """Stop listening and drop the edges; they serve on for their lease and look for another gateway."""
        if self._server is not None:
            self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._server is not None:
            await self._server.wait_closed()
            self._server = None

    def announce(self, *changes: Change) -> int:
        """Tell the edges and do not wait: for what only adds. Returns the number of the last change."""
        for change in changes:
            self._number += 1
            for session in self._sessions:
                session.tell(Changed(self._number, change))
        return self._number

    async def publish(self, *changes: Change) -> None:
        """Tell the edges and wait until none can decide by the old facts any more.

        That is: every connected edge has confirmed, or the lease it held before the change has run out; and
        the leases of edges no longer connected have run out. Call it after the commit, changes of one thing
        in the order of their commits. At most one lease long.
        """
        # A lease granted later than the change is on the stream behind it, so it proves that the change
        # arrived.
        ends = {session: session.granted_at + self._lease for session in self._sessions}
        gone = self._leases_end
        number = self.announce(*changes)
        waits = [s.wait_confirmed(number, end - self._clock()) for s, end in ends.items()]
        late = [s.edge for s, ok in zip(ends, await asyncio.gather(*waits), strict=True) if not ok]
        if late:
            log.warning("edges did not confirm within their lease", edges=late, number=number)
        if (left := gone - self._clock()) > 0:
            await asyncio.sleep(left)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 -- for the type checker: start_server runs this in a task
        self._tasks.add(task)
        channel = Channel(reader, writer, to_gateway)
        try:
            async with asyncio.timeout(GREETING_SECONDS):
                session = await greet(
                    channel, self._key, lease_seconds=self._lease, beat_seconds=self._beat, clock=self._clock
                )
            await self._serve(session)
        except (StreamBroken, TimeoutError, OSError) as error:
            log.info("edge stream ended", reason=str(error) or type(error).__name__)
        except asyncio.CancelledError:
            log.info("edge stream stopped")
        finally:
            self._tasks.discard(task)
            channel.close()

    async def _serve(self, session: Session) -> None:
        self._sessions.add(session)
        recording: asyncio.Task[None] | None = None
        try:
            # No Beat is read, so no lease granted, before the snapshot and all behind it are on the stream.
            await self._bring_up_to_date(session)
            while True:
                async with asyncio.timeout(2 * self._lease):
                    message = await session.channel.get()
                    match message:
                        case Beat(seq, uses):
                            session.granted_at = self._clock()
                            session.channel.put(Pulse(seq, self._shares.grant(session.edge, uses)))
                            await session.channel.flush()
                        case Confirm(number):
                            session.confirm(number)
                        case Refusals():
                            # Beside this loop: a slow audit must not cost the edge its lease.
                            if recording is not None and not recording.done():
                                raise StreamBroken("a batch before the last was answered")
                            recording = asyncio.create_task(self._take(session, message))
                        case _:
                            raise StreamBroken("unexpected message")
        finally:
            self._sessions.discard(session)
            self._leases_end = max(self._leases_end, session.granted_at + self._lease)
            if recording is not None:
                recording.cancel()

    async def _bring_up_to_date(self, session: Session) -> None:
        if self._snapshot is None:
            raise StreamBroken("no snapshot source yet")
        # Registered before the facts are read: what is published meanwhile is sent behind the snapshot.
        number = self._number
        changes = list(await self._snapshot())
        for start in range(0, max(len(changes), 1), SNAPSHOT_PART):
            part = changes[start : start + SNAPSHOT_PART]
            session.channel.put(Snapshot(number, part, start + SNAPSHOT_PART >= len(changes)))
            await session.channel.flush()
        session.catch_up()

    async def _take(self, session: Session, batch: Refusals) -> None:
        recorded = RefusalsTaken(batch.first, 0)
        try:
            if self._refused is not None:
                await self._refused(batch.items, batch.dropped)
                recorded = RefusalsTaken(batch.first + len(batch.items), batch.dropped)
        except Exception as error:
            # Whatever the audit's database says, the stream and its leases must live; the edge sends again.
            log.error("refusals were not recorded", count=len(batch.items), places=places(error))
        self.dropped_refusals += recorded.dropped
        session.channel.put(recorded)
