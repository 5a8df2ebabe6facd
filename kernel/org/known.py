"""What a process remembers of the read model for hot makings: each rests on it only if its own statement finds it so.

So nothing has to be forgotten in time: where a unit was renumbered or closed or another regulation came into force, the
statement makes nothing, and the ordinary operation looks for itself.
"""

from datetime import date
from uuid import UUID

from kernel.clock import local_date
from kernel.context import Context, TenantId
from kernel.db.transaction import Database
from kernel.errors import NotFound
from kernel.org import packs, queries
from kernel.org.packs import Recent
from kernel.regulation.pack import Pack

KEPT = 10_000
"""Units and days remembered; small."""


def still_so(first: int) -> str:
    """The condition that what `Known.arguments` says is so in the tenant `c.tenant`; its parameters begin at $first."""
    units, numbers, day, pack = (f"${first + place}" for place in range(ARGUMENTS))
    # Each unit is looked up by its key, whatever the planner thinks of their number.
    return (
        f"(select count(*) from unnest({units}::uuid[], {numbers}::integer[]) as n (unit_id, unit_no)"  # noqa: S608
        " cross join lateral (select from k_org_unit u where u.tenant_id = c.tenant and u.id = n.unit_id"
        f" and u.unit_no = n.unit_no and (u.valid_before is null or u.valid_before > {day}::date) offset 0) u)"
        f" = cardinality({units}::uuid[])"
        f" and ({pack}::uuid is null or {pack}::uuid = (select"
        f" case when p.valid_before is null or p.valid_before > {day}::date then p.id end"
        f" from k_org_pack p where p.tenant_id = c.tenant and p.valid_from <= {day}::date"
        " order by p.valid_from desc limit 1))"
    )


ARGUMENTS = 4
"""Parameters of `still_so`."""


class Memory:
    """Numbers of units, and which regulation is in force on a day. Bounded."""

    def __init__(self) -> None:
        self.units: Recent[tuple[TenantId, UUID], int] = Recent(KEPT)
        self.packs: Recent[tuple[TenantId, date], packs.RowKey] = Recent(KEPT)


class Known:
    """What one hot making knows of the read model, and notes what it rests on."""

    def __init__(self, memory: Memory, database: Database, context: Context) -> None:
        self.context = context
        self._memory = memory
        self._database = database
        self._units: dict[UUID, int] = {}
        self._pack: packs.RowKey | None = None

    @property
    def today(self) -> date:
        """The tenant's business day."""
        return local_date(self.context.business_time)

    async def unit_in_scope(self, unit_id: UUID) -> int:
        """The number of the unit; `NotFound` where it is not in the asker's scope."""
        key = (self.context.tenant, unit_id)
        unit_no = self._memory.units.get(key)
        if unit_no is None:
            async with self._database.transaction(self.context) as tx:
                unit_no = self._memory.units.put(key, (await queries.unit(tx, unit_id)).unit_no)
        if not self.context.scope.holds(unit_no):
            raise NotFound
        self._units[unit_id] = unit_no
        return unit_no

    async def pack(self) -> Pack:
        """The tenant's pack in force today; `ParameterNotSet` where there is none."""
        key = (self.context.tenant, self.today)
        row = self._memory.packs.get(key)
        pack = None if row is None else packs.known(row)
        if row is None or pack is None:
            async with self._database.transaction(self.context) as tx:
                row, pack = await queries.pack_in_force(tx, self.today)
            self._memory.packs.put(key, row)
        self._pack = row
        return pack

    def rests_on(self, unit_id: UUID) -> bool:
        """Whether the unit was asked for, so that the statement looks at it again."""
        return unit_id in self._units

    def arguments(self) -> tuple[list[UUID], list[int], date, UUID | None]:
        """The parameters of `still_so`."""
        return [*self._units], [*self._units.values()], self.today, None if self._pack is None else self._pack[1]

    def forget(self) -> None:
        """It is no longer so: ask again next time."""
        for unit_id in self._units:
            self._memory.units.drop((self.context.tenant, unit_id))
        self._memory.packs.drop((self.context.tenant, self.today))
