"""`shegong tenant add`: a new tenant from a description file, by the platform's operator.

The work is `gateway.onboarding`'s; this module finds the stack and shows the answer.
"""

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from rich.console import Console

from deploy.cli.configuration import running_configuration
from deploy.cli.failures import Refusal
from deploy.cli.options import DataDir
from deploy.cli.sign_ins import print_links, print_sign_ins
from deploy.cli.stack.folder import DataFolder
from kernel.config import ProcessConfig

app = typer.Typer(no_args_is_help=True, help="Tenants: the jurisdictions that issued a regulation.")
REGULATIONS = Path(__file__).resolve().parents[2] / "regulations"


@app.callback()
def tenant() -> None:
    """Tenants: the jurisdictions that issued a regulation."""


@app.command()
def add(
    file: Annotated[
        Path,
        typer.Argument(help="Description of the tenant (YAML), such as regulations/*/demonstration.yaml."),
    ],
    slug: Annotated[str | None, typer.Option(help="Short name in addresses; default: the file's.")] = None,
    business_time: Annotated[
        str | None,
        typer.Option(help="The tenant's business time to begin with (RFC 3339); development only."),
    ] = None,
    regulation: Annotated[
        Path | None, typer.Option(help="Folder of the regulation; default: the one the description lies in.")
    ] = None,
    links: Annotated[
        bool | None,
        typer.Option(
            "--links/--passwords",
            help="One-time links for the administrators, or made-up passwords for all; default: links in production.",
        ),
    ] = None,
    json_out: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
    data_dir: DataDir = Path(".shegong"),
) -> None:
    """Add a tenant to the running stack and print its sign-ins, or its administrators' one-time links."""
    if not file.is_file():
        raise Refusal(
            f"There is no file {file}", "name a description such as regulations/<jurisdiction>/demonstration.yaml"
        )
    config = running_configuration(DataFolder(data_dir), "gateway")
    by_link = config.profile == "production" if links is None else links
    answer = add_tenant(config, file, slug, _instant(business_time), regulation, links=by_link)
    if json_out:
        typer.echo(json.dumps(answer, ensure_ascii=False))
    else:
        print_sign_ins(Console(), [answer])
        print_links(Console(soft_wrap=True), answer)
        typer.echo(", ".join(f"{count} {what}" for what, count in answer["counts"].items()))


def add_tenant(
    config: ProcessConfig,
    file: Path,
    slug: str | None,
    business_time: datetime | None,
    regulation: Path | None = None,
    *,
    links: bool = False,
) -> dict[str, Any]:
    """Make the tenant and answer what the operator is told: `tenant`, `name`, `clients`, `sign_ins`, `links` …"""
    from gateway import onboarding
    from kernel.errors import Conflict
    from kernel.privacy import kms
    from kernel.regulation.faults import PackRefused

    kms.install(kms.FileKms(config.kms_file))
    try:
        made = onboarding.add_tenant(config, file, slug, business_time, regulation, links=links)
    except Conflict:
        raise NameTaken(slug or file.parent.name) from None
    except PackRefused as refused:
        raise Refusal(f"The pack beside {file} is refused ({refused})", "see `shegong regulation check`") from None
    answer: dict[str, Any] = msgspec.to_builtins(made)
    return answer


class NameTaken(Refusal):
    """A tenant of this name is there already."""

    def __init__(self, slug: str) -> None:
        super().__init__(f"The tenant name {slug} is taken", "choose another with --slug")


def add_and_remember(config: ProcessConfig, file: Path, slug: str, folder: DataFolder) -> None:
    """Add a demonstration tenant and keep its sign-ins for the next start."""
    try:
        answer = add_tenant(config, file, None, None)
    except NameTaken:
        # Made on the same database by another data folder, or just before a crash: its passwords are not known here.
        answer = {"tenant": slug, "name": slug, "sign_ins": []}
    folder.write_json(folder.demonstration / f"{slug}.json", answer)


def demonstration_files() -> dict[str, Path]:
    """The demonstration tenant of each regulation, by its slug."""
    from kernel.regulation.demonstration import FILE, Demonstration

    return {Demonstration.read(file).slug: file for file in sorted(REGULATIONS.glob(f"*/{FILE}"))}


def _instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = datetime.min  # noqa: DTZ901 - only to be refused in the next line
    if instant.tzinfo is None:
        raise Refusal(f"{text} is no instant", "write it as 2026-03-01T09:00:00+08:00")
    return instant
