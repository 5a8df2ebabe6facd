"""One identity server for the tests of this folder; each test has its own tenant on it."""

from collections.abc import AsyncIterator

import pytest

from deploy.cli.stack.testing import TestStack
from gateway.identity.desk import Desk
from tests.security.identity.house import Feed, House, make_house, serve
from tests.security.identity.visitor import Visitor


@pytest.fixture(scope="session")
async def identity_server(infrastructure: TestStack) -> AsyncIterator[tuple[Desk, Feed]]:
    """The server."""
    async with serve(infrastructure.config("gateway")) as running:
        yield running


@pytest.fixture(scope="session")
async def house(identity_server: tuple[Desk, Feed]) -> House:
    """A tenant whose clients are trusted. Shared: a test that changes users or counts rows takes
    `own_house`."""
    return await make_house(*identity_server)


@pytest.fixture
async def own_house(identity_server: tuple[Desk, Feed]) -> House:
    """A tenant for one test."""
    return await make_house(*identity_server)


@pytest.fixture(scope="session")
async def asking_house(identity_server: tuple[Desk, Feed]) -> House:
    """A tenant whose clients are not trusted, so that their users are asked for consent."""
    return await make_house(*identity_server, consent=True)


@pytest.fixture
async def visitor(house: House) -> AsyncIterator[Visitor]:
    """A browser at the shared house, for its public client."""
    async with Visitor(house) as visitor:
        yield visitor
