"""A transaction that is none: it notes which rows are put and which must be gone, and refuses all else."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from kernel.context import Context
from kernel.db.table import TenantTable
from kernel.db.transaction import Transaction


class NeedsTransaction(Exception):
    """More is asked of the database than to put rows."""


@dataclass(frozen=True, slots=True)
class Put:
    """A row, as `kernel.db.put` takes it."""

    kind: type[TenantTable]
    values: Mapping[str, Any]
    change: bool


@dataclass(frozen=True, slots=True)
class Gone:
    """Rows that must not be there afterwards."""

    kind: type[TenantTable]
    values: Mapping[str, Any]


class Noting(Transaction):
    """What would be written under a context; everything but `put` and `remove` raises `NeedsTransaction`."""

    def __init__(self, context: Context, process: str) -> None:
        self.context = context
        self.process = process
        self.puts: list[Put] = []
        self.gone: list[Gone] = []

    @property
    def _way(self) -> NoReturn:  # type: ignore[override]  # whatever goes to the database goes by it
        raise NeedsTransaction

    def call(self, channel: str, payload: str = "") -> None:
        """Refused."""
        raise NeedsTransaction
