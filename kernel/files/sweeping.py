"""Contents that no row tells of (the transaction was rolled back, the process died) are removed after a while."""

import asyncio
import contextlib
from datetime import datetime, timedelta
from itertools import groupby, islice

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col, select

from kernel.clock import utcnow
from kernel.context import Context, TenantId
from kernel.db.transaction import Database
from kernel.errors import Problem
from kernel.files.store import ObjectStore, Stored
from kernel.files.tables import File

GRACE = timedelta(hours=1)
"""Far longer than any request lives: what is younger may still get its row."""
SWEEP_SECONDS = 3600.0
BATCH = 500

log = structlog.get_logger("files")


async def run_sweep(database: Database, store: ObjectStore, stop: asyncio.Event) -> None:
    """Sweep every hour until `stop`; two workers may do so at once, each removal is harmless twice."""
    while not stop.is_set():
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), SWEEP_SECONDS)
            return
        try:
            await sweep(database, store, utcnow() - GRACE)
        except (Problem, SQLAlchemyError, OSError) as error:
            cause = str(error) if isinstance(error, Problem) else None
            log.warning("sweep of files waits", error=type(error).__name__, cause=cause)


async def sweep(database: Database, store: ObjectStore, before: datetime) -> int:
    """Remove the objects stored before that instant of which no row tells; returns their number."""
    removed = 0
    found = sorted(await store.older_than(before), key=lambda each: each.tenant)
    for tenant, objects in groupby(found, key=lambda each: each.tenant):
        while batch := tuple(islice(objects, BATCH)):
            removed += await _sweep(database, store, TenantId(tenant), batch)
    if removed:
        log.info("contents without a row removed", count=removed)
    return removed


async def _sweep(database: Database, store: ObjectStore, tenant: TenantId, batch: tuple[Stored, ...]) -> int:
    async with database.transaction(Context.system(tenant, utcnow())) as tx:
        ids = [each.id for each in batch]
        known = set((await tx.session.execute(select(File.id).where(col(File.id).in_(ids)))).scalars())
    lost = [each for each in batch if each.id not in known]
    for each in lost:
        await store.delete(each.tenant, each.id)
    return len(lost)
