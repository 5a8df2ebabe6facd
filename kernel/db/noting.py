"""A transaction that is none: it notes which rows are put and which must be gone, and refuses all else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from sqlalchemy.ext.asyncio import AsyncSession

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
    def session(self) -> AsyncSession:
        """Refused."""
        raise NeedsTransaction

    async def flush(self) -> None:
        """Nothing is held back."""

    async def run(self, statement: str, *args: Any) -> Sequence[Sequence[Any]]:
        """Refused."""
        raise NeedsTransaction

    async def under(self, context: Context) -> NoReturn:
        """Refused."""
        raise NeedsTransaction

    async def following(self, context: Context) -> NoReturn:
        """Refused."""
        raise NeedsTransaction

    def call(self, channel: str, payload: str = "") -> None:
        """Refused."""
        raise NeedsTransaction
