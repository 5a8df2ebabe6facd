"""The regulation of NM, as the services get it."""

from pathlib import Path

import pytest

from kernel.regulation.loading import load
from kernel.regulation.pack import Pack


@pytest.fixture(scope="session")
def neimenggu() -> Pack:
    return load(Path(__file__).parents[4] / "regulations" / "neimenggu")
