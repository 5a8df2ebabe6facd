"""The recruitment service on real PostgreSQL; each test has a tenant of its own under the regulation of NM."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from deploy.cli.stack.testing import TestStack
from kernel.regulation.loading import load
from kernel.testing.service_client import ServiceUnderTest, running
from services.recruitment.service import SERVICE
from tests.integration.services.recruitment.journey import Journey

REGULATIONS = Path(__file__).parents[4] / "regulations"
TOWNSHIP = {"departments": ["township_office"], "levels": ["township"], "duties": ["handler", "approver"]}


@pytest.fixture(scope="session")
def neimenggu() -> str:
    """The pack as it travels. The township takes part in the review: NM-9 gives it the recommendation."""
    pack = json.loads(load(REGULATIONS / "neimenggu").to_json())
    for name in ("recruitment.application.read", "recruitment.determination.record"):
        grants = pack["document"]["permissions"][name]
        if TOWNSHIP not in grants:
            grants.append(TOWNSHIP)
    return json.dumps(pack)


@pytest.fixture(scope="session")
async def recruitment(infrastructure: TestStack) -> AsyncIterator[ServiceUnderTest]:
    async with running(SERVICE, infrastructure.config("recruitment")) as service:
        yield service


@pytest.fixture
async def journey(recruitment: ServiceUnderTest, neimenggu: str) -> Journey:
    return await Journey.begin(recruitment, neimenggu)
