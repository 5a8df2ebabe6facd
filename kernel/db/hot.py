"""Connections for hot statements and transactions: they stay out of SQLAlchemy's pool between two of them, which
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

    def __init__(self, engine: AsyncEngine, *, usual: str = "", plans: str = "") -> None:
        self._engine = engine
        self._pool = cast("QueuePool", engine.sync_engine.pool)
        self._usual, self._plans = usual, plans
        self._resting: list[Held] = []
        self.beside: HotConnections | None = None
        """Those of the same engine for works of another kind; what rests there gives way to what is at work here."""
        self._going: set[asyncio.Task[None]] = set()

    async def take(self) -> Held:
        """A connection for one statement or transaction; `leave` follows, whatever happened."""
        while self._resting:
            held = self._resting.pop()
            if not held[1].is_closed():
                return held
            await self._go(held, sound=True)  # the pool replaces it when it is next handed out
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
        if sound and (not self._short() or (self.beside is not None and self.beside._resting)):
            self._resting.append(held)
            if self.beside is not None:
                await self.beside.make_room()
        else:
            await self._go(held, sound=sound)

    async def make_room(self) -> None:
        """Give one that rests back where the pool has none left for a transaction."""
        if self._resting and self._short():
            await self._go(self._resting.pop(0), sound=True)

    async def close(self) -> None:
        """Give all back, those too whose user did not wait for it."""
        while self._resting:
            await self._give_back(self._resting.pop(), sound=True)
        await asyncio.gather(*self._going)

    async def _go(self, held: Held, *, sound: bool) -> None:
        # On a task of its own: who is cancelled is cancelled again at every wait (anyio's scopes do so), and the pool
        # would never see the connection again.
        going = asyncio.create_task(self._give_back(held, sound=sound))
        self._going.add(going)
        going.add_done_callback(self._going.discard)
        await asyncio.shield(going)

    def _short(self) -> bool:
        return self._pool.checkedout() >= self._pool.size()

    async def _give_back(self, held: Held, *, sound: bool) -> None:
        try:
            if not sound:
                # Also calls a statement off that runs on there: its locks would outlast whoever asked for it.
                await held[1].close(timeout=END_SECONDS)
            elif not held[1].is_closed():
                await self._plan(held, self._usual)
        except (TimeoutError, *GONE):
            held[1].terminate()
        finally:
            await held[0].close()

    async def _plan(self, held: Held, plans: str) -> None:
        if self._plans != self._usual:
            await held[1].execute(f"set plan_cache_mode = {plans}")
