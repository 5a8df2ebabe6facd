"""The gateway under test; a town is shared by the tests of one file, which change no more than they name."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.cli.stack.testing import TestStack
from kernel.testing.service_client import ServiceUnderTest
from tests.integration.gateway.house import Town, working, write_plan


@pytest.fixture(scope="session")
async def gateway(infrastructure: TestStack) -> AsyncIterator[ServiceUnderTest]:
    async with working(infrastructure) as running:
        yield running


@pytest.fixture(scope="session")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a tenant is made from."""
    return write_plan(tmp_path_factory.mktemp("plan"))


@pytest.fixture(scope="session")
def content(plan: Path) -> dict[str, Any]:
    """What stands in it."""
    return dict(yaml.safe_load(plan.read_text()))


@pytest.fixture(scope="module")
async def town(gateway: ServiceUnderTest, plan: Path) -> Town:
    return await Town.found(gateway, plan)


@pytest.fixture(scope="module")
async def other_town(gateway: ServiceUnderTest, plan: Path) -> Town:
    """Another tenant with the same tree."""
    return await Town.found(gateway, plan)
