"""The one place that reads the driver's own values: what `fetch_folded` brings is turned into what the tables say.

SQLAlchemy keeps `jsonb` as text on the driver's connection and turns it, and ranges, into Python values itself. A
folded statement goes past it, so here the same is done, column by column of the table that was read.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

import asyncpg
from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import JSONB, Range
from sqlalchemy.dialects.postgresql.ranges import AbstractRange

from kernel.db.table import TenantTable

Reader = Callable[[Any], Any]


def rows_of(kind: type[TenantTable], records: Iterable[asyncpg.Record]) -> list[dict[str, Any]]:
    """The records with the values that an ordinary read of `kind` gives; columns it does not have stay as they are."""
    readers = _readers(kind)
    return [
        {name: readers[name](value) if name in readers and value is not None else value for name, value in one.items()}
        for one in records
    ]


@cache
def _readers(kind: type[TenantTable]) -> Mapping[str, Reader]:
    table: Table = vars(kind)["__table__"]
    found: dict[str, Reader] = {}
    for column in table.columns:
        if isinstance(column.type, JSONB):
            found[column.name] = json.loads
        elif isinstance(column.type, AbstractRange):
            found[column.name] = _range
    return found


def _range(value: asyncpg.Range) -> Range[Any]:
    bounds = ("[" if value.lower_inc else "(") + ("]" if value.upper_inc else ")")
    return Range(value.lower, value.upper, bounds=bounds, empty=value.isempty)  # type: ignore[arg-type]  # two of four
