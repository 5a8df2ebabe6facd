"""Waiting until the platform has nothing left to do of what was done to it: the news of one measurement must not be
worked off in the next."""

import asyncio
import time
from typing import Protocol
from uuid import UUID

import asyncpg


class Observed(Protocol):
    """A stack that is looked at, and the tenant whose news count."""

    @property
    def tenant(self) -> UUID:
        """Its id."""

    def database_url(self, process: str) -> str:
        """A superuser's, for looking on."""


PATIENCE_SECONDS = 300
STEP_SECONDS = 0.25
_TOLD = "select coalesce(max(last_number), 0) from k_audit_number where tenant_id = $1"
_HEARD = (
    "select coalesce(max(last_version), 0) from k_inbox where tenant_id = $1 and source = $2"
    " and aggregate_type = 'audit'"
)


def settle(platform: Observed, process: str) -> None:
    """Wait until the process's outbox is empty and its audit entries are in the chain. `TimeoutError` if never."""
    asyncio.run(_settle(platform, process))


async def _settle(platform: Observed, process: str) -> None:
    own = await asyncpg.connect(platform.database_url(process))
    audit = await asyncpg.connect(platform.database_url("gateway"))
    try:
        until = time.monotonic() + PATIENCE_SECONDS
        while not await _quiet(own, audit, platform.tenant, process):
            if time.monotonic() > until:
                raise TimeoutError(f"the news of {process} is not through")
            await asyncio.sleep(STEP_SECONDS)
    finally:
        await own.close()
        await audit.close()


async def _quiet(own: asyncpg.Connection, audit: asyncpg.Connection, tenant: UUID, process: str) -> bool:
    if await own.fetchval("select exists (select from k_outbox)"):
        return False
    return bool(await audit.fetchval(_HEARD, tenant, process) >= await own.fetchval(_TOLD, tenant))
