"""Both stories, told once for all that is then tried with what they left behind."""

from collections.abc import Iterator

import pytest

from deploy.cli.demo.tales import TALES
from deploy.cli.stack.testing import RunningStack
from tests.security.reaching import reach
from tests.security.story_requests import Told, told


@pytest.fixture(scope="session")
def stories(stack: RunningStack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Told]]:
    """The stories with a request for every operation."""
    with told(stack, TALES, tmp_path_factory.mktemp("walk")) as wholes:
        reach(wholes)
        yield wholes
