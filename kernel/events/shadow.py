"""A read model built beside the one that is read: in temporary tables that stand before those of the same name.

A handler names its tables without a schema, so on this connection it writes the shadows and needs not know of them.
Everything else is closed to it: a transaction that may only read may write temporary tables, and those alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Column, text

from kernel.db.table import TenantTable
from kernel.db.transaction import Transaction
from kernel.events.models import table_of

PROGRESS = "rebuilt_to"
"""Up to which version each aggregate was applied to the shadows."""
_READ_ONLY = text("set transaction read only")


@dataclass(frozen=True, slots=True)
class Difference:
    """How the rows of a table that were there differed from those that the events make."""

    table: str
    rows: int
    missing: int
    changed: int
    stray: int


def making(tables: Sequence[type[TenantTable]]) -> list[str]:
    """The statements that make the shadows, for a connection that has not named the tables before."""
    return [
        f"create temp table {PROGRESS} (source text, aggregate_type text, aggregate_id uuid, version bigint not null,"
        " primary key (source, aggregate_type, aggregate_id))",
        *(f"create temp table {name} (like public.{name} including all)" for name in _names(tables)),
    ]


def emptying(tables: Sequence[type[TenantTable]]) -> str:
    """The statement that empties the shadows."""
    return f"truncate {', '.join(f'pg_temp.{name}' for name in (PROGRESS, *_names(tables)))}"


def analysing(tables: Sequence[type[TenantTable]]) -> list[str]:
    """The statements that tell the planner how large the shadows have become."""
    return [f"analyze pg_temp.{name}" for name in (PROGRESS, *_names(tables))]


async def close(tx: Transaction) -> None:
    """From here on the transaction, or its savepoint, writes nothing but shadows."""
    await tx.session.execute(_READ_ONLY)


async def merge(tx: Transaction, kind: type[TenantTable]) -> Difference:
    """Make the tenant's rows of a table those of its shadow. Rows that agree are not touched."""
    table = table_of(kind)
    keys = [column.name for column in table.primary_key.columns]
    told = [column.name for column in table.columns if column.name not in keys and not _is_clock(column)]
    every = ", ".join(column.name for column in table.columns)
    same = " and ".join(f"n.{name} = o.{name}" for name in keys)
    shadow, mine = f"pg_temp.{table.name} n", "o.tenant_id = :tenant"
    counting = f"select count(*) from public.{table.name} o where {mine}"  # noqa: S608 - names of our own tables
    rows = (await tx.session.execute(text(counting), {"tenant": tx.tenant})).scalar_one()
    removing = f"delete from public.{table.name} o where {mine} and not exists (select from {shadow} where {same})"  # noqa: S608
    changing = (
        f"update public.{table.name} o set {', '.join(f'{name} = n.{name}' for name in told)} from {shadow}"  # noqa: S608
        f" where {mine} and {same} and ({_of('o', told)}) is distinct from ({_of('n', told)})"
    )
    adding = (
        f"insert into public.{table.name} ({every}) select {every} from {shadow}"  # noqa: S608
        f" where not exists (select from public.{table.name} o where {same})"
    )
    counts = []
    for statement in (removing, changing, adding):
        done = await tx.session.execute(text(statement), {"tenant": tx.tenant} if statement is not adding else {})
        counts.append(int(getattr(done, "rowcount", 0)))
    stray, changed, missing = counts
    return Difference(table.name, rows, missing, changed, stray)


def _of(alias: str, names: Iterable[str]) -> str:
    return ", ".join(f"{alias}.{name}" for name in names)


def _is_clock(column: "Column[object]") -> bool:
    # When a row was written is no part of what was told.
    return "clock_timestamp" in str(getattr(column.server_default, "arg", ""))


def _names(tables: Sequence[type[TenantTable]]) -> list[str]:
    return [str(kind.__tablename__) for kind in tables]
