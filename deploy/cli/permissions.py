"""`shegong permissions`: every declared permission, who may hold it, in both languages."""

import json
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table


def permissions(
    json_out: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """List the permissions that the services and the gateway declare."""
    from deploy.cli.supervisor.applications import import_all
    from kernel.access.permission import declared

    import_all()
    every = sorted(declared().values(), key=lambda one: one.name)
    if json_out:
        typer.echo(json.dumps([asdict(one) for one in every], ensure_ascii=False, indent=1))
        return
    table = Table("permission", "audience", "名称", "name")
    for one in every:
        table.add_row(one.name, one.audience, one.label.zh, one.label.en)
    Console().print(table)
