"""Roster under test; each test has its own tenant under the regulation of Inner Mongolia."""

from collections.abc import AsyncIterator

import pytest

from deploy.cli.stack.testing import TestStack
from kernel.testing.schema import make_schema
from kernel.testing.service_client import ServiceUnderTest, running
from services.roster.service import SERVICE
from tests.integration.services.roster.house import House


@pytest.fixture(scope="session")
async def roster(servers: TestStack) -> AsyncIterator[ServiceUnderTest]:
    config = servers.config("roster")
    await make_schema("roster", config.migrator_dsn.get_secret_value())
    async with running(SERVICE, config) as service:
        yield service


@pytest.fixture
async def house(roster: ServiceUnderTest) -> House:
    return await House.open(roster)


@pytest.fixture
async def other_house(roster: ServiceUnderTest) -> House:
    """Another tenant on the same service."""
    return await House.open(roster)
