"""Room for a load in the database's log.

A checkpoint has each page that is touched next written into the log as a whole. With the log of every day it comes
several times a minute while a nation is loaded, and rows of histories touch pages everywhere.
"""

import asyncio
import contextlib
import shutil
from collections.abc import Iterator, Sequence

import asyncpg

from deploy.cli.stack.folder import DataFolder
from deploy.cli.stack.infrastructure import Urls

LOG_GB = 8
SHARE = 4
"""Of what is free on the disk the log takes one part in so many at most."""
_SETTINGS = ("max_wal_size", "checkpoint_timeout")


@contextlib.contextmanager
def at_leisure(folder: DataFolder, urls: Urls) -> Iterator[None]:
    """While it lasts the embedded server checkpoints seldom. Another server's settings are its operator's.

    What is left of it by a load that was killed ends when the server is started again.
    """
    room = min(LOG_GB, shutil.disk_usage(folder.path).free // SHARE >> 30)
    if not urls.database_is_ours or room < 2:
        yield
        return
    values = (f"{room}GB", "1h")
    asyncio.run(_say(urls, [f"set {name} = '{value}'" for name, value in zip(_SETTINGS, values, strict=True)]))
    try:
        yield
    finally:
        # Written down now: nobody who stops the server, or starts it after a kill, has to wait for it.
        asyncio.run(_say(urls, [f"reset {name}" for name in _SETTINGS], "checkpoint"))


async def _say(urls: Urls, changes: Sequence[str], then: str = "") -> None:
    connection = await asyncpg.connect(urls.database)
    try:
        for change in changes:
            await connection.execute(f"alter system {change}")
        await connection.execute("select pg_reload_conf()")
        if then:
            await connection.execute(then)
    finally:
        await connection.close()
