"""Wake-up calls, made once their transaction is committed.

PostgreSQL would deliver a NOTIFY with the transaction itself, but it lets such transactions commit one at a time in the
whole cluster, each for as long as the disk takes. So the call is a transaction of its own that waits for no disk, and
many commits share one. It is a hint: whoever waits for it also polls, or looks before waiting.
"""

import asyncio
import contextlib
from collections.abc import Callable, Iterable, Iterator

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from kernel.db.driver import quoted
from kernel.db.hot import GONE, HotConnections

Call = tuple[str, str]
"""Channel and payload."""
log = structlog.get_logger(__name__)


class Bell:
    """Makes the calls of one process."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._connections = HotConnections(engine)
        self._here: dict[str, Callable[[], None]] = {}
        self._calls: set[Call] = set()
        self._ringing: asyncio.Task[None] | None = None

    @contextlib.contextmanager
    def answered(self, channel: str, hear: Callable[[], None]) -> Iterator[None]:
        """While it lasts `hear` is all that waits on the channel, and needs no call through the database."""
        self._here[channel] = hear
        try:
            yield
        finally:
            del self._here[channel]

    def ring(self, calls: Iterable[Call]) -> None:
        """Call, without waiting for it."""
        for channel, payload in calls:
            if (hear := self._here.get(channel)) is not None:
                hear()
            else:
                self._calls.add((channel, payload))
        if self._calls and self._ringing is None:
            self._ringing = asyncio.create_task(self._ring(), name="bell")

    async def rest(self) -> None:
        """Wait for the calls that are being made, and give its connection back."""
        if self._ringing is not None:
            await self._ringing
        await self._connections.close()

    async def _ring(self) -> None:
        try:
            while self._calls:
                calls, self._calls = self._calls, set()
                said = "; ".join(f"select pg_notify({quoted(where)}, {quoted(what)})" for where, what in sorted(calls))
                await self._say(f"select set_config('synchronous_commit', 'off', true); {said}")
        except (SQLAlchemyError, *GONE) as error:
            self._calls.clear()
            log.warning("a wake-up call was lost", kind=type(error).__name__)
        finally:
            self._ringing = None

    async def _say(self, statements: str) -> None:
        held = await self._connections.take()
        sound = False
        try:
            await held[1].execute(statements)
            sound = True
        finally:
            await self._connections.leave(held, sound=sound)
