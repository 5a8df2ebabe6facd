"""Business time moves forward only, for its own tenant only, and in the development profile only."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from kernel.clock import utcnow
from kernel.org import queries as org
from kernel.testing.service_client import ServiceUnderTest, TestTenant
from kernel.testing.tree import Tree
from tests.integration.gateway.house import NOW, Town, serving, until

PATH = "/api/v1/directory/business-time"


@pytest.fixture
async def own_town(gateway: ServiceUnderTest, plan: Path) -> Town:
    """A town whose time this test alone moves."""
    return await Town.found(gateway, plan)


async def move(town: Town, to: Any) -> httpx.Response:
    """Ask for that business instant as the system administrator."""
    value = to.isoformat() if isinstance(to, datetime) else to
    return await town.tenant.post(town.system, PATH, {"business_time": value})


async def test_time_moves_forward_and_never_back(gateway: ServiceUnderTest, own_town: Town) -> None:
    there = NOW + timedelta(days=30)
    moved = await move(own_town, there)
    assert moved.status_code == 200, moved.text
    assert datetime.fromisoformat(moved.json()["business_time"]) == there
    for earlier in (NOW, there - timedelta(seconds=60), "0001-01-01T00:00:00+14:00"):
        back = await move(own_town, earlier)
        assert (back.status_code, back.json()["type"]) == (409, "/problems/conflict"), earlier

    async def heard() -> bool:
        async with gateway.database.transaction(own_town.tenant.context()) as tx:
            return abs(await org.business_now(tx) - there) < timedelta(seconds=60)

    await until(heard, "the new time in the read model")


@pytest.mark.parametrize("value", ["2026-05-01T00:00:00", "9999-12-31T23:59:59Z", "tomorrow", None])
async def test_an_instant_that_cannot_be_lived_in_is_refused(town: Town, value: str | None) -> None:
    answer = await move(town, value)
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["pointer"] == "/business_time"


async def test_the_time_of_another_tenant_stays(gateway: ServiceUnderTest, own_town: Town, other_town: Town) -> None:
    await move(own_town, NOW + timedelta(days=300))
    async with gateway.database.transaction(other_town.tenant.context()) as tx:
        assert abs(await org.business_now(tx) - NOW) < timedelta(hours=1)


async def test_nobody_but_the_system_administrator_moves_it(town: Town) -> None:
    body = {"business_time": (NOW + timedelta(days=1)).isoformat()}
    for caller in (town.security, town.auditor, town.official("society_work", "150102")):
        assert (await town.tenant.post(caller, PATH, body)).status_code == 403


async def test_production_does_not_know_the_operation(gateway: ServiceUnderTest, town: Town) -> None:
    config = gateway.config.model_copy(update={"profile": "production"})
    async with serving(config) as production:
        assert PATH not in production.app.openapi()["paths"]
        assert PATH in gateway.app.openapi()["paths"]
        there = TestTenant(production, town.tenant.id, Tree({}), NOW)
        body = {"business_time": (utcnow() + timedelta(days=900)).isoformat()}
        answer = await there.post(town.system, PATH, body)
        assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found")
        # Control: the same principal serves there for what production offers.
        assert (await there.get(town.system, "/api/v1/directory/tenant")).status_code == 200
