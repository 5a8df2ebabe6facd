"""Work of identity beside its requests: new signing keys reach the edges in time, and what has expired goes."""

import asyncio
import time

import structlog
from sqlalchemy.exc import SQLAlchemyError

from gateway.directory import queries as directory
from gateway.identity import purging
from gateway.identity.desk import Desk
from gateway.identity.oauth.keyring import RELOAD_SECONDS
from kernel.clock import utcnow
from kernel.context import PLATFORM_TENANT, Context, TenantId
from kernel.errors import Problem, places

PURGE_SECONDS = 3600.0

log = structlog.get_logger("identity")


async def run_identity_housekeeping(desk: Desk) -> None:
    """Until cancelled; an outage of the database only postpones it.

    The ring is read even while nobody signs in: a key made by another process is told to the edges long before any
    gateway signs with it.
    """
    due = 0.0
    while True:
        try:
            await desk.keyring.ring()
            if time.monotonic() >= due:
                await purge_all(desk)
                due = time.monotonic() + PURGE_SECONDS
        except (Problem, SQLAlchemyError, OSError) as error:
            log.info("identity waits for the database", error=type(error).__name__)
        except Exception as error:
            # A mistake of ours must not end it in silence: the next round may well go through.
            log.error("housekeeping of identity failed", error=type(error).__name__, places=places(error))
        await asyncio.sleep(RELOAD_SECONDS)


async def purge_all(desk: Desk) -> None:
    """Delete what has expired, tenant by tenant."""
    tenants = [TenantId(row[0]) for row in await directory.all_tenants(desk.database)]
    for tenant in [PLATFORM_TENANT, *tenants]:
        async with desk.database.transaction(Context.system(tenant, utcnow())) as tx:
            await purging.purge(tx, utcnow())
