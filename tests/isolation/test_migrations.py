"""A fresh database has what the tables declare, and a migration never waits for a lock behind which others queue."""

import asyncio
import time
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError

from deploy.cli.stack.testing import TestStack
from kernel.db import migrate as migrations
from tests.isolation.conftest import Isolated, make

LOCK_SECONDS = float(migrations.LOCK_TIMEOUT.removesuffix("s"))


async def test_the_migrated_database_is_that_of_the_tables(house: Isolated) -> None:
    assert house.differences == ()


@pytest.fixture
def history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A history with one revision, which changes a table that is there."""
    (tmp_path / "versions").mkdir()
    (tmp_path / "env.py").write_text("from kernel.db.alembic_env import run\n\nrun()\n")
    (tmp_path / "versions" / "0001.py").write_text(
        "from alembic import op\n\nrevision = '0001'\ndown_revision = None\n\n\n"
        "def upgrade():\n    op.execute('alter table held add column more integer')\n"
    )
    monkeypatch.setattr(migrations, "folder", lambda _: tmp_path)
    return tmp_path


async def test_a_held_lock_makes_a_migration_give_up_instead_of_hang(servers: TestStack, history: Path) -> None:
    database = await make(Isolated("gateway", servers, "isolation_locks"), migrated=False)
    async with database.connected("superuser") as superuser:
        await superuser.execute("create table held (id integer); alter table held owner to shegong_gateway_owner")
        reading = superuser.transaction()
        await reading.start()
        await superuser.execute("lock table held in access share mode")
        began = time.monotonic()
        with pytest.raises(DBAPIError, match="lock timeout"):
            await asyncio.to_thread(migrations.upgrade, "gateway", database.dsn("migrator"))
        waited = time.monotonic() - began
        await reading.rollback()
        assert LOCK_SECONDS <= waited < LOCK_SECONDS + 10
        assert (
            await superuser.fetchval("select count(*) from information_schema.columns where table_name = 'held'") == 1
        )
        assert await superuser.fetchval("select to_regclass('alembic_version') is null")


async def test_a_migration_runs_as_the_owner_and_the_migrator_alone_may_not(house: Isolated) -> None:
    async with house.connected("migrator") as migrator:
        assert not await migrator.fetchval("select has_schema_privilege(current_user, 'public', 'create')")
        await migrator.execute(f"set role shegong_{house.process}_owner")
        assert await migrator.fetchval("select has_schema_privilege(current_user, 'public', 'create')")
