"""What the roles may not do; each denial with the control that shows the allowed case works."""

import asyncpg
import pytest

from deploy.cli.stack.infrastructure import prepare_databases
from deploy.cli.stack.testing import TestStack
from kernel.config import DATABASES


@pytest.mark.parametrize("process", DATABASES)
async def test_the_app_role_owns_nothing_and_cannot_bypass(servers: TestStack, process: str) -> None:
    connection = await asyncpg.connect(servers.dsn(process))
    try:
        role = await connection.fetchrow(
            "select rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication"
            " from pg_roles where rolname = current_user"
        )
        assert role is not None
        assert not any(role.values())
        assert await connection.fetchval("select current_user") == f"shegong_{process}_app"
        owned = "select count(*) from pg_class c join pg_roles r on r.oid = c.relowner where r.rolname = current_user"
        assert await connection.fetchval(owned) == 0
        memberships = "select count(*) from pg_auth_members where member = current_user::regrole"
        assert await connection.fetchval(memberships) == 0
    finally:
        await connection.close()


@pytest.mark.parametrize("role", ["app", "relay", "migrator"])
async def test_a_role_connects_to_its_own_database_only(servers: TestStack, role: str) -> None:
    own = await asyncpg.connect(servers.dsn("roster", role))
    await own.close()
    for other in ("shegong_recruitment", "postgres", "template1"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await asyncpg.connect(servers.dsn("roster", role), database=other)


async def test_only_the_migrator_becomes_the_owner_and_only_the_owner_makes_tables(servers: TestStack) -> None:
    migrator = await asyncpg.connect(servers.dsn("training", "migrator"))
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await migrator.execute("create table public.probe (id int)")
        await migrator.execute("set role shegong_training_owner")
        await migrator.execute("create table public.probe (id int); drop table public.probe")
    finally:
        await migrator.close()
    for role in ("app", "relay"):
        connection = await asyncpg.connect(servers.dsn("training", role))
        try:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute("create table public.probe (id int)")
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute("create temporary table probe (id int)")
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute("set role shegong_training_owner")
        finally:
            await connection.close()


async def test_the_owner_cannot_sign_in(servers: TestStack) -> None:
    with pytest.raises(asyncpg.InvalidAuthorizationSpecificationError):
        await asyncpg.connect(servers.dsn("roster", "migrator"), user="shegong_roster_owner")


async def test_a_wrong_password_is_refused(servers: TestStack) -> None:
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(servers.dsn("roster"), password="wrong")  # noqa: S106 - that is the point


async def test_preparing_again_changes_nothing(servers: TestStack) -> None:
    prepare_databases(servers.urls, servers.secrets, servers.folder)
    connection = await asyncpg.connect(servers.dsn("roster"))
    await connection.close()
