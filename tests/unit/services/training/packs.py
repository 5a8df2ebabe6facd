"""The real pack of Inner Mongolia, and variants of it that a test asks for."""

import functools
from pathlib import Path
from typing import Any

import orjson

from kernel.regulation.loading import load
from kernel.regulation.pack import Pack

REGULATIONS = Path(__file__).parents[4] / "regulations"


@functools.cache
def inner_mongolia() -> Pack:
    return load(REGULATIONS / "neimenggu")


def changed(parameters: dict[str, dict[str, Any]]) -> Pack:
    """The pack with parameters replaced or added; a new one gives its kind and label too."""
    data = orjson.loads(inner_mongolia().to_json())
    for path, changes in parameters.items():
        known = data["document"]["parameters"].get(path, {})
        kept = {key: known[key] for key in ("kind", "label") if key in known}
        data["document"]["parameters"][path] = kept | changes
    return Pack.from_json(orjson.dumps(data))
