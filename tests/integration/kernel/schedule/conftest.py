"""The database of a service and tenants of its own for the tests of timers."""

from collections.abc import AsyncIterator

import pytest

from deploy.cli.stack.testing import TestStack
from kernel.config import ProcessConfig
from kernel.db.transaction import Database


@pytest.fixture(scope="session")
def timer_config(infrastructure: TestStack) -> ProcessConfig:
    return infrastructure.config("assessment")


@pytest.fixture(scope="session")
async def timer_database(timer_config: ProcessConfig) -> AsyncIterator[Database]:
    database = Database.open(timer_config)
    yield database
    await database.close()
