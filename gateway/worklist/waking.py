"""Waking the requests that wait for a tenant's next change: one listening connection per process."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from uuid import UUID

import structlog
from fastapi import FastAPI
from sqlalchemy.exc import SQLAlchemyError

from gateway.worklist.actions import CHANNEL
from kernel.db.driver import driver_connection
from kernel.db.transaction import Database

RECONNECT_SECONDS = 1.0
LOOKS = 4
"""Streams that look into the database at once: woken all together, they leave the pool to requests."""
log = structlog.get_logger("worklist")


class Wakeups:
    """Who waits for which tenant. A wake-up is a hint: whoever is woken looks for themselves."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: dict[UUID, set[asyncio.Event]] = {}
        self.looks = asyncio.Semaphore(LOOKS)
        self.ending = False
        """Whether the process ends: who waits goes home."""

    @contextlib.contextmanager
    def waiting(self, tenant: UUID):  # type: ignore[no-untyped-def]  # a context manager of an Event
        """An event that is set on each change of the tenant from here on; the waiter clears it."""
        woken = asyncio.Event()
        self._waiting.setdefault(tenant, set()).add(woken)
        try:
            yield woken
        finally:
            others = self._waiting[tenant]
            others.discard(woken)
            if not others:
                del self._waiting[tenant]

    def end(self) -> None:
        """The process ends, and does not wait for those who wait here."""
        self.ending = True
        self._wake_all()

    async def listen(self) -> None:
        """Hear of changes until cancelled; after a lost connection everybody is woken, since some may be missed."""
        while True:
            ended = asyncio.Event()
            try:
                async with self._database.engine.connect() as connection:
                    driver = await driver_connection(connection)
                    await driver.add_listener(CHANNEL, self._heard)
                    driver.add_termination_listener(lambda *_, ended=ended: ended.set())
                    self._wake_all()
                    await ended.wait()
            except (SQLAlchemyError, OSError) as error:
                log.warning("the worklist waits for the database", error=type(error).__name__)
            self._wake_all()
            await asyncio.sleep(RECONNECT_SECONDS)

    def _heard(self, *heard: object) -> None:
        for woken in self._waiting.get(UUID(str(heard[-1])), ()):
            woken.set()

    def _wake_all(self) -> None:
        for waiters in self._waiting.values():
            for woken in waiters:
                woken.set()


@contextlib.asynccontextmanager
async def listening(app: FastAPI) -> AsyncIterator[None]:
    """Listen while the process lives."""
    listener = asyncio.create_task(app.state.wakeups.listen(), name="worklist")
    try:
        yield
    finally:
        listener.cancel()
        await asyncio.gather(listener, return_exceptions=True)
