"""Which numbering of the tree this process lives under: a list in the order of the tree is one list only under one."""

import time

from kernel.clock import utcnow
from kernel.context import Context, TenantId
from kernel.db.transaction import Database

KEEP_SECONDS = 2.0
MAX_TENANTS = 10_000
_VERSION = (
    # The directory's own numbers change when the news is written, everybody else's when it is applied.
    "select coalesce(max(last_version), 0) as version from ("
    " select last_version from k_event_version where tenant_id = $5 and aggregate_type = 'tree' and aggregate_id = $5"
    " union all select last_version from k_inbox where tenant_id = $5 and source = 'gateway'"
    " and aggregate_type = 'tree' and aggregate_id = $5) n where c.x is not null"
)


class NumberingCache:
    """The number of renumberings that a tenant has had here."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._kept: dict[TenantId, tuple[float, int]] = {}

    async def of(self, tenant: TenantId) -> int:
        """As it was some seconds ago at most, never later than now: enough for a page that begins a list."""
        kept = self._kept.get(tenant)
        if kept is not None and time.monotonic() < kept[0]:
            return kept[1]
        return await self.now(tenant)

    async def now(self, tenant: TenantId) -> int:
        """As it is, for whoever goes on with a list."""
        rows = await self._database.fetch_folded(Context.system(tenant, utcnow()), _VERSION, tenant)
        if len(self._kept) >= MAX_TENANTS:
            self._kept.clear()
        found = int(rows[0]["version"])
        self._kept[tenant] = (time.monotonic() + KEEP_SECONDS, found)
        return found
