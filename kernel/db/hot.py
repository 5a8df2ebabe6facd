"""Connections for hot statements and lean transactions: they stay out of SQLAlchemy's pool between two of them, which
costs as much as a statement itself, and go back as soon as the pool could be short of them. There is one pool all the
same."""

import asyncio
from typing import cast

import asyncpg
from sqlalchemy import QueuePool
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from kernel.db.driver import Driver, driver_connection

END_SECONDS = 2.0
"""For the server to call a statement off and take leave; then it is left to itself."""
GONE = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
"""What a connection raises that is no good any more."""
Held = tuple[AsyncConnection, Driver]
"""A connection taken out of the pool, and the driver's own beneath it."""


class HotConnections:
    """Those of one engine that rest between two works. None rests with a transaction on it.

    plans: how statements are planned on them, where not as on the engine's (`usual`).
    """

    def __init__(self, engine: AsyncEngine, *, usual: str, plans: str) -> None:
        self._engine = engine
        self._pool = cast("QueuePool", engine.sync_engine.pool)
        self._usual, self._plans = usual, plans
        self._resting: list[Held] = []

    async def take(self) -> Held:
        """A connection for one statement or transaction; `leave` follows, whatever happened."""
        while self._resting:
            held = self._resting.pop()
            if not held[1].is_closed():
                return held
            await held[0].close()  # the pool replaces it when it is next handed out
        connection = await self._engine.connect()
        held = connection, await driver_connection(connection)
        try:
            await self._plan(held, self._plans)
        except BaseException:
            await self.leave(held, sound=False)
            raise
        return held

    async def leave(self, held: Held, *, sound: bool) -> None:
        """Let it rest, or give it back where all are out. Not `sound`: nobody knows what it is at; it is ended."""
        if not sound:
            await _end(held[1])
        if sound and not self._short():
            self._resting.append(held)
        else:
            await self._give_back(held)

    async def make_room(self) -> None:
        """Give one that rests back where the pool has none left for a transaction."""
        if self._resting and self._short():
            await self._give_back(self._resting.pop(0))

    async def close(self) -> None:
        """Give all that rest back."""
        while self._resting:
            await self._give_back(self._resting.pop())

    def _short(self) -> bool:
        return self._pool.checkedout() >= self._pool.size()

    async def _give_back(self, held: Held) -> None:
        try:
            if not held[1].is_closed():
                await self._plan(held, self._usual)
        except GONE:
            held[1].terminate()
        except BaseException:
            held[1].terminate()
            raise
        finally:
            await held[0].close()

    async def _plan(self, held: Held, plans: str) -> None:
        if self._plans != self._usual:
            await held[1].execute(f"set plan_cache_mode = {plans}")


async def _end(driver: Driver) -> None:
    """Close it, and call off a statement that runs on there: its locks would outlast whoever asked for it."""
    try:
        await asyncio.shield(driver.close(timeout=END_SECONDS))
    except (TimeoutError, *GONE):
        driver.terminate()
    except asyncio.CancelledError:
        driver.terminate()
        raise
