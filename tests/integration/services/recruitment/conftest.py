"""The recruitment service on real PostgreSQL; each test has a tenant of its own under the regulation of NM."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from deploy.cli.stack.testing import TestStack
from kernel.regulation.loading import load
from kernel.testing.schema import make_schema
from kernel.testing.service_client import ServiceUnderTest, running
from services.recruitment.service import SERVICE
from tests.integration.services.recruitment.journey import Journey

REGULATIONS = Path(__file__).parents[4] / "regulations"


@pytest.fixture(scope="session")
def neimenggu() -> str:
    """The pack as it travels."""
    return load(REGULATIONS / "neimenggu").to_json()


@pytest.fixture(scope="session")
async def recruitment(servers: TestStack) -> AsyncIterator[ServiceUnderTest]:
    config = servers.config("recruitment")
    await make_schema("recruitment", config.migrator_dsn.get_secret_value())
    async with running(SERVICE, config) as service:
        yield service


@pytest.fixture
async def journey(recruitment: ServiceUnderTest, neimenggu: str) -> Journey:
    return await Journey.begin(recruitment, neimenggu)
