"""The five databases as migrated, apart from those of other tests: here every table gets rows, the outbox too."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from importlib import import_module

import asyncpg
import pytest

from deploy.cli.stack.testing import TestStack
from kernel.config import DATABASES
from kernel.db.table import TenantTable, tables_of

MIGRATE = """
import json, sys
from kernel.db.migrate import differences, upgrade
from kernel.db.table import tables_of
process, dsn = sys.argv[1:]
upgrade(process, dsn)
print(json.dumps({'differences': differences(process, dsn), 'tables': list(tables_of(process))}))
"""
"""In a child: one process must know only its own tables, as when it is deployed."""


@dataclass(frozen=True, slots=True)
class Isolated:
    """One process's database under another name, with the real roles."""

    process: str
    stack: TestStack
    name: str
    differences: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    """What its modules declare when nothing but the process is loaded."""

    def dsn(self, role: str) -> str:
        """The DSN of a real role (app, relay, migrator), or of the superuser."""
        real = self.stack.urls.database if role == "superuser" else self.stack.dsn(self.process, role)
        return f"{real.rpartition('/')[0]}/{self.name}"

    def declared(self) -> Mapping[str, type[TenantTable]]:
        """The tables of the process as its modules declare them."""
        import_module("gateway.main" if self.process == "gateway" else f"services.{self.process}.service")
        # Here the modules of every process are loaded, and the kernel's rooms are not in all of them.
        return {name: kind for name, kind in tables_of(self.process).items() if name in self.tables}

    @asynccontextmanager
    async def connected(self, role: str) -> AsyncIterator[asyncpg.Connection]:
        """A connection as that role."""
        connection = await asyncpg.connect(self.dsn(role))
        try:
            yield connection
        finally:
            await connection.close()


async def make(database: Isolated, *, migrated: bool = True) -> Isolated:
    """Make the database as `deploy/database/roles.sql` does, and migrate it."""
    owner = f"shegong_{database.process}_owner"
    roles = ", ".join(f"shegong_{database.process}_{role}" for role in ("migrator", "app", "relay"))
    server = await asyncpg.connect(database.stack.urls.database)
    try:
        await server.execute(
            f"create database {database.name} owner {owner} template template0 encoding 'UTF8'"
            " locale_provider builtin builtin_locale 'C.UTF-8' locale 'C'"
        )
        await server.execute(f"revoke all on database {database.name} from public")
        await server.execute(f"grant connect on database {database.name} to {roles}")
    finally:
        await server.close()
    async with database.connected("superuser") as connection:
        await connection.execute(f"alter schema public owner to {owner}")
        await connection.execute("revoke all on schema public from public")
        await connection.execute(f"grant usage on schema public to {roles}")
        await connection.execute("create extension if not exists btree_gist")
    return await migrate(database) if migrated else database


async def migrate(database: Isolated) -> Isolated:
    """Run the migrations of the process; what a new revision would still write stands in `differences`."""
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        MIGRATE,
        database.process,
        database.dsn("migrator"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await child.communicate()
    assert child.returncode == 0, err.decode()[-3000:]
    found = json.loads(out.decode().splitlines()[-1])
    return replace(database, differences=tuple(found["differences"]), tables=tuple(found["tables"]))


DROP_CHECKS = """
do $$
declare found record;
begin
    for found in
        select conrelid::regclass as tab, conname from pg_constraint
         where contype = 'c' and connamespace = 'public'::regnamespace and conparentid = 0
    loop
        execute format('alter table %s drop constraint %I', found.tab, found.conname);
    end loop;
end $$
"""
"""Rows made here have the right types and know nothing of what a column may say; only the walls are looked at."""


async def without_checks(database: Isolated) -> Isolated:
    """The database without its CHECK constraints."""
    async with database.connected("superuser") as connection:
        await connection.execute(DROP_CHECKS)
    return database


@pytest.fixture(scope="session")
async def isolated(servers: TestStack) -> Mapping[str, Isolated]:
    """Each process's database, migrated, without a row in it."""
    at_a_time = asyncio.Semaphore(2)

    async def one(process: str) -> Isolated:
        async with at_a_time:
            return await without_checks(await make(Isolated(process, servers, f"isolation_{process}")))

    made = await asyncio.gather(*(one(process) for process in DATABASES))
    return {database.process: database for database in made}


@pytest.fixture(params=DATABASES)
def house(isolated: Mapping[str, Isolated], request: pytest.FixtureRequest) -> Isolated:
    """Each of the five in turn."""
    return isolated[request.param]
