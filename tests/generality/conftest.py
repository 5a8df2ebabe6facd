"""Roster on real PostgreSQL, for the telling part of a made-up regulation."""

from collections.abc import AsyncIterator

import pytest

from deploy.cli.stack.testing import TestStack
from kernel.testing.service_client import ServiceUnderTest, running
from services.roster.service import SERVICE


@pytest.fixture(scope="session")
async def roster(infrastructure: TestStack) -> AsyncIterator[ServiceUnderTest]:
    async with running(SERVICE, infrastructure.config("roster")) as service:
        yield service
