"""Passwords at rest: argon2id, computed in threads, few at a time.

One check takes 19 MiB and tens of milliseconds, so their number bounds the memory a flood of sign-ins can
take; and since a check holds its user's row, it also bounds the connections they can hold.
"""

import asyncio
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

PARALLEL_CHECKS = 3
WAITING_CHECKS = 60
"""More than these would wait longer than the edge does."""

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""The setting that OWASP's password storage cheat sheet names first for argon2id: two passes over 19 MiB in one thread.
Its equal of one pass over 46 MiB costs more than twice the processor time here, most of it page faults."""


@cache
def _nobody() -> str:
    """A hash no password is known for: checking against it takes as long as checking a real one."""
    return _hasher.hash("no user has this password")


async def hash_password(password: str) -> str:
    """The hash to store."""
    return await asyncio.to_thread(_hasher.hash, password)


async def password_is(stored: str | None, password: str) -> bool:
    """Whether the password is right. Without a user (`stored` None) it is wrong, after the same time."""
    return await asyncio.to_thread(_verify, stored, password)


def _verify(stored: str | None, password: str) -> bool:
    try:
        matches = _hasher.verify(stored if stored is not None else _nobody(), password)
    except (VerifyMismatchError, InvalidHashError):
        return False
    return matches and stored is not None
