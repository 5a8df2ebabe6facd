"""The one place that reads the driver's own values: a folded statement goes past SQLAlchemy's column types.

SQLAlchemy's codecs sit on the driver's connection and already read `jsonb`; ranges come as the driver's own type and
become here what an ordinary read gives. A test compares both ways, type by type.
"""

from collections.abc import Iterable
from typing import Any

import asyncpg
from sqlalchemy.dialects.postgresql import Range


def rows_of(records: Iterable[asyncpg.Record]) -> list[dict[str, Any]]:
    """The records as an ordinary read gives them: column → value."""
    return [
        {name: _range(value) if isinstance(value, asyncpg.Range) else value for name, value in record.items()}
        for record in records
    ]


def _range(value: asyncpg.Range) -> Range[Any]:
    bounds: Any = ("[" if value.lower_inc else "(") + ("]" if value.upper_inc else ")")
    return Range(value.lower, value.upper, bounds=bounds, empty=value.isempty)
