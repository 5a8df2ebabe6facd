"""The edge's end of the edge stream: facts in force, the lease to serve by them, refusals on their way
out."""

import asyncio
import contextlib
import hmac
import random
import time
from collections.abc import Callable

import structlog

from gateway.edge.facts import Facts
from gateway.edge.refusals import RefusalBuffer
from gateway.edgefeed.changes import Change
from gateway.edgefeed.messages import (
    Beat,
    Challenge,
    Changed,
    Confirm,
    Hello,
    Pulse,
    RefusalsTaken,
    Snapshot,
    ToEdge,
    Welcome,
    to_edge,
)
from gateway.edgefeed.wire import PROTOCOL, Channel, StreamBroken, fresh_nonce, proof
from kernel.ids import new_id

CONNECT_SECONDS = 2.0
RETRY_SECONDS = (0.1, 1.0)
"""First and longest pause between tries: a gateway that restarts must find its edges within the lease."""

log = structlog.get_logger(__name__)


class EdgeStream:
    """Keeps `facts` in force and the lease renewed; run `run` as a task."""

    def __init__(
        self,
        host: str,
        port: int,
        key: bytes,
        refusals: RefusalBuffer,
        clock: Callable[[], float] = time.monotonic,
        name: str = "",
    ) -> None:
        """`name`: by which the gateway knows an edge that was started again, so that it takes over the share of the
        process before it at once; a new one each time when empty."""
        self._host, self._port, self._key = host, port, key
        self._refusals = refusals
        self._clock = clock
        self.edge = name or str(new_id())
        self.facts: Facts | None = None
        self.parts = 0
        """Into how many parts the rate limits are divided, of which this edge gives out one; 0 before the first
        lease."""
        self.share = 1.0
        """This edge's part of each limit."""
        self._lease_until = float("-inf")
        self._seq = 0
        self._sent: dict[int, float] = {}
        self._loading: list[Change] = []
        self._synced = False
        self._refusals_out = False
        self._first_lease = asyncio.Event()

    @property
    def leased(self) -> bool:
        """Whether this edge may serve: it has facts, and a lease that has not run out."""
        return self.facts is not None and self._clock() < self._lease_until

    async def wait_for_first_lease(self, seconds: float) -> None:
        """Return once this edge may serve for the first time, or when the time is over."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._first_lease.wait()

    async def run(self) -> None:
        """Hold the stream, and seek it anew whenever it ends, until cancelled."""
        pause = RETRY_SECONDS[0]
        while True:
            started = self._clock()
            try:
                await self._once()
            except (StreamBroken, TimeoutError, OSError) as error:
                log.info("edge stream ended", reason=str(error) or type(error).__name__)
            if self._clock() - started > RETRY_SECONDS[1]:
                pause = RETRY_SECONDS[0]
            # Spread out, so that edges do not all come back in the same instant.
            await asyncio.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311 -- no secret depends on it
            pause = min(2 * pause, RETRY_SECONDS[1])

    async def _once(self) -> None:
        async with asyncio.timeout(CONNECT_SECONDS):
            reader, writer = await asyncio.open_connection(self._host, self._port)
            channel = Channel(reader, writer, to_edge)
        beats: asyncio.Task[None] | None = None
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                welcome = await self._greet(channel)
            self._loading = []
            self._sent.clear()
            self._synced = self._refusals_out = False
            while True:
                async with asyncio.timeout(2 * welcome.lease_seconds):
                    message = await channel.get()
                if self._take(message, channel, welcome.lease_seconds):
                    beats = asyncio.create_task(self._beat(channel, welcome.beat_seconds))
        finally:
            channel.close()
            if beats is not None:
                beats.cancel()
                with contextlib.suppress(asyncio.CancelledError, StreamBroken, OSError):
                    await beats

    async def _greet(self, channel: Channel[ToEdge]) -> Welcome:
        challenge = await channel.get()
        if not isinstance(challenge, Challenge) or challenge.protocol != PROTOCOL:
            raise StreamBroken("no challenge, or of another protocol")
        nonce = fresh_nonce()
        channel.put(Hello(self.edge, nonce, proof(self._key, "edge", challenge.nonce, nonce, self.edge)))
        welcome = await channel.get()
        if not isinstance(welcome, Welcome):
            raise StreamBroken("no welcome")
        if not hmac.compare_digest(welcome.proof, proof(self._key, "gateway", challenge.nonce, nonce, self.edge)):
            raise StreamBroken("the gateway did not prove the key")
        channel.seal(self._key, "edge", challenge.nonce, nonce)
        return welcome

    def _take(self, message: ToEdge, channel: Channel[ToEdge], lease_seconds: float) -> bool:
        """Put a message in force; True when the snapshot has just become complete."""
        match message:
            case Snapshot(number, changes, last):
                self._loading.extend(changes)
                if last:
                    self.facts = Facts(self._loading)
                    self._loading = []
                    self._synced = True
                    channel.put(Confirm(number))
                return last
            case Changed(number, change):
                if self.facts is None or not self._synced:
                    raise StreamBroken("a change before the snapshot")
                self.facts.apply(change)
                channel.put(Confirm(number))
            case Pulse(seq, parts):
                # From when it was asked for: the gateway counts from when it answered, which is later.
                asked = self._sent.pop(seq, None)
                if asked is not None and parts:
                    changed, self.parts, self.share = parts != self.parts, parts, 1.0 / parts
                    self._lease_until = max(self._lease_until, asked + lease_seconds)
                    if self.leased:
                        self._first_lease.set()
                    if changed:
                        # Others wait to hear that this edge gives out less.
                        self._ask(channel)
            case RefusalsTaken(before, dropped):
                self._refusals_out = False
                if self._refusals.taken(before, dropped):
                    self._refusals.arrived.set()
            case _:
                raise StreamBroken("unexpected message")
        return False

    def _ask(self, channel: Channel[ToEdge]) -> None:
        self._seq += 1
        self._sent[self._seq] = self._clock()
        channel.put(Beat(self._seq, self.parts if self.leased else 0))

    async def _beat(self, channel: Channel[ToEdge], every: float) -> None:
        """Ask for the lease each second, and send refusals as they come."""
        while True:
            self._ask(channel)
            next_beat = asyncio.get_running_loop().time() + every
            while True:
                # One batch at a time; one that the gateway could not record goes out again.
                if not self._refusals_out and (batch := self._refusals.batch()) is not None:
                    self._refusals_out = True
                    channel.put(batch)
                await channel.flush()
                self._refusals.arrived.clear()
                try:
                    async with asyncio.timeout_at(next_beat):
                        await self._refusals.arrived.wait()
                except TimeoutError:
                    break
