"""The regulations of NM and SH, as the services get them."""

from pathlib import Path

import pytest

from kernel.regulation.loading import load
from kernel.regulation.pack import Pack


@pytest.fixture(scope="session")
def neimenggu() -> Pack:
    return load(Path(__file__).parents[4] / "regulations" / "neimenggu")


@pytest.fixture(scope="session")
def shuanghe() -> Pack:
    return load(Path(__file__).parents[4] / "regulations" / "shuanghe")
