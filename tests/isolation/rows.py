"""Rows for any table, built from its column types: for two tenants, inside and outside of a scope, of two persons."""

import itertools
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID, uuid4

import asyncpg

from kernel.db.table import Rls, TenantTable

COLUMNS = """
select a.attname as name, format_type(a.atttypid, null) as type, a.attnotnull as needed
  from pg_attribute a
 where a.attrelid = $1::text::regclass and a.attnum > 0 and not a.attisdropped
   and a.attidentity <> 'a' and a.attgenerated = ''
 order by a.attnum
"""
PRIMARY = """
select array(select a.attname::text from unnest(k.conkey) with ordinality n(no, place)
               join pg_attribute a on a.attrelid = k.conrelid and a.attnum = n.no order by n.place)
  from pg_constraint k where k.conrelid = $1::text::regclass and k.contype = 'p'
"""
FOREIGN = """
select k.confrelid::regclass::text as target,
       array(select a.attname::text from unnest(k.conkey) with ordinality n(no, place)
               join pg_attribute a on a.attrelid = k.conrelid and a.attnum = n.no order by n.place) as columns,
       array(select a.attname::text from unnest(k.confkey) with ordinality n(no, place)
               join pg_attribute a on a.attrelid = k.confrelid and a.attnum = n.no order by n.place) as targets
  from pg_constraint k where k.conrelid = $1::text::regclass and k.contype = 'f' and k.conparentid = 0
"""
Side = Literal["inside", "outside"]
SIDES: tuple[Side, Side] = ("inside", "outside")
UNITS: Mapping[Side, int] = {"inside": 1500, "outside": 9500}
INSIDE = (1000, 1999)
"""The scope that holds the unit of the rows inside."""
Row = dict[str, Any]
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Table:
    """A table as the catalogue has it, and what its class says of its rows."""

    name: str
    rls: Rls
    columns: Mapping[str, str]
    needed: frozenset[str]
    key: tuple[str, ...]
    foreign: tuple[asyncpg.Record, ...]

    @property
    def one_per_tenant(self) -> bool:
        """Keyed by the tenant alone."""
        return self.key == ("tenant_id",)


@dataclass(slots=True)
class Seeds:
    """The rows that were put in, by table, tenant and side."""

    tenants: tuple[UUID, UUID] = field(default_factory=lambda: (uuid4(), uuid4()))
    persons: Mapping[Side, UUID] = field(default_factory=lambda: {"inside": uuid4(), "outside": uuid4()})
    rows: dict[tuple[str, UUID, Side], Row] = field(default_factory=dict)

    def of(self, table: str, tenant: UUID) -> list[Row]:
        """The rows of a tenant in a table."""
        return [self.rows[table, tenant, side] for side in SIDES if (table, tenant, side) in self.rows]

    def parent(self, table: str, tenant: UUID, side: Side) -> Row:
        """The row that one of that side refers to."""
        return self.rows.get((table, tenant, side)) or self.rows[table, tenant, "inside"]


async def read_tables(connection: asyncpg.Connection, known: Mapping[str, type[TenantTable]]) -> list[Table]:
    """The declared tables, each after those that it refers to."""
    found = {}
    for name, kind in known.items():
        columns = await connection.fetch(COLUMNS, name)
        found[name] = Table(
            name,
            kind.__rls__,
            {column["name"]: column["type"] for column in columns},
            frozenset(column["name"] for column in columns if column["needed"]),
            tuple(await connection.fetchval(PRIMARY, name)),
            tuple(await connection.fetch(FOREIGN, name)),
        )
    return _parents_first(found)


def _parents_first(tables: Mapping[str, Table]) -> list[Table]:
    placed: dict[str, Table] = {}
    waiting = dict(tables)
    while waiting:
        free = [
            name
            for name, table in waiting.items()
            if all(key["target"] == name or key["target"] in placed for key in table.foreign)
        ]
        assert free, f"foreign keys in a circle: {sorted(waiting)}"
        for name in free:
            placed[name] = waiting.pop(name)
    return list(placed.values())


def build(table: Table, seeds: Seeds, tenant: UUID, side: Side) -> Row:
    """A new row of that side, which refers to the rows of its side. Published, where the table knows that."""
    # Later columns get smaller figures, so that "a part never exceeds the whole" holds where it is checked.
    number = next(_numbers) * 100 + len(table.columns)
    row = {name: _value(kind, number - place) for place, (name, kind) in enumerate(table.columns.items())}
    row["tenant_id"] = tenant
    for key in table.foreign:
        if key["target"] == table.name:
            row |= {name: None for name in key["columns"] if name not in table.needed}
            continue
        parent = seeds.parent(key["target"], tenant, side)
        row |= {name: parent[other] for name, other in zip(key["columns"], key["targets"], strict=True)}
    for name, value in re.findall(r"(\w+) = '([^']*)'", table.rls.published or ""):
        row[name] = value
    if table.rls.unit:
        row[table.rls.unit] = UNITS[side]
    if table.rls.person:
        row[table.rls.person] = seeds.persons[side]
    return row


def unpublished(table: Table, row: Row) -> Row:
    """The row without what makes it public, as far as its columns may be empty."""
    names = re.findall(r"(\w+) is not null", table.rls.published or "")
    return row | {name: None for name in names if name not in table.needed}


async def put(connection: asyncpg.Connection, table: Table, row: Row) -> None:
    """Insert the row, as whoever is connected."""
    names = ", ".join(row)
    places = ", ".join(f"${place}" for place in range(1, len(row) + 1))
    await connection.execute(f"insert into {table.name} ({names}) values ({places})", *row.values())  # noqa: S608 - catalogue


async def seed(superuser: asyncpg.Connection, tables: Iterable[Table]) -> Seeds:
    """Fill every table for two tenants; past the walls, so that what the walls then show can be judged."""
    seeds = Seeds()
    for table in tables:
        for tenant in seeds.tenants:
            for side in SIDES[:1] if table.one_per_tenant else SIDES:
                row = build(table, seeds, tenant, side)
                if side == "outside":
                    row = unpublished(table, row)
                await put(superuser, table, row)
                seeds.rows[table.name, tenant, side] = row
    return seeds


def _value(kind: str, number: int) -> Any:
    start = date(2026, 1, 1) + timedelta(days=number % 3000)
    values: dict[str, Any] = {
        "uuid": uuid4(),
        "text": f"t{number}",
        "character varying": f"t{number}",
        "smallint": number % 30_000,
        "integer": number,
        "bigint": number,
        "boolean": False,
        "jsonb": "{}",
        "timestamp with time zone": datetime.now(UTC),
        "date": start,
        "daterange": asyncpg.Range(start, start + timedelta(days=1)),
        "bytea": os.urandom(16),
        "numeric": Decimal(number % 1000),
        "double precision": float(number),
        "text[]": [],
    }
    assert kind in values, f"no value is known for the column type {kind}: add one here"
    return values[kind]
