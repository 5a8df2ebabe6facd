"""The recruitment service on real PostgreSQL; each test has a tenant of its own under the regulation of NM or SH."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from deploy.cli.stack.testing import TestStack
from kernel.regulation.loading import load
from kernel.testing.service_client import ServiceUnderTest, running
from services.recruitment.service import SERVICE
from tests.integration.services.recruitment.journey import Journey
from tests.integration.services.recruitment.regiment import Regiment

REGULATIONS = Path(__file__).parents[4] / "regulations"


@pytest.fixture(scope="session")
def neimenggu() -> str:
    """The pack as it travels."""
    return load(REGULATIONS / "neimenggu").to_json()


@pytest.fixture(scope="session")
async def recruitment(infrastructure: TestStack) -> AsyncIterator[ServiceUnderTest]:
    async with running(SERVICE, infrastructure.config("recruitment")) as service:
        yield service


@pytest.fixture
async def journey(recruitment: ServiceUnderTest, neimenggu: str) -> Journey:
    return await Journey.begin(recruitment, neimenggu)


@pytest.fixture(scope="session")
def shuanghe() -> str:
    """The pack as it travels."""
    return load(REGULATIONS / "shuanghe").to_json()


@pytest.fixture
async def regiment(recruitment: ServiceUnderTest, shuanghe: str) -> Regiment:
    return await Regiment.begin(recruitment, shuanghe)
