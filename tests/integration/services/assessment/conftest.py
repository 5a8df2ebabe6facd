"""Assessment under test."""

from collections.abc import AsyncIterator

import pytest

from deploy.cli.stack.testing import TestStack
from kernel.testing.service_client import ServiceUnderTest, running
from services.assessment.service import SERVICE


@pytest.fixture(scope="session")
async def assessment(infrastructure: TestStack) -> AsyncIterator[ServiceUnderTest]:
    async with running(SERVICE, infrastructure.config("assessment")) as service:
        yield service
