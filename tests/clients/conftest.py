"""One tenant for the applications of this folder, and the applications."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing

import pytest

from deploy.cli.stack.testing import RunningStack
from tests.chromium import browser
from tests.clients.contract import Client, Registration
from tests.clients.person import Person
from tests.clients.place import Place
from tests.clients.server import Pages

__all__ = ["browser", "pages", "person", "place", "start"]

Start = Callable[[type[Client], Registration], Client]


@pytest.fixture(scope="session")
def pages() -> Iterator[Pages]:
    """The application in the browser, on an origin of its own."""
    with Pages() as pages:
        yield pages


@pytest.fixture(scope="session")
def place(stack: RunningStack, pages: Pages, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The tenant."""
    return Place.make(stack, tmp_path_factory.mktemp("clients"), pages.origin)


@pytest.fixture
def person(place: Place) -> Iterator[Person]:
    """Who signs in."""
    with closing(place.person()) as person:
        yield person


@pytest.fixture
def start() -> Iterator[Start]:
    """Makes an application that ends with the test."""
    with ExitStack() as running:

        def make(kind: type[Client], at: Registration) -> Client:
            return running.enter_context(closing(kind(at)))

        yield make
