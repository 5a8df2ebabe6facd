"""The made-up database, and a superuser's connection to it for looking and for breaking things."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from deploy.cli.stack.testing import TestStack
from kernel.config import ProcessConfig
from kernel.db.transaction import Database
from tests.integration.kernel import made_up


@pytest.fixture(scope="session")
async def database(probe: ProcessConfig) -> AsyncIterator[Database]:
    opened = Database.open(probe)
    yield opened
    await opened.close()


@pytest.fixture(scope="session")
async def superuser(servers: TestStack, probe: ProcessConfig) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(made_up.dsn(servers, "superuser"))
    yield connection
    await connection.close()


@pytest.fixture
async def single(probe: ProcessConfig) -> AsyncIterator[Database]:
    """A pool of one connection, so that each work has it after the one before."""
    database = Database.open(probe.model_copy(update={"pool_size": 1}))
    yield database
    await database.close()
