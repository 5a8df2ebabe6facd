"""A treasury of its own for each test."""

import pytest

from kernel.testing.service_client import ServiceUnderTest
from tests.integration.services.roster.payroll.treasury import Treasury


@pytest.fixture
async def treasury(roster: ServiceUnderTest) -> Treasury:
    return await Treasury.prepared(roster)
