"""The service of notes lends its database; a tree of five levels stands in its read model."""

from collections.abc import AsyncIterator

import pytest

from kernel.config import ProcessConfig
from kernel.testing.service_client import ServiceUnderTest, TestTenant
from tests.integration.kernel.http.conftest import serving
from tests.integration.kernel.http.notes import NOW, pack


@pytest.fixture(scope="session")
def regulation() -> str:
    return pack()


@pytest.fixture(scope="session")
async def service(probe: ProcessConfig) -> AsyncIterator[ServiceUnderTest]:
    async with serving(probe) as running:
        yield running


@pytest.fixture
async def tenant(service: ServiceUnderTest, regulation: str) -> TestTenant:
    return await service.new_tenant(regulation, now=NOW)
