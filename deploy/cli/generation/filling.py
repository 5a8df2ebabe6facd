"""Writes lines into the four services' databases: COPY into a staging table, then INSERT … SELECT for the tenant.

The tables' own constraints judge every row. Row-level security has no COPY, so the owner's role stores the rows, and
`visible` counts afterwards what the services' own role sees of the tenant.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg

from deploy.cli.generation import assessing, learning, recruiting, serving
from deploy.cli.generation.lines import Lines
from kernel.config import ProcessConfig
from kernel.context import EVERYTHING
from kernel.db.policy import roles

COLUMNS = {
    "recruitment": recruiting.COLUMNS,
    "roster": serving.COLUMNS,
    "assessment": assessing.COLUMNS,
    "training": learning.COLUMNS,
}
# Summed up the tree: units beside posts by their numbers are compared each with each.
_HEADCOUNT = """
with recursive held (id, parent_id, posts) as (
  select u.id, u.parent_id, p.posts from k_org_unit u join (
    select community_unit_no, count(*) as posts from roster_post where tenant_id = $1 and upper_inf(period) group by 1
  ) p on p.community_unit_no = u.unit_no where u.tenant_id = $1
  union all
  select u.id, u.parent_id, h.posts from held h join k_org_unit u on u.tenant_id = $1 and u.id = h.parent_id
)
insert into roster_headcount (tenant_id, unit_id, unit_no, level, fixed, occupied, reserved)
select $1, u.id, u.unit_no, u.level, null, coalesce(h.posts, 0), 0
from k_org_unit u left join (select id, sum(posts) as posts from held group by id) h using (id) where u.tenant_id = $1
on conflict (tenant_id, unit_id) do update set occupied = excluded.occupied
"""


def sheets() -> dict[str, Lines]:
    """An empty one for each service."""
    return {service: Lines(columns) for service, columns in COLUMNS.items()}


class Filler:
    """Connections of the owners' roles to the four databases."""

    def __init__(self, connections: dict[str, asyncpg.Connection]) -> None:
        self._connections = connections
        self._analyzed = False

    async def store(self, tenant: UUID, made: dict[str, Lines]) -> dict[str, int]:
        """Store the lines for the tenant, each service's in one transaction; how many rows of each table."""
        stored: dict[str, int] = {}
        for service, lines in made.items():
            connection = self._connections[service]
            async with connection.transaction():
                for table, rows in lines:
                    columns = ", ".join(lines.columns[table])
                    await connection.copy_to_table(
                        f"staged_{table}", source=_chunks(rows), columns=lines.columns[table]
                    )
                    told = await connection.execute(
                        f"insert into {table} (tenant_id, {columns})"  # noqa: S608 - our own tables and columns
                        f" select $1, {columns} from staged_{table}",
                        tenant,
                    )
                    stored[f"{service}.{table}"] = int(told.rpartition(" ")[2])
        if not self._analyzed:
            # A connection keeps its plans for looking up what rows refer to. Those made while the tables were empty
            # read all rows for each, and more of them with every portion.
            self._analyzed = True
            await self._analyze()
        return stored

    async def finish(self, tenant: UUID) -> None:
        """What follows from all rows together: the numbers of posts taken; and the statistics that plans rest on."""
        await self._connections["roster"].execute(_HEADCOUNT, tenant)
        await self._analyze()

    async def _analyze(self) -> None:
        for service, columns in COLUMNS.items():
            await self._connections[service].execute(f"analyze {', '.join(columns)}")


def _chunks(rows: Sequence[bytes]) -> AsyncIterator[bytes]:
    async def parts() -> AsyncIterator[bytes]:
        for at in range(0, len(rows), 1000):
            yield b"".join(rows[at : at + 1000])

    return parts()


@asynccontextmanager
async def filler(configs: dict[str, ProcessConfig]) -> AsyncIterator[Filler]:
    """Connect as the owners, with a staging table for each table that is filled."""
    async with AsyncExitStack() as stack:
        made: dict[str, asyncpg.Connection] = {}
        for service, columns in COLUMNS.items():
            dsn = configs[service].migrator_dsn
            connection = await asyncpg.connect(dsn.get_secret_value(), server_settings={"synchronous_commit": "off"})
            stack.push_async_callback(connection.close)
            await connection.execute(f"set role {roles(service)[0]}")
            for table, names in columns.items():
                await connection.execute(
                    f"create temp table staged_{table} on commit delete rows as"  # noqa: S608 - our own names
                    f" select {', '.join(names)} from {table} with no data"
                )
            made[service] = connection
        yield Filler(made)


async def visible(configs: dict[str, ProcessConfig], tenant: UUID) -> dict[str, int]:
    """How many rows of each table the services' own roles see of the tenant, under its walls."""
    counted: dict[str, int] = {}
    for service, columns in COLUMNS.items():
        connection = await asyncpg.connect(configs[service].app_dsn.get_secret_value())
        try:
            async with connection.transaction():
                await enter(connection, tenant)
                for table in columns:
                    found = await connection.fetchval(f"select count(*) from {table}")  # noqa: S608 - our own tables
                    counted[f"{service}.{table}"] = found
        finally:
            await connection.close()
    return counted


async def enter(connection: Any, tenant: UUID) -> None:
    """Stand under the walls of the tenant, seeing all of its units, until the transaction ends."""
    for name, value in (("tenant", tenant), ("lo", EVERYTHING.lo), ("hi", EVERYTHING.hi), ("person", "")):
        await connection.execute("select set_config($1, $2, true)", f"app.{name}", str(value))
