"""Places at the pool by tenant: whatever hangs for one tenant, others still get a connection (case 15)."""

import asyncio
from collections import deque
from uuid import UUID

from kernel.errors import Unavailable

SHARE = 0.6
"""Of a pool's connections that one tenant holds at a time. Two cores have work enough with them, and a tenant that
takes them all leaves the rest to the others."""


class _Line:
    __slots__ = ("held", "waiting")

    def __init__(self) -> None:
        self.held = 0
        self.waiting: deque[asyncio.Future[None]] = deque()


class Places:
    """At most `most` for each tenant; who finds none waits in order, for `seconds` at most."""

    def __init__(self, connections: int, seconds: float) -> None:
        self.most = max(1, int(connections * SHARE))
        self._seconds = seconds
        self._lines: dict[UUID, _Line] = {}

    async def enter(self, tenant: UUID) -> None:
        """Take a place; `leave` gives it back. Raises `Unavailable` where none comes free in time."""
        line = self._lines.get(tenant)
        if line is None:
            line = self._lines[tenant] = _Line()
        if line.held < self.most:
            line.held += 1
            return
        waiter = asyncio.get_running_loop().create_future()
        line.waiting.append(waiter)
        try:
            async with asyncio.timeout(self._seconds):
                await waiter
        except BaseException as error:
            if waiter.done() and not waiter.cancelled():
                self.leave(tenant)  # it was handed over while we gave up
            elif waiter in line.waiting:
                line.waiting.remove(waiter)
            if isinstance(error, TimeoutError):
                crowded = Unavailable(cause="database: too much of one tenant at once")
                crowded.waited = True
                raise crowded from None
            raise

    def leave(self, tenant: UUID) -> None:
        """Hand the place to the first of the tenant who still waits, or free it."""
        line = self._lines[tenant]
        while line.waiting:
            waiter = line.waiting.popleft()
            if not waiter.done():
                waiter.set_result(None)
                return
        line.held -= 1
        if not line.held:
            del self._lines[tenant]
