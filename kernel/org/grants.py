"""Which posts hold which permission in a tenant: the second wall's own look at the pack in force."""

import time
from collections.abc import Mapping, Sequence

from kernel.access.permission import Grant, declared
from kernel.clock import local_date, utcnow
from kernel.context import Context, TenantId
from kernel.db.transaction import Database
from kernel.errors import NotFound, ParameterNotSet
from kernel.org import queries
from kernel.regulation.pack import Pack

KEEP_SECONDS = 2.0
"""A new pack or day is seen within this time here; the edge, which decides first, sees it at once."""
MAX_TENANTS = 10_000

Grants = Mapping[str, Sequence[Grant]]


def grants_of(pack: Pack) -> dict[str, tuple[Grant, ...]]:
    """All grants of a pack by permission, and what the organs that it names hold by their function."""
    written = {
        name: tuple(Grant(tuple(one.departments), tuple(one.levels), tuple(one.duties)) for one in several)
        for name, several in pack.document.permissions.items()
    }
    held = by_function(pack)
    return {name: written.get(name, ()) + held.get(name, ()) for name in written.keys() | held.keys()}


def by_function(pack: Pack) -> dict[str, tuple[Grant, ...]]:
    """What the issuing and the interpreting organ hold, whatever version of the regulation a tenant lives under.

    An organ that must first be granted the right to publish a version could never publish the first that grants it.
    """
    held: dict[str, tuple[Grant, ...]] = {}
    for name, one in declared().items():
        organ = getattr(pack.document.pack, one.organ) if one.organ else None
        if organ is not None:
            held[name] = (Grant((organ.department,), (organ.level,), one.duties),)
    return held


class GrantsCache:
    """Grants by tenant, read again after `KEEP_SECONDS`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._kept: dict[TenantId, tuple[float, Grants]] = {}

    async def of(self, tenant: TenantId) -> Grants:
        """The tenant's grants today; empty where no pack is in force (then nobody may do anything)."""
        kept = self._kept.get(tenant)
        if kept is not None and time.monotonic() < kept[0]:
            return kept[1]
        read = await self._read(tenant)
        if len(self._kept) >= MAX_TENANTS:
            self._kept.clear()
        self._kept[tenant] = (time.monotonic() + KEEP_SECONDS, read)
        return read

    async def _read(self, tenant: TenantId) -> Grants:
        async with self._database.transaction(Context.system(tenant, utcnow())) as tx:
            try:
                today = local_date(await queries.business_now(tx))
                return grants_of(await queries.pack(tx, today))
            except (NotFound, ParameterNotSet):
                return {}
