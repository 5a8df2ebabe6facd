"""The three made-up packs, loaded as a policy officer's draft is: from a folder of their own, on the national layer."""

import functools
from pathlib import Path

from kernel.regulation.loading import load
from kernel.regulation.pack import Pack

FOLDER = Path(__file__).parent / "packs"
LIBRARY = Path(__file__).parents[2] / "regulations"
NAMES = ("jiachuan", "yilin", "bingshan")


@functools.cache
def pack(name: str) -> Pack:
    """The pack of that folder."""
    return load(FOLDER / name, LIBRARY)
