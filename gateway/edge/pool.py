"""Keep-alive connections to one service: capped, newest first, with one safe retry on a stale one (T8).

httpx's pool looks at all its connections per request and collapses under concurrency; this is the one place
of the gateway where own code pays (performance.md). A retry happens only where a repeated request cannot do
harm: the connection had been idle before, not one byte of an answer came, the whole body is still at hand,
and the request is idempotent by its method or by its Idempotency-Key.
"""

import asyncio
from collections import deque
from urllib.parse import urlsplit

from gateway.edge.connection import Broken, Connection, UpstreamError

CONNECTIONS = 128
"""To one service: more than its database pool and event loop can work on at once."""
WAITING = 1024
"""Requests that wait for a connection; the next are refused at once."""
IDLE_SECONDS = 4.0
"""Below uvicorn's keep-alive of 5 s, so that it is mostly us who close."""
CONNECT_SECONDS = 1.0
"""Services stand in the same network; a connection takes below a millisecond or does not come about."""


class NoConnection(UpstreamError):
    """The service cannot be connected to."""


class Crowded(UpstreamError):
    """Too many requests wait for this service already."""


class Upstream:
    """The connections to one service."""

    def __init__(
        self,
        url: str,
        *,
        connections: int = CONNECTIONS,
        waiting: int = WAITING,
        idle_seconds: float = IDLE_SECONDS,
        connect_seconds: float = CONNECT_SECONDS,
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme != "http" or not parts.hostname or not parts.port:
            raise ValueError(f"upstream must be http://host:port, not {url}")
        self.host, self.port = parts.hostname, parts.port
        self.authority = parts.netloc.encode("ascii")
        self._cap = connections
        self._max_waiting = waiting
        self._idle_seconds = idle_seconds
        self._connect_seconds = connect_seconds
        self._idle: list[Connection] = []
        self._waiters: deque[asyncio.Future[Connection | None]] = deque()
        self.open = 0
        """Connections that stand or are being made."""

    def idle(self, now: float) -> Connection | None:
        """A connection that stands and has nothing to do, for `Connection.ask`; `give_back` it. `now`: loop time."""
        while self._idle:
            connection = self._idle.pop()
            if connection.alive and now - connection.idle_since < self._idle_seconds:
                return connection
            connection.abort()
        return None

    async def send(
        self, head: bytes, *, deadline: float, whole: bool, repeatable: bool, fresh: bool = False
    ) -> Connection:
        """Begin an exchange and, when the request is `whole`, wait for the head of its answer.

        `head` is the request with its whole body behind it, or, when not `whole`, without: the caller then
        writes the body, calls `sent_all` and waits for the head. `deadline`: loop time. `fresh`: not on a
        connection used before. Raises: `UpstreamError`.
        """
        # A body that is streamed cannot be sent twice, so it never goes to a connection that may be stale.
        connection, used_before = await self._take(deadline, fresh=fresh or not whole)
        try:
            await _exchange(connection, head, deadline, whole)
        except Broken as error:
            self.give_back(connection)
            if not (used_before and repeatable and error.untouched):
                raise
        except BaseException:
            self.give_back(connection)
            raise
        else:
            return connection
        connection, _ = await self._take(deadline, fresh=True)
        try:
            await _exchange(connection, head, deadline, whole)
        except BaseException:
            self.give_back(connection)
            raise
        return connection

    def give_back(self, connection: Connection) -> None:
        """The exchange is over: keep the connection if it is clean, else close it."""
        if connection.end():
            while self._waiters:
                waiter = self._waiters.popleft()
                if not waiter.done():
                    waiter.set_result(connection)
                    return
            connection.idle_since = connection.clock()
            self._idle.append(connection)

    def release(self, connection: Connection) -> None:
        """The connection lives on for a stream of events without a place under the cap."""
        if connection.counted:
            connection.counted = False
            self._place_free()

    def close(self) -> None:
        """Close the idle connections; those at work end with their exchange."""
        for connection in list(self._idle):
            connection.abort()
        self._idle.clear()

    async def _take(self, deadline: float, *, fresh: bool) -> tuple[Connection, bool]:
        connection = None if fresh else self.idle(asyncio.get_running_loop().time())
        if connection is not None:
            return connection, True
        if self.open < self._cap:
            self.open += 1
            return await self._connect(deadline), False
        if self._idle:
            self._idle.pop(0).abort()  # its place comes free, and to us
        handed = await self._wait(deadline)
        if handed is None:
            return await self._connect(deadline), False
        if not fresh:
            return handed, True
        handed.abort()
        return await self._take(deadline, fresh=True)

    async def _wait(self, deadline: float) -> Connection | None:
        """A connection given back, or None with a free place already counted in `open`."""
        loop = asyncio.get_running_loop()
        if len(self._waiters) >= self._max_waiting:
            raise Crowded("too many requests wait")
        waiter: asyncio.Future[Connection | None] = loop.create_future()
        self._waiters.append(waiter)
        try:
            async with asyncio.timeout_at(deadline):
                return await waiter
        except BaseException as error:
            if waiter.done() and not waiter.cancelled():
                self._pass_on(waiter.result())
            elif waiter in self._waiters:
                self._waiters.remove(waiter)
            if isinstance(error, TimeoutError):
                raise Crowded("no connection became free") from None
            raise

    def _pass_on(self, handed: Connection | None) -> None:
        """What was handed to a request that no longer wants it goes to the next."""
        if handed is None:
            self._place_free()
        else:
            self.give_back(handed)

    async def _connect(self, deadline: float) -> Connection:
        loop = asyncio.get_running_loop()
        limit = min(deadline, loop.time() + self._connect_seconds)
        try:
            async with asyncio.timeout_at(limit):
                _, connection = await loop.create_connection(Connection, self.host, self.port)
        except BaseException as error:
            self._place_free()
            if isinstance(error, OSError):  # TimeoutError is one
                raise NoConnection(type(error).__name__) from None
            raise
        connection.on_lost.add_done_callback(lambda _: self._lost(connection))
        return connection

    def _lost(self, connection: Connection) -> None:
        if connection in self._idle:
            self._idle.remove(connection)
        self.release(connection)

    def _place_free(self) -> None:
        """A place under the cap is free: the first who waits takes it over, else it is counted as free."""
        while self._waiters:
            waiter = self._waiters.popleft()
            if not waiter.done():
                waiter.set_result(None)
                return
        self.open -= 1


async def _exchange(connection: Connection, head: bytes, deadline: float, whole: bool) -> None:
    connection.begin(head)
    if whole:
        connection.sent_all()
        await connection.head(deadline)
