"""`shegong tenant add`: a new tenant from a description file, by the platform's operator.

The work is `gateway.onboarding`'s; this module finds the stack and shows the answer.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any, TypeVar

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
SECONDS = 300
"""For all tenants of one command; one of a thousand units takes a few seconds."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A tenant to be made; without `regulation`, under the pack that the file lies beside."""

    file: Path
    slug: str | None = None
    business_time: datetime | None = None
    regulation: Path | None = None
    links: bool = False
    """One-time links for the administrators in place of passwords."""


@app.callback()
def tenant() -> None:
    """Tenants: the jurisdictions that issued a regulation."""


@app.command()
def add(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...", help="Description of each tenant (YAML), such as regulations/*/demonstration.yaml."
        ),
    ],
    slug: Annotated[
        list[str] | None, typer.Option(help="Short name in addresses, once for each file; default: the file's.")
    ] = None,
    business_time: Annotated[
        list[str] | None,
        typer.Option(
            help="The tenant's business time to begin with (RFC 3339), once for all or for each file; development only."
        ),
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
    json_out: Annotated[bool, typer.Option("--json", help="Print each answer as a line of JSON.")] = False,
    data_dir: DataDir = Path(".shegong"),
) -> None:
    """Add tenants to the running stack and print their sign-ins, or their administrators' one-time links. Each is made
    whole or not at all."""
    for file in files:
        if not file.is_file():
            raise Refusal(
                f"There is no file {file}", "name a description such as regulations/<jurisdiction>/demonstration.yaml"
            )
    slugs = _one_each(slug, len(files), "--slug")
    begins = [_instant(text) for text in business_time or ()]
    instants = _one_each(begins * len(files) if len(begins) == 1 else begins, len(files), "--business-time")
    folder = DataFolder(data_dir)
    config = running_configuration(folder, "gateway")
    by_link = config.profile == "production" if links is None else links
    wanted = [Wanted(*one, regulation, by_link) for one in zip(files, slugs, instants, strict=True)]
    refused = None
    if len(wanted) == 1:
        answers = [add_tenant(config, wanted[0])]
    else:
        answers, refused = _side_by_side(config, wanted, folder)
    for answer in answers:
        if json_out:
            typer.echo(json.dumps(answer, ensure_ascii=False))
        else:
            print_sign_ins(Console(), [answer])
            print_links(Console(soft_wrap=True), answer)
            typer.echo(", ".join(f"{count} {what}" for what, count in answer["counts"].items()))
    if refused is not None:
        raise refused


def _one_each(given: Sequence[T] | None, count: int, option: str) -> Sequence[T | None]:
    if given and len(given) != count:
        raise Refusal(
            f"{option} was given {len(given)} times for {count} files", "give it once for each file, in their order"
        )
    return given or [None] * count


def _side_by_side(
    config: ProcessConfig, wanted: Sequence[Wanted], folder: DataFolder
) -> tuple[list[dict[str, Any]], Refusal | None]:
    """Make several tenants, each in a child of its own; what the interpreter has imported serves them all.

    The answers for those that were made, and why another was not.
    """
    from deploy.cli.supervisor.tasks import run_all
    from gateway import onboarding  # noqa: F401 - imported before the children are forked

    with TemporaryDirectory() as room:
        files = [Path(room) / f"{number}.json" for number in range(1, len(wanted) + 1)]
        work = {
            f"{number}-{one.file.parent.name}": partial(_add_into, config, one, folder, file)
            for number, (one, file) in enumerate(zip(wanted, files, strict=True), 1)
        }
        refused = None
        try:
            run_all(work.items(), folder=folder, purpose="tenant", seconds=SECONDS)
        except Refusal as refusal:
            refused = refusal
        return [json.loads(file.read_text(encoding="utf-8")) for file in files if file.exists()], refused


def _add_into(config: ProcessConfig, wanted: Wanted, folder: DataFolder, file: Path) -> None:
    folder.write_json(file, add_tenant(config, wanted))


def add_tenant(config: ProcessConfig, wanted: Wanted) -> dict[str, Any]:
    """Make the tenant and answer what the operator is told: `tenant`, `name`, `clients`, `sign_ins`, `links` …"""
    from gateway import onboarding
    from kernel.errors import Conflict
    from kernel.privacy import kms
    from kernel.regulation.faults import PackRefused

    kms.install(kms.FileKms(config.kms_file))
    try:
        made = onboarding.add_tenant(
            config, wanted.file, wanted.slug, wanted.business_time, wanted.regulation, links=wanted.links
        )
    except Conflict:
        raise NameTaken(wanted.slug or wanted.file.parent.name) from None
    except PackRefused as refused:
        raise Refusal(
            f"The pack beside {wanted.file} is refused ({refused})", "see `shegong regulation check`"
        ) from None
    answer: dict[str, Any] = msgspec.to_builtins(made)
    return answer


class NameTaken(Refusal):
    """A tenant of this name is there already."""

    def __init__(self, slug: str) -> None:
        super().__init__(f"The tenant name {slug} is taken", "choose another with --slug")


def add_and_remember(config: ProcessConfig, file: Path, slug: str, folder: DataFolder) -> None:
    """Add a demonstration tenant and keep its sign-ins for the next start."""
    try:
        answer = add_tenant(config, Wanted(file))
    except NameTaken:
        # Made on the same database by another data folder, or just before a crash: its passwords are not known here.
        answer = {"tenant": slug, "name": slug, "sign_ins": []}
    folder.write_json(folder.demonstration / f"{slug}.json", answer)


def demonstration_files() -> dict[str, Path]:
    """The demonstration tenant of each regulation, by its slug."""
    from kernel.regulation.demonstration import FILE, Demonstration

    return {Demonstration.read(file).slug: file for file in sorted(REGULATIONS.glob(f"*/{FILE}"))}


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = datetime.min  # noqa: DTZ901 - only to be refused in the next line
    if instant.tzinfo is None:
        raise Refusal(f"{text} is no instant", "write it as 2026-03-01T09:00:00+08:00")
    return instant
