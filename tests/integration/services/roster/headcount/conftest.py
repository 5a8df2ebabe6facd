"""The desks of NM-6 in a tenant of its own for each test."""

import pytest

from tests.integration.services.roster.house import House
from tests.integration.services.roster.staffing.desk import Desk


@pytest.fixture
async def desk(house: House) -> Desk:
    return await Desk.open(house)
