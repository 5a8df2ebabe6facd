"""The service with approvals only; each test has its own tenant."""

from collections.abc import AsyncIterator

import pytest

from deploy.cli.stack.testing import TestStack
from kernel.testing.service_client import ServiceUnderTest, running
from tests.integration.kernel.approvals.desk import SERVICE, Desk


@pytest.fixture(scope="session")
async def approval_service(infrastructure: TestStack) -> AsyncIterator[ServiceUnderTest]:
    async with running(SERVICE, infrastructure.config("assessment")) as service:
        yield service


@pytest.fixture
async def desk(approval_service: ServiceUnderTest) -> Desk:
    return await Desk.at(approval_service)
