"""The worker that sends what is due. No transaction is open while it waits for a receiver.

A delivery is taken in hand in one transaction, sent, and settled in another. Who dies between leaves a lease behind;
when it has run out the delivery is sent again under the same `webhook-id`: at least once, and never by two at a time.
"""

import asyncio
import contextlib
import ipaddress
import random
from collections import Counter
from collections.abc import AsyncIterator
from uuid import UUID

import structlog
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from gateway.webhooks import actions, queries
from gateway.webhooks.queries import Due
from gateway.webhooks.sending import Poster
from kernel.clock import utcnow
from kernel.config import ProcessConfig, crash_point
from kernel.context import Context
from kernel.db.transaction import Database
from kernel.errors import Problem, places
from kernel.privacy.kms import CannotUnwrap

POLL_SECONDS = 1.0
AT_ONCE = 32
PER_ENDPOINT = 4
"""A receiver that hangs takes no more of the places than this."""
KEEP_DAYS = 30
SWEEP_SECONDS = 3_600.0

_SWEEP = text("delete from webhook_delivery where recorded_at < clock_timestamp() - make_interval(days => :days)")
log = structlog.get_logger("webhooks")


class Worker:
    """Sends until it is told to stop; what is under way then is finished."""

    def __init__(self, database: Database, config: ProcessConfig, poster: Poster) -> None:
        self._database, self._config, self._poster = database, config, poster
        self._busy: Counter[UUID] = Counter()
        self._tasks: dict[UUID, asyncio.Task[None]] = {}
        """By the delivery in hand."""
        self._one_done = asyncio.Event()
        self._chance = random.Random()  # noqa: S311 -- spreads tries, guards nothing

    async def run(self, stop: asyncio.Event) -> None:
        """Look for what is due, and send it."""
        swept = 0.0
        loop = asyncio.get_running_loop()
        while not stop.is_set():
            found = 0
            try:
                if loop.time() >= swept:
                    await self.sweep()
                    swept = loop.time() + SWEEP_SECONDS
                found = await self.begin_due()
            except (Problem, SQLAlchemyError, OSError) as error:
                log.warning("webhooks wait for the database", error=type(error).__name__)
            if not found:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._one_done.wait(), POLL_SECONDS)
                self._one_done.clear()
        await self.finish()

    async def begin_due(self) -> int:
        """Begin to send what is due, as far as there are places; returns how many."""
        busy = [endpoint for endpoint, taken in self._busy.items() if taken >= PER_ENDPOINT]
        limit = AT_ONCE - len(self._tasks)
        found = await queries.due(self._database, each=PER_ENDPOINT, limit=limit, busy=busy) if limit > 0 else []
        taken = 0
        for each in found:
            if self._busy[each.endpoint_id] < PER_ENDPOINT and each.id not in self._tasks:
                taken += 1
                self._busy[each.endpoint_id] += 1
                self._tasks[each.id] = asyncio.create_task(self._send(each))
        return taken

    async def finish(self) -> None:
        """Wait for what is under way."""
        if self._tasks:
            await asyncio.wait(self._tasks.values())

    async def sweep(self) -> None:
        """Forget what was recorded long ago."""
        async with self._database.relay.begin() as connection:
            await connection.execute(_SWEEP, {"days": KEEP_DAYS})

    async def _send(self, due: Due) -> None:
        context = Context.system(due.tenant, utcnow())
        try:
            async with self._database.transaction(context) as tx:
                out = await actions.take(tx, due.id)
            if out is None:
                return
            crash_point(self._config, "webhook.before_send")
            came = await self._poster.post(out)
            crash_point(self._config, "webhook.after_send")
            async with self._database.transaction(context) as tx:
                await actions.settle(tx, out, status=came.status, cause=came.cause, chance=self._chance.random())
        except (Problem, SQLAlchemyError, OSError, CannotUnwrap) as error:
            # Its lease runs out, and it is tried again.
            log.warning("a delivery was not settled", delivery=str(due.id), error=type(error).__name__)
        except Exception as error:
            log.error("a delivery failed", delivery=str(due.id), error=type(error).__name__, places=places(error))
        finally:
            self._busy[due.endpoint_id] -= 1
            if not self._busy[due.endpoint_id]:
                del self._busy[due.endpoint_id]
            del self._tasks[due.id]
            self._one_done.set()


def poster_of(config: ProcessConfig) -> Poster:
    """What this process sends with."""
    allowed = [ipaddress.ip_network(each) for each in config.webhook_networks]
    return Poster(allowed=allowed, development=config.profile == "development")


@contextlib.asynccontextmanager
async def sending(app: FastAPI) -> AsyncIterator[None]:
    """Send while the process lives; what is under way at its end may finish."""
    stop = asyncio.Event()
    config: ProcessConfig = app.state.config
    worker = Worker(app.state.database, config, poster_of(config))
    task = asyncio.create_task(worker.run(stop), name="webhooks")
    try:
        yield
    finally:
        stop.set()
        _, late = await asyncio.wait([task], timeout=STOP_SECONDS)
        for each in late:
            each.cancel()
        await asyncio.gather(task, return_exceptions=True)


STOP_SECONDS = 5.0
"""Within the supervisor's patience; what is cut off is sent again."""
