"""`shegong regulation diff | publish | simulate`: what another version changes, and bringing it to a tenant."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TypeVar
from uuid import UUID

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from deploy.cli.configuration import running_configuration
from deploy.cli.failures import Refusal
from deploy.cli.options import DataDir
from deploy.cli.regulation import REGULATIONS, refusals, resolve
from deploy.cli.stack.folder import DataFolder

if TYPE_CHECKING:
    from gateway.regulation.simulation.schemas import SimulationView
    from kernel.context import Context
    from kernel.db.transaction import Database
    from kernel.regulation.pack import Pack

T = TypeVar("T")
Tenant = Annotated[str, typer.Argument(help="The tenant's short name.")]
Folder = Annotated[str, typer.Argument(help="A pack's id or folder.")]
POLL_SECONDS = 0.5
PATIENCE_SECONDS = 3600


def diff(
    earlier: Annotated[str, typer.Argument(help="A pack's id or folder.")],
    later: Annotated[str, typer.Argument(help="A pack's id or folder.")],
    language: Annotated[Literal["zh", "en"], typer.Option(help="Words in this language.")] = "zh",
    json_out: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """Say in words what the later pack changes against the earlier one."""
    from kernel.regulation.difference import differences

    found = differences(_checked(earlier), _checked(later))
    if json_out:
        told = [
            {
                "section": each.section,
                "member": each.member,
                "kind": each.kind,
                "article": each.article,
                "text": {"zh": each.text.zh, "en": each.text.en},
            }
            for each in found
        ]
        typer.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    for each in found:
        typer.echo(getattr(each.text, language))
    typer.echo(f"{len(found)} differences")


def publish(
    tenant: Tenant,
    pack: Folder,
    official: Annotated[str, typer.Option(help="Sign-in name of the official of the issuing organ who decided.")],
    document: Annotated[str, typer.Option(help="The decision: title and number.")],
    valid_from: Annotated[str | None, typer.Option(help="First day (YYYY-MM-DD); default: today.")] = None,
    data_dir: DataDir = Path(".shegong"),
) -> None:
    """Bring a checked version into force in a tenant from a day on; what began under the old one keeps it."""
    from gateway.regulation.promulgation import operator

    checked, first = _checked(pack), _day(valid_from)

    async def work(database: "Database") -> date:
        return await operator.publish(database, tenant, checked, official=official, document=document, valid_from=first)

    begun = _in_stack(data_dir, work)
    typer.echo(f"{tenant}: {checked.id} version {checked.version} holds from {begun} on")


def simulate(
    tenant: Tenant,
    pack: Folder,
    on: Annotated[str | None, typer.Option(help="The day asked about (YYYY-MM-DD); default: today.")] = None,
    json_out: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
    data_dir: DataDir = Path(".shegong"),
) -> None:
    """Ask the running services what a checked pack would change in a tenant's live data; nothing comes into force."""
    checked, day = _checked(pack), _day(on)

    async def work(database: "Database") -> "SimulationView":
        return await _simulate(database, tenant, checked, day)

    found = _in_stack(data_dir, work)
    if json_out:
        typer.echo(found.model_dump_json(indent=1))
        return
    table = Table("service", "probe", "examined", "would change", "remark")
    for part in found.parts:
        table.add_row(part.service, part.probe, str(part.examined), str(part.changed), part.refused or "")
    Console().print(table)


async def _simulate(database: "Database", tenant: str, pack: "Pack", day: date | None) -> "SimulationView":
    from gateway.regulation.promulgation import operator
    from gateway.regulation.simulation import actions

    context = await operator.tenant_context(database, tenant)
    async with database.transaction(context) as tx:
        asked = await actions.request(tx, pack.to_json(), pack.version, day)
    with Progress(transient=True) as progress:
        shown = progress.add_task("examined 0", total=None)
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            found = await _view(database, context, asked.id)
            progress.update(shown, description=f"examined {sum(part.examined for part in found.parts)}")
            if found.state == "done":
                return found
            await asyncio.sleep(POLL_SECONDS)
    raise Refusal("The services did not answer in time", "see `shegong doctor`; the simulation goes on by itself")


async def _view(database: "Database", context: "Context", simulation_id: UUID) -> "SimulationView":
    from gateway.regulation.simulation import actions

    async with database.transaction(context) as tx:
        return await actions.view(tx, simulation_id)


def _checked(pack: str) -> "Pack":
    from kernel.regulation.cases import load_with_cases

    with refusals(pack):
        return load_with_cases(resolve(pack), REGULATIONS)


def _in_stack(data_dir: Path, work: "Callable[[Database], Awaitable[T]]") -> T:
    from kernel.db.transaction import Database
    from kernel.errors import Problem

    config = running_configuration(DataFolder(data_dir), "gateway")

    async def run() -> T:
        database = Database.open(config)
        try:
            return await work(database)
        finally:
            await database.close()

    try:
        return asyncio.run(run())
    except Problem as problem:
        details = [error.message.en for error in problem.errors]
        raise Refusal(str(problem).rstrip("."), "; ".join(details) or problem.advice.en.rstrip(".")) from None


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refusal(f"{text} is no day", "write it as 2026-07-01") from None
