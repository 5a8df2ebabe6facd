"""Training under test; each test has its own tenant under the regulation of Inner Mongolia."""

from collections.abc import AsyncIterator

import pytest

from deploy.cli.stack.testing import TestStack
from kernel.testing.service_client import ServiceUnderTest, running
from services.training.service import SERVICE
from tests.integration.services.training.house import House


@pytest.fixture(scope="session")
async def training(infrastructure: TestStack) -> AsyncIterator[ServiceUnderTest]:
    async with running(SERVICE, infrastructure.config("training")) as service:
        yield service


@pytest.fixture
async def house(training: ServiceUnderTest) -> House:
    return await House.open(training)


@pytest.fixture
async def other_house(training: ServiceUnderTest) -> House:
    """Another tenant on the same service."""
    return await House.open(training)
