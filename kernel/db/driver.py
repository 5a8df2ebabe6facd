"""asyncpg's connection as this platform uses it, beneath SQLAlchemy's pool."""

from typing import Any, cast

import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection


class Driver(asyncpg.Connection):  # type: ignore[misc]
    """Says with its BEGIN under which settings, since every transaction needs them, and with its COMMIT what is written
    last: a trip of their own costs as much as a short query."""

    entering = ""
    """The statements that the next BEGIN takes with it."""
    entered = ""
    """How the server answered the last of them."""
    leaving = ""
    """The statements that the next COMMIT takes with it; nothing of them is left where the transaction ends
    otherwise."""

    async def execute(self, query: str, *args: Any, timeout: float | None = None) -> str:  # noqa: ASYNC109 - asyncpg's
        """As asyncpg's."""
        if self.entering and query == "BEGIN;":
            query, self.entering = f"{query} {self.entering}", ""
            self.entered = await super().execute(query, timeout=timeout)
            return self.entered
        if self.leaving:
            leaving, self.leaving = self.leaving, ""
            if query == "COMMIT;":
                return await self._leave(f"{leaving}; {query}", timeout)
        status: str = await super().execute(query, *args, timeout=timeout)
        return status

    async def _leave(self, query: str, seconds: float | None) -> str:
        try:
            status: str = await super().execute(query, timeout=seconds)
        except asyncpg.PostgresError:
            # Refused before the COMMIT was read, so the transaction is still open there.
            if self._protocol.is_in_transaction():
                await super().execute("ROLLBACK;")
            raise
        return status


async def driver_connection(connection: AsyncConnection) -> Driver:
    """asyncpg's own connection beneath SQLAlchemy's, taken from the same pool.

    It begins no transaction by itself: within one, a statement of the session must have gone first.
    """
    raw = await connection.get_raw_connection()
    return cast("Driver", raw.driver_connection)


class Begun:
    """A transaction begun before SQLAlchemy has a statement for it; a session on the same connection joins it.

    Rests on a private member of SQLAlchemy's adapter, `_transaction`: what it holds there is begun.
    """

    def __init__(self, connection: AsyncConnection, driver: Driver) -> None:
        beneath: Any = connection.sync_connection
        self._adapter = beneath.connection.dbapi_connection
        self._begun = driver.transaction()

    async def start(self) -> None:
        """Begin, with what the driver was given to take with it."""
        await self._begun.start()
        self._adapter._transaction = self._begun

    async def end(self, *, well: bool) -> None:
        """Commit or roll back, unless a session did."""
        if self._adapter._transaction is self._begun:
            self.forget()
            await (self._begun.commit() if well else self._begun.rollback())

    def forget(self) -> None:
        """It ended with its connection."""
        self._adapter._transaction = None


def spelt(text: str) -> str:
    """A text from outside for the simple protocol: only hexadecimal digits of it are read there."""
    return f"convert_from(decode('{text.encode().hex()}', 'hex'), 'UTF8')"


def quoted(text: str) -> str:
    """A text as the simple protocol takes it, which knows no parameters."""
    return "'" + text.replace("'", "''") + "'"
