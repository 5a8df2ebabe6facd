"""What it means to the caller that the database refused or did not answer."""

import asyncpg
from sqlalchemy.exc import DBAPIError, InterfaceError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from kernel.errors import Conflict, InvalidInput, NotFound, Problem, Text, Unavailable

CONFLICTS = {"23P01", "23503", "23505", "40P01", "40001", "55P03"}
"""Overlap, missing partner, duplicate, deadlock, serialization, lock timeout: the caller may read and retry."""
UNSTORABLE = {"22000", "22001", "22003", "22007", "22008", "22021", "22P05"}
"""Beyond its type, too long, out of range, no such day, NUL in a text: the caller's values, let through by a schema."""
OF_DATABASE = (
    DBAPIError,
    PoolTimeout,
    OSError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
)
"""InternalClientError: the server's farewell to an idle connection was read, its hanging up not yet."""


def problem(error: Exception) -> Problem:
    """What the caller hears, whether SQLAlchemy or the driver itself said it."""
    if isinstance(error, DBAPIError | asyncpg.PostgresError):
        return as_problem(error)
    if _refused_by_driver(error):
        return _unstorable(error)
    told = Unavailable(cause=f"database: {type(error).__name__}")
    told.waited = isinstance(error, PoolTimeout)
    return told


def as_problem(error: DBAPIError | asyncpg.PostgresError) -> Problem:
    """What a failed statement or commit means to the caller. Never carries the server's DETAIL: it holds values."""
    origin: BaseException = (error.orig or error) if isinstance(error, DBAPIError) else error
    state = getattr(origin, "sqlstate", None) or getattr(origin.__cause__, "sqlstate", None)
    if state in UNSTORABLE or _refused_by_driver(origin.__cause__):
        return _unstorable(origin)
    # Messages of this class repeat the value itself, which may be personal data.
    told = "" if state and state.startswith("22") else f": {_first_line(origin)}"
    cause = f"sqlstate {state}: {type(origin).__name__}"
    if state in CONFLICTS:
        return Conflict(cause=cause)
    if state is None or isinstance(error, InterfaceError) or state[:2] in ("08", "57", "53", "25"):
        return Unavailable(cause=cause)
    if state == "42501" and "permission denied" not in _first_line(origin):
        # Row-level security refused a write: to the caller the place written to does not exist. A missing grant,
        # which has the same state, is a mistake of ours and stays one.
        return NotFound(cause=cause)
    return Problem(Text("数据库拒绝了此操作", "The database refused this."), cause=f"{cause}{told}")


def _refused_by_driver(error: BaseException | None) -> bool:
    # asyncpg's own DataError, a value beyond its column's type; its name is hidden behind the server's DataError.
    return isinstance(error, asyncpg.InterfaceError) and isinstance(error, ValueError)


def _unstorable(error: BaseException) -> InvalidInput:
    return InvalidInput(
        Text("内容含有无法保存的值", "A value cannot be stored."), cause=f"database: {type(error).__name__}"
    )


def _first_line(error: BaseException) -> str:
    return str(error).splitlines()[0] if str(error) else ""
