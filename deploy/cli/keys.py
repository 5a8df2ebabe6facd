"""`shegong keys`: the keys that sign tokens, and their rotation without downtime.

A new key stands in the key set, and at every edge, before it signs; a replaced one stays until its last token ended.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import typer

from deploy.cli.configuration import running_configuration
from deploy.cli.options import DataDir
from deploy.cli.stack.folder import DataFolder
from kernel.config import ProcessConfig

if TYPE_CHECKING:
    from gateway.identity.schemas import KeyView
    from kernel.db.transaction import Transaction

app = typer.Typer(no_args_is_help=True, help="The keys that sign tokens.")
T = TypeVar("T")


@app.callback()
def keys() -> None:
    """The keys that sign tokens."""


@app.command("list")
def list_keys(data_dir: DataDir = Path(".shegong")) -> None:
    """Print the keys of the running stack and which of them signs."""
    from gateway.identity.queries import keys as read

    for line in _lines(asyncio.run(_on(running_configuration(DataFolder(data_dir), "gateway"), read))):
        typer.echo(line)


@app.command()
def rotate(data_dir: DataDir = Path(".shegong")) -> None:
    """Announce a new signing key; it signs by itself after a quarter of an hour, and nothing has to be restarted."""
    from gateway.identity.actions import rotate_signing_key
    from gateway.identity.queries import keys as read
    from kernel.privacy import kms

    config = running_configuration(DataFolder(data_dir), "gateway")
    kms.install(kms.FileKms(config.kms_file))

    async def work(tx: "Transaction") -> list[str]:
        await rotate_signing_key(tx)
        return _lines(await read(tx))

    for line in asyncio.run(_on(config, work)):
        typer.echo(line)


async def _on(config: ProcessConfig, work: "Callable[[Transaction], Awaitable[T]]") -> T:
    from kernel.clock import utcnow
    from kernel.context import PLATFORM_TENANT, Context
    from kernel.db.transaction import Database

    database = Database.open(config)
    try:
        async with database.transaction(Context.system(PLATFORM_TENANT, utcnow())) as tx:
            return await work(tx)
    finally:
        await database.close()


def _lines(found: "list[KeyView]") -> list[str]:
    from gateway.identity.rules import signing
    from kernel.clock import utcnow

    now = utcnow()
    present = signing(found, now)
    return [f"{key.kid}  {_state(key, present, now)}" for key in found]


def _state(key: "KeyView", present: "KeyView | None", now: datetime) -> str:
    if key.active_from > now:
        return f"next, signs from {key.active_from:%Y-%m-%dT%H:%M:%SZ}"
    if present is not None and key.kid == present.kid:
        return "current"
    return f"retired, verifies until {key.published_until:%Y-%m-%dT%H:%M:%SZ}"
