"""The worker that runs what is due, and the handlers it calls."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterable
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError

from kernel.clock import utcnow
from kernel.config import ProcessConfig, crash_point
from kernel.db.transaction import Database, Transaction
from kernel.errors import Problem, places
from kernel.schedule import queries

Handler = Callable[[Transaction, dict[str, Any]], Awaitable[None]]

POLL_SECONDS = 0.5
"""Within this time of a business instant its timers run; the query is indexed and cheap at this rate."""
BATCH = 50
"""Rows looked up at once; a full batch is followed at once by the next."""
LONGEST_RETRY = timedelta(minutes=5)
"""A timer that keeps failing is tried for ever, this seldom: giving up would lose it in silence."""

log = structlog.get_logger("timers")


class Timers:
    """The handlers of timers by kind."""

    def __init__(self) -> None:
        self.handlers: dict[str, Handler] = {}

    def on(self, kind: str) -> Callable[[Handler], Handler]:
        """Register the handler of a kind; it runs in one transaction with the mark that it was done."""

        def register(handler: Handler) -> Handler:
            if kind in self.handlers:
                raise ValueError(f"timer {kind} has two handlers")
            self.handlers[kind] = handler
            return handler

        return register

    @classmethod
    def merge(cls, parts: Iterable["Timers"]) -> "Timers":
        """All handlers of several sets."""
        merged = cls()
        for part in parts:
            for kind, handler in part.handlers.items():
                merged.on(kind)(handler)
        return merged


async def run_timers(database: Database, config: ProcessConfig, timers: Timers, stop: asyncio.Event) -> None:
    """Run what is due until `stop`, beside other workers; a database that is away is waited for."""
    while not stop.is_set():
        found = 0
        try:
            found = await run_due(database, config, timers)
        except (Problem, SQLAlchemyError, OSError) as error:
            log.warning("timers wait for the database", error=type(error).__name__)
        if found < BATCH:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), POLL_SECONDS)


async def run_due(database: Database, config: ProcessConfig, timers: Timers) -> int:
    """Run one batch of what is due now; returns how many rows were found: done, in other hands, or failed."""
    found = await queries.due(database, list(timers.handlers), BATCH)
    for item in found:
        try:
            await _run(database, config, timers, item)
        except Exception as error:
            # Whatever a handler raises concerns its own row: it is noted there, the others run on.
            log.error("timer failed", timer=str(item.id), error=type(error).__name__, places=places(error))
            await _postpone(database, item, error)
    return len(found)


async def _run(database: Database, config: ProcessConfig, timers: Timers, item: queries.Due) -> None:
    async with database.transaction(item.context()) as tx:
        row = await queries.claim(tx, item.id)
        if row is None:
            return
        await timers.handlers[row.kind](tx, row.payload)
        row.state, row.done_at = "done", tx.now
        crash_point(config, "timer.before_commit")
    crash_point(config, "timer.after_commit")


async def _postpone(database: Database, item: queries.Due, error: Exception) -> None:
    async with database.transaction(item.context()) as tx:
        row = await queries.claim(tx, item.id)
        if row is None:
            return
        row.retry_at = utcnow() + min(timedelta(seconds=2 ** min(row.attempts, 10)), LONGEST_RETRY)
        row.attempts += 1
        row.cause = type(error).__name__
