"""What the owner of a process' tables does for its events: lets shadows be made, vacuums, tells sizes."""

import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

from kernel.db.policy import roles

REBUILD_LOCK = 6_005_700_220_001
"""Advisory lock of the one rebuild in a database; any number that nothing else there uses."""
_HEALTH = """
select c.relname as table, greatest(c.reltuples, 0)::bigint as rows, coalesce(s.n_dead_tup, 0) as dead,
  pg_table_size(c.oid) / 1024 as kib, pg_indexes_size(c.oid) / 1024 as index_kib
from pg_class c left join pg_stat_user_tables s on s.relid = c.oid
where c.oid = any(select to_regclass('public.' || name) from unnest($1::text[]) as name) order by 1
"""


class Busy(Exception):
    """Another rebuild, or another who ends months, is at work in this database."""


@dataclass(frozen=True, slots=True)
class Health:
    """A table as vacuum sees it; its rows as they were counted last."""

    table: str
    rows: int
    dead: int
    kib: int
    index_kib: int


@contextlib.asynccontextmanager
async def shadows_allowed(connection: Any, process: str) -> AsyncIterator[None]:
    """Within the block the process' role may make temporary tables; what it made it keeps.

    Raises `Busy` while another connection has done this and lasts: as long as this one lasts no other rebuild begins.
    """
    if not await connection.fetchval("select pg_try_advisory_lock($1)", REBUILD_LOCK):
        raise Busy
    database, app = await connection.fetchval("select current_database()"), roles(process)[1]
    await connection.execute(f"grant temporary on database {database} to {app}")
    try:
        yield
    finally:
        await connection.execute(f"revoke temporary on database {database} from {app}")


async def vacuum(connection: Any, tables: Sequence[str]) -> None:
    """Give the room of dead rows free again and count the living for the planner."""
    for table in tables:
        await connection.execute(f"vacuum (analyze) public.{table}")


async def health(connection: Any, tables: Sequence[str]) -> list[Health]:
    """Rows, dead rows and sizes of tables."""
    return [Health(*row.values()) for row in await connection.fetch(_HEALTH, list(tables))]
