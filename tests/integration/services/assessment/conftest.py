"""Assessment under test; each test has its own tenant under the regulation of Inner Mongolia."""

from collections.abc import AsyncIterator

import pytest

from deploy.cli.stack.testing import TestStack
from kernel.testing.service_client import ServiceUnderTest, running
from services.assessment.service import SERVICE
from tests.integration.services.assessment.house import House


@pytest.fixture(scope="session")
async def assessment(infrastructure: TestStack) -> AsyncIterator[ServiceUnderTest]:
    async with running(SERVICE, infrastructure.config("assessment")) as service:
        yield service


@pytest.fixture
async def house(assessment: ServiceUnderTest) -> House:
    return await House.open(assessment)


@pytest.fixture
async def other_house(assessment: ServiceUnderTest) -> House:
    """Another tenant on the same service."""
    return await House.open(assessment)
