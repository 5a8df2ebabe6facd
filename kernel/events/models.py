"""Read models: tables that news alone fill, so that they can be built again from the archive.

A handler that does more (starts a process, tells, sends, sets a timer) belongs to no model, and what a person wrote
into a table makes it no model either.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Table

from kernel.config import Process
from kernel.db.table import TenantTable
from kernel.db.transaction import Transaction
from kernel.events.subscriptions import Feed, Subscriptions

_REBUILT = "kernel.events.models"


@dataclass(frozen=True, slots=True)
class ReadModel:
    """Tables, and the handlers that alone write them."""

    name: str
    tables: Sequence[type[TenantTable]]
    subscriptions: Subscriptions

    def sources(self) -> set[str]:
        """The processes whose news it is made of."""
        return {source for source, _ in self.subscriptions.feeds()}


def together(models: Sequence[ReadModel]) -> ReadModel:
    """The models of a process as one: the tree's news carry along the rows of the others, so they are built at once."""
    subscriptions = Subscriptions()
    for model in models:
        subscriptions.include(model.subscriptions)
    tables = [table for model in models for table in model.tables]
    return ReadModel("+".join(model.name for model in models), tables, subscriptions)


def told_for_models(models: Mapping[Process, Sequence[ReadModel]]) -> dict[str, set[str]]:
    """By publisher: the aggregate types of which some process builds a model. Their events are kept for good."""
    found: dict[str, set[str]] = {}
    for source, aggregate in (feed for several in models.values() for each in several for feed in _feeds(each)):
        found.setdefault(source, set()).add(aggregate)
    return found


def _feeds(model: ReadModel) -> Sequence[Feed]:
    return list(model.subscriptions.feeds())


def begin_rebuild(tx: Transaction, tables: Sequence[type[TenantTable]]) -> None:
    """From here on the transaction's session builds these tables and no other row is to be touched."""
    tx.session.sync_session.info[_REBUILT] = frozenset(tables)


def rebuilt(tx: Transaction) -> frozenset[type[TenantTable]] | None:
    """The tables that are being built in this transaction; None in one that follows the news."""
    found: frozenset[type[TenantTable]] | None = tx.session.sync_session.info.get(_REBUILT)
    return found


def table_of(kind: type[TenantTable]) -> Table:
    """The table of a class."""
    table: Table = vars(kind)["__table__"]
    return table
