"""`shegong provider`: a tenant's own OpenID Connect provider, set by the platform's operator.

Where the platform calls out is decided here and nowhere else: no operation of the API takes an address.
"""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from deploy.cli.configuration import running_configuration
from deploy.cli.failures import Refusal
from deploy.cli.options import DataDir
from deploy.cli.stack.folder import DataFolder
from kernel.config import ProcessConfig

if TYPE_CHECKING:
    from kernel.db.transaction import Transaction

app = typer.Typer(no_args_is_help=True, help="A tenant's own OpenID Connect provider.")
Slug = Annotated[str, typer.Argument(help="The tenant's short name.")]
Issuer = Annotated[str, typer.Option(help="Issuer, exactly as its discovery document names it.")]


@app.callback()
def provider() -> None:
    """A tenant's own OpenID Connect provider."""


@app.command("set")
def set_provider(
    slug: Slug,
    issuer: Issuer,
    client_id: Annotated[str, typer.Option(help="The platform's client id at the provider.")],
    name_zh: Annotated[str, typer.Option(help="How the sign-in page names it, in Chinese.")],
    name_en: Annotated[str, typer.Option(help="The same in English.")],
    secret_file: Annotated[
        Path | None, typer.Option(help="File with the client secret; none for a public client.")
    ] = None,
    name_claim: Annotated[
        str | None, typer.Option(help="Claim that holds the user name of the account here; default: none.")
    ] = None,
    provision: Annotated[bool, typer.Option(help="Make an account, as a person, for a subject that has none.")] = False,
    data_dir: DataDir = Path(".shegong"),
) -> None:
    """Let a tenant's users sign in by a provider; once more with the same issuer changes it."""
    from gateway.identity.federation import actions
    from gateway.identity.remote import usable
    from kernel.errors import Text

    config = running_configuration(DataFolder(data_dir), "gateway")
    if not usable(issuer, development=config.profile == "development"):
        raise Refusal(f"{issuer} cannot be an issuer", "name an https address without user, query or fragment")
    secret = None
    if secret_file is not None:
        if not secret_file.is_file():
            raise Refusal(f"There is no file {secret_file}", "put the client secret into a file that only you read")
        secret = secret_file.read_text().strip()

    async def work(tx: "Transaction") -> bool:
        await actions.set_provider(
            tx,
            issuer=issuer,
            client_id=client_id,
            secret=secret,
            name=Text(name_zh, name_en),
            name_claim=name_claim,
            provision=provision,
        )
        return True

    asyncio.run(_in_tenant(config, slug, work))
    typer.echo(f"At the provider, register the redirect address {config.issuer}{actions.CALLBACK}")


@app.command()
def disable(slug: Slug, issuer: Issuer, data_dir: DataDir = Path(".shegong")) -> None:
    """Let nobody sign in by a provider any more; accounts and sessions stay."""
    from gateway.identity.federation import actions

    config = running_configuration(DataFolder(data_dir), "gateway")
    if not asyncio.run(_in_tenant(config, slug, lambda tx: actions.disable_provider(tx, issuer))):
        raise Refusal(f"{slug} has no provider {issuer}", "see its name in `shegong provider set`")


async def _in_tenant(config: ProcessConfig, slug: str, work: "Callable[[Transaction], Awaitable[bool]]") -> bool:
    from gateway.directory.queries import tenant_of_slug
    from kernel.clock import utcnow
    from kernel.context import Context
    from kernel.db.transaction import Database
    from kernel.privacy import kms

    kms.install(kms.FileKms(config.kms_file))
    database = Database.open(config)
    try:
        tenant = await tenant_of_slug(database, slug)
        if tenant is None:
            raise Refusal(f"There is no tenant {slug}", "see `shegong tenant add`")
        async with database.transaction(Context.system(tenant, utcnow())) as tx:
            return await work(tx)
    finally:
        await database.close()
