"""A connection that acts as the owner of a process' tables: for an operator's command, never for a service."""

import contextlib
from collections.abc import AsyncIterator
from typing import Any

import asyncpg

from kernel.db.migrate import LOCK_TIMEOUT
from kernel.db.policy import roles


@contextlib.asynccontextmanager
async def owner(process: str, migrator_dsn: str) -> AsyncIterator[Any]:
    """The driver's connection; it waits for no lock long."""
    connection = await asyncpg.connect(migrator_dsn)
    try:
        await connection.execute(f"set role {roles(process)[0]}")
        await connection.execute(f"set lock_timeout = '{LOCK_TIMEOUT}'")
        yield connection
    finally:
        await connection.close()
