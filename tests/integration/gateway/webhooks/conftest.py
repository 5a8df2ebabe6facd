"""A town with an app, and the worker that sends."""

from collections.abc import AsyncIterator

import pytest

from gateway.identity import actions as identity
from gateway.webhooks.sending import Poster
from gateway.webhooks.worker import Worker
from kernel.testing.service_client import ServiceUnderTest
from tests.integration.gateway.house import Town
from tests.integration.gateway.webhooks.receiver import Receiver, receiving


@pytest.fixture(scope="module")
async def client_id(gateway: ServiceUnderTest, town: Town) -> str:
    """A client of the town."""
    async with gateway.database.transaction(town.tenant.context()) as tx:
        made = await identity.register_client(tx, "hooks", kind="browser", redirect_uris=["https://portal.example/in"])
    return made.client_id


@pytest.fixture
def worker(gateway: ServiceUnderTest) -> Worker:
    """Sends when a test tells it to."""
    return Worker(gateway.database, gateway.config, Poster(development=True))


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """An app that listens."""
    async with receiving() as made:
        yield made
