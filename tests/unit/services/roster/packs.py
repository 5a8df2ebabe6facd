"""The real packs of Inner Mongolia and Shuanghe, and variants of the first that a test asks for."""

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


@functools.cache
def shuanghe() -> Pack:
    return load(REGULATIONS / "shuanghe")


def changed(parameters: dict[str, dict[str, Any]] | None = None, lists: dict[str, Any] | None = None) -> Pack:
    """The pack with members replaced; a list replaced by None is left out."""
    data = orjson.loads(inner_mongolia().to_json())
    document = data["document"]
    for path, changes in (parameters or {}).items():
        kept = {key: document["parameters"][path][key] for key in ("kind", "label")}
        document["parameters"][path] = kept | changes
    for name, value in (lists or {}).items():
        if value is None:
            del document["lists"][name]
        else:
            document["lists"][name] |= value
    return Pack.from_json(orjson.dumps(data))
