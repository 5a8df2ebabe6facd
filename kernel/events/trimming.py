"""Months of the archive, and ending them: what a read model is made of stays, everything else goes with the partition.

An audit entry stands in the gateway's chain for good; here it is only kept so that it can be published again.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from kernel.db.migrate import months, wall_up_partition
from kernel.events.audit import AUDIT
from kernel.events.upkeep import Busy

ARCHIVE = "k_outbox_archive"
KEPT = "kept for read models"
"""The comment of a month that was ended."""
TRIM_LOCK = 6_005_700_220_002
"""Advisory lock of whoever ends months in a database; any number that nothing else there uses."""
_MONTHS = """
select c.relname as name, coalesce(obj_description(c.oid), '') as said from pg_inherits i
join pg_class c on c.oid = i.inhrelid where i.inhparent = $1::text::regclass order by 1
"""
_LAST_AUDIT = "select tenant_id, max(aggregate_version) as last from {} where aggregate_type = $1 group by 1"

Heard = Callable[[Mapping[UUID, int]], Awaitable[bool]]
"""Whether the gateway has the audit entries of these tenants, up to these numbers."""


class NotHeard(Exception):
    """The gateway lacks audit entries of a month. Names the month."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A month that was ended: its rows, and those kept."""

    month: str
    rows: int
    kept: int


@dataclass(frozen=True, slots=True)
class Month:
    """A partition of the archive: the days [first, end), and whether it was ended."""

    name: str
    first: date
    end: date
    ended: bool


async def months_of(connection: Any) -> list[Month]:
    """The months that an archive has, the oldest first; any role may ask."""
    found = []
    for name, said in await connection.fetch(_MONTHS, ARCHIVE):
        day = datetime.strptime(name.removeprefix(f"{ARCHIVE}_"), "%Y%m").date()  # noqa: DTZ007 - a day of the calendar
        [(first, end)] = months(day, 1)
        found.append(Month(name, first, end, said == KEPT))
    return found


async def trim(connection: Any, process: str, keep: Collection[str], before: date, heard: Heard) -> list[Ended]:
    """End every month that was over on that day. `connection` is the owner's; `keep` are aggregate types.

    One month is one transaction, short for others: it copies before it takes the lock for which it waits only a moment.
    Raises `NotHeard`, with earlier months ended, and `Busy` while another connection that lasts has done this.
    """
    if not await connection.fetchval("select pg_try_advisory_lock($1)", TRIM_LOCK):
        raise Busy
    ended = []
    for month in await months_of(connection):
        if month.end > before or month.ended:
            continue
        async with connection.transaction():
            # Nobody adds to the month; the relay, which may say that rows lie elsewhere now, waits.
            await connection.execute(f"lock table {month.name} in share mode")
            last = await connection.fetch(_LAST_AUDIT.format(month.name), AUDIT)
            if not await heard({row["tenant_id"]: row["last"] for row in last}):
                raise NotHeard(f"{month.first:%Y-%m}")
            ended.append(await _end(connection, process, month, keep))
    return ended


async def _end(connection: Any, process: str, month: Month, keep: Collection[str]) -> Ended:
    name = month.name
    rows = int(await connection.fetchval(f"select count(*) from {name}"))  # noqa: S608 - a partition's name
    slim = f"{name}_kept"
    await connection.execute(f"create table {slim} (like {ARCHIVE} including all)")
    copying = f"insert into {slim} select * from {name} where aggregate_type = any($1::text[])"  # noqa: S608
    kept = int((await connection.execute(copying, sorted(keep))).split()[-1])
    within = f"recorded_at >= '{month.first}' and recorded_at < '{month.end}'"
    # With the condition proved before, the rows are not looked through under the lock on the whole archive.
    await connection.execute(f"alter table {slim} add constraint within check ({within})")
    await connection.execute(f"drop table {name}")
    if not kept:
        await connection.execute(f"drop table {slim}")
        return Ended(f"{month.first:%Y-%m}", rows, 0)
    await connection.execute(f"alter table {slim} rename to {name}")
    await connection.execute(wall_up_partition(name, process))
    await connection.execute(
        f"alter table {ARCHIVE} attach partition {name} for values from ('{month.first}') to ('{month.end}')"
    )
    await connection.execute(f"alter table {name} drop constraint within")
    await connection.execute(f"comment on table {name} is '{KEPT}'")
    return Ended(f"{month.first:%Y-%m}", rows, kept)
