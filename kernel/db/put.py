"""A row put where its key says, or added where its keys are free, by a statement built once and run past SQLAlchemy:
for what news brings often, and for hot paths."""

import functools
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Column, Table
from sqlalchemy.dialects.postgresql import DATERANGE, JSONB
from sqlalchemy.dialects.postgresql.base import PGDialect

from kernel.db.table import TenantTable
from kernel.db.transaction import Transaction

_DIALECT = PGDialect()  # type: ignore[no-untyped-call]  # SQLAlchemy gives it no types


async def put(tx: Transaction, kind: type[TenantTable], values: Mapping[str, Any], *, change: bool) -> None:
    """Insert a row of the tenant, with all its columns; where its key is taken change that row to this, or leave it."""
    await tx.run(_statement(kind, tuple(values), change), tx.tenant, *values.values())


async def add(tx: Transaction, kind: type[TenantTable], values: Mapping[str, Any]) -> bool:
    """Insert a row of the tenant; False where one of its keys is taken. JSON is given as text."""
    return bool(await tx.run(_addition(kind, tuple(values)), tx.tenant, *values.values()))


def driver_type(column: Column[object]) -> str:
    """The type as a cast names it. `TypeError` where the driver does not take the value as it is."""
    if isinstance(column.type, JSONB | DATERANGE):
        raise TypeError(f"{column}: not for a statement of the driver")
    return column.type.compile(_DIALECT)


@functools.cache
def _statement(kind: type[TenantTable], names: tuple[str, ...], change: bool) -> str:
    table: Table = vars(kind)["__table__"]
    key = [each.name for each in table.primary_key]
    values = ", ".join(f"${place}::{driver_type(table.columns[name])}" for place, name in enumerate(names, 2))
    changes = ", ".join(f"{name} = excluded.{name}" for name in names if name not in key)
    return (
        f"insert into {table.name} (tenant_id, {', '.join(names)}) values ($1::uuid, {values})"  # noqa: S608 - names
        f" on conflict ({', '.join(key)}) do {f'update set {changes}' if change else 'nothing'}"
    )


@functools.cache
def _addition(kind: type[TenantTable], names: tuple[str, ...]) -> str:
    values = ", ".join(f"${place}" for place, _ in enumerate(names, 2))
    return (
        f"insert into {kind.__tablename__} (tenant_id, {', '.join(names)}) values ($1, {values})"  # noqa: S608 - names
        " on conflict do nothing returning 1"
    )
