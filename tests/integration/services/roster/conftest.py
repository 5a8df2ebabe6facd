"""Roster under test; each test has its own tenant under the regulation of Inner Mongolia."""

from collections.abc import AsyncIterator

import pytest

from deploy.cli.stack.testing import TestStack
from kernel.testing.service_client import ServiceUnderTest, running
from services.roster.service import SERVICE
from tests.integration.services.roster.division import Division
from tests.integration.services.roster.house import House


@pytest.fixture(scope="session")
async def roster(infrastructure: TestStack) -> AsyncIterator[ServiceUnderTest]:
    async with running(SERVICE, infrastructure.config("roster")) as service:
        yield service


@pytest.fixture
async def house(roster: ServiceUnderTest) -> House:
    return await House.open(roster)


@pytest.fixture
async def other_house(roster: ServiceUnderTest) -> House:
    """Another tenant on the same service."""
    return await House.open(roster)


@pytest.fixture
async def division(roster: ServiceUnderTest) -> Division:
    """A tenant under the regulation of Shuanghe, with the desks of `House`."""
    return await Division.open(roster)
