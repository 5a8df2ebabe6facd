"""`shegong audit verify`: recompute the chain of a tenant's audit entries and name the first break."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from deploy.cli.configuration import running_configuration
from deploy.cli.failures import Refusal
from deploy.cli.options import DataDir
from deploy.cli.stack.folder import DataFolder
from kernel.config import ProcessConfig

PLATFORM = "platform"
app = typer.Typer(no_args_is_help=True, help="The audit chain.")


@app.callback()
def audit() -> None:
    """The audit chain."""


@app.command()
def verify(
    slug: Annotated[str, typer.Argument(help=f"The tenant's short name; `{PLATFORM}` for the operators' own acts.")],
    data_dir: DataDir = Path(".shegong"),
) -> None:
    """Recompute a tenant's chain; non-zero when an entry was changed, removed or inserted."""
    config = running_configuration(DataFolder(data_dir), "gateway")
    checked, broken_at, reason = asyncio.run(_verdict(config, slug))
    if broken_at is not None:
        raise Refusal(
            f"The audit chain of {slug} is broken at entry {broken_at} ({reason})",
            "keep the database as it is, compare with the last backup and tell the audit administrator",
        )
    typer.echo(f"{slug}: {checked} entries, chain unbroken")


async def _verdict(config: ProcessConfig, slug: str) -> tuple[int, int | None, str | None]:
    from gateway.audit import queries
    from gateway.directory.queries import tenant_of_slug
    from kernel.clock import utcnow
    from kernel.context import PLATFORM_TENANT, Context
    from kernel.db.transaction import Database

    database = Database.open(config)
    try:
        tenant = PLATFORM_TENANT if slug == PLATFORM else await tenant_of_slug(database, slug)
        if tenant is None:
            raise Refusal(f"There is no tenant {slug}", "name one by the short name in its addresses")
        async with database.transaction(Context.system(tenant, utcnow())) as tx:
            verdict = await queries.verdict(tx)
    finally:
        await database.close()
    return verdict.checked, verdict.broken_at, verdict.reason
