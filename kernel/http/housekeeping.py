"""Sweeps what has served its time, and carries stragglers after a reorganisation. Any process may; twice does no harm.

Idempotency rows go after a week. A request that began before its units got other numbers may write rows under an old
one after them: for some minutes the numbers are looked for again. What takes the rights of the tables' owner, as the
archives' months do, is not for a process: see `deploy/cli/supervisor/daily.py`.
"""

import asyncio

import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from kernel.clock import utcnow
from kernel.context import Context, TenantId
from kernel.db.transaction import Database
from kernel.errors import Problem
from kernel.org import renumbering

EVERY_SECONDS = 3600
KEEP_DAYS = 7
"""A client that repeats a request does so within a day; a week leaves room for an outage over the holidays."""
STRAGGLERS_SECONDS = 45
STRAGGLERS_FOR_MINUTES = 5
"""A principal is taken for 30 seconds and a statement runs for 30; what comes later was begun under the new numbers."""

_RENUMBERED = text(
    "select distinct tenant_id from k_org_number"
    " where recorded_at > clock_timestamp() - make_interval(mins => :minutes)"
)
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


async def run_stragglers(database: Database) -> None:
    """Look every while for tenants just reorganised, until cancelled; an outage only postpones it."""
    while True:
        try:
            await carry_stragglers(database)
        except (Problem, SQLAlchemyError, OSError) as error:
            log.info("carrying stragglers waits for the database", error=type(error).__name__)
        await asyncio.sleep(STRAGGLERS_SECONDS)


async def carry_stragglers(database: Database) -> None:
    """Give rows that came under old numbers their present ones, in the tenants reorganised in the last minutes."""
    async with database.relay.connect() as connection:
        found = await connection.execute(_RENUMBERED, {"minutes": STRAGGLERS_FOR_MINUTES})
        tenants = [TenantId(row[0]) for row in found]
    for tenant in tenants:
        async with database.transaction(Context.system(tenant, utcnow())) as tx:
            await renumbering.carry_late(tx, STRAGGLERS_FOR_MINUTES)
