"""The service of notes; each test has its own tenant in it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
import pytest

from kernel.config import ProcessConfig
from kernel.testing.service_client import BASE, ServiceUnderTest, TestTenant, running
from kernel.testing.tree import Caller
from tests.integration.kernel.http.notes import NOW, SERVICE, pack


@dataclass(slots=True)
class Desk:
    """A tenant with a handler in one community and one in its sibling."""

    tenant: TestTenant
    handler: Caller
    viewer: Caller
    sibling: Caller

    @classmethod
    async def at(cls, service: ServiceUnderTest, regulation: str) -> "Desk":
        tenant = await service.new_tenant(regulation, now=NOW)
        return cls(
            tenant,
            handler=await tenant.appoint("community", "society_work"),
            viewer=await tenant.appoint("community", "society_work", "viewer"),
            sibling=await tenant.appoint("other_community", "society_work"),
        )


@asynccontextmanager
async def serving(config: ProcessConfig) -> AsyncIterator[ServiceUnderTest]:
    """The service; a failure of its own is answered, as a server would, and not raised into the test."""
    async with running(SERVICE, config) as service:
        transport = httpx.ASGITransport(app=service.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=BASE) as http:
            service.http = http
            yield service


@pytest.fixture(scope="session")
def regulation() -> str:
    return pack()


@pytest.fixture(scope="session")
async def notes(probe: ProcessConfig) -> AsyncIterator[ServiceUnderTest]:
    async with serving(probe) as service:
        yield service


@pytest.fixture
async def desk(notes: ServiceUnderTest, regulation: str) -> Desk:
    return await Desk.at(notes, regulation)


@pytest.fixture
async def other_desk(notes: ServiceUnderTest, regulation: str) -> Desk:
    """The same in another tenant."""
    return await Desk.at(notes, regulation)
