"""A row put where its key says, or added where its keys are free, by a statement built once and run past SQLAlchemy:
for what news brings often, and for hot paths."""

import functools
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Column, Table
from sqlalchemy.dialects.postgresql import DATERANGE, JSONB
from sqlalchemy.dialects.postgresql.base import PGDialect

from kernel.db.noting import Gone, Noting, Put
from kernel.db.table import TenantTable
from kernel.db.transaction import Transaction

_DIALECT = PGDialect()  # type: ignore[no-untyped-call]  # SQLAlchemy gives it no types


async def put(tx: Transaction, kind: type[TenantTable], values: Mapping[str, Any], *, change: bool) -> None:
    """Insert a row of the tenant, with all its columns; where its key is taken change that row to this, or leave it."""
    if isinstance(tx, Noting):
        tx.puts.append(Put(kind, values, change))
        return
    await tx.run(_putting(kind, tuple(values), change), tx.tenant, *values.values())


async def remove(tx: Transaction, kind: type[TenantTable], values: Mapping[str, Any]) -> None:
    """Delete the tenant's rows that have these values."""
    if isinstance(tx, Noting):
        tx.gone.append(Gone(kind, values))
        return
    await tx.run(_removal(kind, tuple(values)), tx.tenant, *values.values())


async def add(tx: Transaction, kind: type[TenantTable], values: Mapping[str, Any]) -> bool:
    """Insert a row of the tenant; False where one of its keys is taken. JSON is given as text."""
    return bool(await tx.run(_addition(kind, tuple(values)), tx.tenant, *values.values()))


def driver_type(column: Column[object]) -> str:
    """The type as a cast names it. `TypeError` where the driver does not take the value as it is."""
    if isinstance(column.type, JSONB | DATERANGE):
        raise TypeError(f"{column}: not for a statement of the driver")
    return column.type.compile(_DIALECT)


@functools.cache
def casts(kind: type[TenantTable], names: tuple[str, ...], first: int) -> tuple[str, ...]:
    """The parameters of these columns from $first on."""
    table: Table = vars(kind)["__table__"]
    return tuple(f"${place}::{driver_type(table.columns[name])}" for place, name in enumerate(names, first))


@functools.cache
def equal(kind: type[TenantTable], names: tuple[str, ...], first: int) -> str:
    """The condition that these columns have the values of the parameters from $first on."""
    return " and ".join(f"{name} = {value}" for name, value in zip(names, casts(kind, names, first), strict=True))


@functools.cache
def on_conflict(kind: type[TenantTable], names: tuple[str, ...], change: bool) -> str:
    """What an insert does where its key is taken."""
    table: Table = vars(kind)["__table__"]
    key = [each.name for each in table.primary_key]
    changes = ", ".join(f"{name} = excluded.{name}" for name in names if name not in key)
    return f"on conflict ({', '.join(key)}) do {f'update set {changes}' if change else 'nothing'}"


@functools.cache
def _putting(kind: type[TenantTable], names: tuple[str, ...], change: bool) -> str:
    return (
        f"insert into {kind.__tablename__} (tenant_id, {', '.join(names)})"  # noqa: S608 - names
        f" values ($1::uuid, {', '.join(casts(kind, names, 2))}) {on_conflict(kind, names, change)}"
    )


@functools.cache
def _removal(kind: type[TenantTable], names: tuple[str, ...]) -> str:
    return f"delete from {kind.__tablename__} where tenant_id = $1::uuid and {equal(kind, names, 2)}"  # noqa: S608 - names


@functools.cache
def _addition(kind: type[TenantTable], names: tuple[str, ...]) -> str:
    values = ", ".join(f"${place}" for place, _ in enumerate(names, 2))
    return (
        f"insert into {kind.__tablename__} (tenant_id, {', '.join(names)}) values ($1, {values})"  # noqa: S608 - names
        " on conflict do nothing returning 1"
    )
