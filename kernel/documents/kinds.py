"""Kinds of documents that the platform prints, each with its own template and made-up values to try another on."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from kernel.errors import Text


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """`sample` has every value that a template may name; `needed` are those that none may leave out."""

    name: str
    label: Text
    path: Path
    sample: Mapping[str, Any]
    needed: frozenset[str]

    def default(self) -> bytes:
        """The template that holds where a tenant has none of its own."""
        return _read(self.path)


@cache
def _read(path: Path) -> bytes:
    return path.read_bytes()
