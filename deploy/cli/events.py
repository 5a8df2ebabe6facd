"""`shegong events`: what an operator does about archives, streams and the read models made of them."""

import asyncio
import dataclasses
import os
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from deploy.cli.configuration import running_configuration
from deploy.cli.failures import Refusal
from deploy.cli.options import DEFAULT_DATA_DIR, DataDir
from deploy.cli.stack.folder import DataFolder
from kernel.clock import utcnow
from kernel.config import DATABASES, Process, ProcessConfig
from kernel.context import TenantId
from kernel.events.rebuilding import Progress, Rebuilt
from kernel.events.replay import Range
from kernel.events.upkeep import Health

SHOWN_SECONDS = 2.0
"""Between two lines of progress."""
app = typer.Typer(no_args_is_help=True, help="News between processes: archives, and the read models made of them.")
Named = Annotated[str, typer.Argument(metavar="PROCESS", help=f"One of {', '.join(DATABASES)}.")]


@app.callback()
def events() -> None:
    """News between processes."""


@app.command()
def rebuild(
    process: Named,
    tenant: Annotated[list[str] | None, typer.Option(help="Its short name; default: every tenant, in turn.")] = None,
    compare: Annotated[bool, typer.Option("--compare", help="Say what differs and change nothing.")] = False,
    emptying: Annotated[bool, typer.Option("--emptying", help="Also where most rows of a table would go.")] = False,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Build the read models of a process anew from the archives; until they are whole the old rows are read."""
    name = process_of(process)
    configs = _configs(data_dir)
    tables = asyncio.run(_rebuild(configs, name, tenant or [], keep=not compare, emptying=emptying))
    shown = Table("table", "rows", "dead", "KiB", "index KiB", box=None)
    for before, after in tables:
        changes = ((before.dead, after.dead), (before.kib, after.kib), (before.index_kib, after.index_kib))
        shown.add_row(after.table, f"{after.rows:,}", *(f"{was:,} → {now:,}" for was, now in changes))
    Console().print(shown)


async def _rebuild(
    configs: dict[Process, ProcessConfig], process: Process, slugs: list[str], *, keep: bool, emptying: bool
) -> list[tuple[Health, Health]]:
    from deploy.cli import read_models

    tenants = await _tenants(configs["gateway"], slugs)
    shown = 0.0

    def tell(slug: str, progress: Progress) -> None:
        nonlocal shown
        if time.monotonic() - shown > SHOWN_SECONDS:
            shown = time.monotonic()
            far = f"{progress.read:,} of {progress.total:,} events"
            typer.echo(f"{slug}: {far}, {progress.rate:,.0f}/s, about {progress.seconds_left:,.0f} s more")

    def end(slug: str, done: Rebuilt) -> None:
        rate = done.events / max(done.seconds, 1e-9)
        typer.echo(f"{slug}: {done.events:,} events in {done.seconds:,.1f} s ({rate:,.0f}/s)")
        typer.echo(f"{slug}: news waited {done.held:,.2f} s")
        for each in done.tables:
            if each.missing or each.changed or each.stray:
                words = f"{each.missing:,} missing, {each.changed:,} other, {each.stray:,} too many"
                typer.echo(f"{slug}: {each.table}: {words} of {each.rows:,}{'' if keep else ' (left so)'}")

    return await read_models.rebuild(configs, process, tenants, keep=keep, emptying=emptying, tell=tell, end=end)


@app.command()
def trim(
    processes: Annotated[list[str] | None, typer.Argument(metavar="[PROCESS]...", help="Default: all.")] = None,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Make the archives' coming months, end those older than SHEGONG_ARCHIVE_DAYS: what read models are made of stays.

    With SHEGONG_MIGRATOR_DSN: those of the one process named, in an environment that is otherwise the gateway's.
    """
    names = [process_of(name) for name in processes or DATABASES]
    if "SHEGONG_MIGRATOR_DSN" not in os.environ:
        trim_all(_configs(data_dir), names)
        return
    if not processes or len(names) != 1:
        raise Refusal("SHEGONG_MIGRATOR_DSN is one database's", "name one process: `shegong events trim recruitment`")
    trim_all({name: ProcessConfig(process=name) for name in (names[0], "gateway")}, names)


def trim_all(configs: dict[Process, ProcessConfig], processes: Sequence[Process]) -> None:
    """Make and end the months that are due, and say so. Raises `Refusal` when it has done all that it could."""
    from deploy.cli import archives

    refusals = []
    for process in processes:
        try:
            for each in archives.tend(configs, process):
                typer.echo(f"{process}: {each.month} ended, {each.rows:,} events, {each.kept:,} of them kept")
        except Refusal as refusal:
            refusals.append(refusal)
    if refusals:
        raise Refusal(
            "; ".join(each.what for each in refusals), "; ".join(dict.fromkeys(each.mend for each in refusals))
        )


@app.command()
def replay(
    process: Named,
    since: Annotated[datetime, typer.Option(help="Told from this instant (UTC) on.")],
    before: Annotated[datetime | None, typer.Option(help="And before this one; default: until now.")] = None,
    tenant: Annotated[str | None, typer.Option(help="Its short name; default: every tenant.")] = None,
    aggregate: Annotated[str | None, typer.Option(help="The type of what it tells of, such as unit.")] = None,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Publish what a process told again, for a consumer that was away longer than streams keep news."""
    until = before.replace(tzinfo=UTC) if before else utcnow()
    name, wanted = process_of(process), Range(since.replace(tzinfo=UTC), until, None, aggregate)
    configs = _configs(data_dir)
    typer.echo(f"{name}: {asyncio.run(_replay(configs, name, wanted, tenant)):,} events published again")


async def _replay(configs: dict[Process, ProcessConfig], process: Process, wanted: Range, slug: str | None) -> int:
    from deploy.cli import archives

    tenant = (await _tenants(configs["gateway"], [slug]))[slug] if slug else None
    return await archives.replay(configs[process], dataclasses.replace(wanted, tenant=tenant))


async def _tenants(gateway: ProcessConfig, slugs: list[str]) -> dict[str, TenantId]:
    from gateway.directory.queries import all_tenants
    from kernel.db.transaction import Database

    database = Database.open(gateway)
    try:
        known = {str(row[1]): TenantId(row[0]) for row in await all_tenants(database)}
    finally:
        await database.close()
    for slug in slugs:
        if slug not in known:
            raise Refusal(f"There is no tenant {slug}", "name one by the short name in its addresses")
    return {slug: known[slug] for slug in slugs} if slugs else known


def process_of(name: str) -> Process:
    """The process of that name that has a database. Raises `Refusal`."""
    for process in DATABASES:
        if process == name:
            return process
    raise Refusal(f"There is no process {name} with a database", f"name one of {', '.join(DATABASES)}")


def _configs(data_dir: DataDir) -> dict[Process, ProcessConfig]:
    folder = DataFolder(data_dir)
    return {name: running_configuration(folder, name) for name in DATABASES}
