"""Sweeps what has served its time: idempotency rows after a week. Any process may do it; twice does no harm."""

import asyncio

import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from kernel.db.transaction import Database

EVERY_SECONDS = 3600
KEEP_DAYS = 7
"""A client that repeats a request does so within a day; a week leaves room for an outage over the holidays."""

_SWEEP = text("delete from k_idempotency where recorded_at < clock_timestamp() - make_interval(days => :days)")

log = structlog.get_logger("housekeeping")


async def run_housekeeping(database: Database) -> None:
    """Sweep now and every hour, until cancelled; an outage of the database only postpones it."""
    while True:
        try:
            await sweep(database)
        except (SQLAlchemyError, OSError) as error:
            log.info("sweeping waits for the database", error=type(error).__name__)
        await asyncio.sleep(EVERY_SECONDS)


async def sweep(database: Database) -> None:
    """Delete idempotency rows that are older than `KEEP_DAYS`, of all tenants, as the relay role."""
    async with database.relay.begin() as connection:
        await connection.execute(_SWEEP, {"days": KEEP_DAYS})
