"""What holds for every test of the edge."""

import pytest

from tests.conftest import settle_heap


@pytest.fixture(scope="package", autouse=True)
def _settled_heap() -> None:
    """These tests have edge, services and clients in one event loop, which must not stand still for a second."""
    settle_heap()
