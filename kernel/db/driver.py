"""asyncpg's connection as this platform uses it, beneath SQLAlchemy's pool."""

from typing import Any, cast

import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection


class Driver(asyncpg.Connection):  # type: ignore[misc]
    """Says with its BEGIN under which settings: every transaction needs them, and a trip of their own costs as much as
    a short query."""

    entering = ""
    """The statement that the next BEGIN takes with it."""

    async def execute(self, query: str, *args: Any, timeout: float | None = None) -> str:  # noqa: ASYNC109 - asyncpg's
        """As asyncpg's."""
        if self.entering and query == "BEGIN;":
            query, self.entering = f"{query} {self.entering}", ""
        status: str = await super().execute(query, *args, timeout=timeout)
        return status


async def driver_connection(connection: AsyncConnection) -> Driver:
    """asyncpg's own connection beneath SQLAlchemy's, taken from the same pool.

    It begins no transaction by itself: within one, a statement of the session must have gone first.
    """
    raw = await connection.get_raw_connection()
    return cast("Driver", raw.driver_connection)


def quoted(text: str) -> str:
    """A text as the simple protocol takes it, which knows no parameters."""
    return "'" + text.replace("'", "''") + "'"
