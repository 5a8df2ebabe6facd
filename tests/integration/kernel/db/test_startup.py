"""A process does not become ready behind a wall with a hole; each kind of hole is seen."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import asyncpg
import pytest
from pydantic import SecretStr

from kernel.config import ProcessConfig
from kernel.db.startup import check_walls
from kernel.db.transaction import Database
from kernel.testing.proxy import Proxy

HOLES = {
    "not forced": (
        "alter table probe_note no force row level security",
        "alter table probe_note force row level security",
        "without forced row-level security: probe_note",
    ),
    "not enabled": (
        "alter table probe_note disable row level security",
        "alter table probe_note enable row level security",
        "without forced row-level security: probe_note",
    ),
    "a new table": (
        "create table probe_forgotten (tenant_id uuid)",
        "drop table probe_forgotten",
        "without forced row-level security: probe_forgotten",
    ),
    "no tenant policy": (
        "create table probe_open (tenant_id uuid); alter table probe_open enable row level security;"
        " alter table probe_open force row level security;"
        " create policy everything on probe_open using (true)",
        "drop table probe_open",
        "without a tenant policy: probe_open",
    ),
    "bypass": (
        "alter role shegong_probe_app bypassrls",
        "alter role shegong_probe_app nobypassrls",
        "may bypass row-level security",
    ),
    "superuser": (
        "alter role shegong_probe_app superuser",
        "alter role shegong_probe_app nosuperuser",
        "is a superuser",
    ),
    "makes roles": (
        "alter role shegong_probe_app createrole",
        "alter role shegong_probe_app nocreaterole",
        "make roles",
    ),
    "member of the owner": (
        "grant shegong_probe_owner to shegong_probe_app",
        "revoke shegong_probe_owner from shegong_probe_app",
        "owns tables",
    ),
    "owns one table": (
        "create table probe_own (tenant_id uuid); alter table probe_own owner to shegong_probe_app",
        "drop table probe_own",
        "owns tables",
    ),
    "truncate": (
        "grant truncate on probe_note to shegong_probe_app",
        "revoke truncate on probe_note from shegong_probe_app",
        "holds TRUNCATE",
    ),
    "maintain": (
        "grant maintain on probe_note to shegong_probe_app",
        "revoke maintain on probe_note from shegong_probe_app",
        "holds TRUNCATE",
    ),
    "references to everybody": (
        "grant references on probe_note to public",
        "revoke references on probe_note from public",
        "holds TRUNCATE",
    ),
}


@asynccontextmanager
async def hole(superuser: asyncpg.Connection, make: str, mend: str) -> AsyncIterator[None]:
    """Something wrong, until the block ends."""
    await superuser.execute(make)
    try:
        yield
    finally:
        await superuser.execute(mend)


async def test_a_database_as_it_should_be_passes(database: Database, superuser: asyncpg.Connection) -> None:
    assert await check_walls(database, "probe") is None


@pytest.mark.parametrize("name", HOLES)
async def test_a_hole_is_named(database: Database, superuser: asyncpg.Connection, name: str) -> None:
    make, mend, words = HOLES[name]
    async with hole(superuser, make, mend):
        found = await check_walls(database, "probe")
    assert found is not None
    assert words in found
    assert await check_walls(database, "probe") is None, "the hole was mended again"


async def test_a_database_that_does_not_answer_is_a_reason_and_no_end_of_the_process(probe: ProcessConfig) -> None:
    server = urlsplit(probe.app_dsn.get_secret_value())
    async with Proxy.to(server.hostname or "", server.port or 5432) as proxy:
        dsn = SecretStr(proxy.through(probe.app_dsn.get_secret_value()))
        database = Database.open(probe.model_copy(update={"app_dsn": dsn}))
        try:
            proxy.refusing = True
            found = await check_walls(database, "probe")
            assert found is not None
            assert "does not answer" in found
            proxy.refusing = False
            assert await check_walls(database, "probe") is None
        finally:
            await database.close()


async def test_a_database_without_tables_is_told_to_be_migrated(
    probe: ProcessConfig, superuser: asyncpg.Connection
) -> None:
    await superuser.execute("create database probe_empty template template0")
    try:
        await superuser.execute("grant connect on database probe_empty to shegong_probe_app")
        dsn = SecretStr(probe.app_dsn.get_secret_value().rpartition("/")[0] + "/probe_empty")
        database = Database.open(probe.model_copy(update={"app_dsn": dsn}))
        try:
            assert "shegong migrate" in str(await check_walls(database, "probe"))
        finally:
            await database.close()
    finally:
        await superuser.execute("drop database probe_empty with (force)")
