"""`shegong workflows`: what workflows every regulation writes, and the feature that opens each (A7)."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from deploy.cli.permissions import lived_under, packs_of, read_unheld
from deploy.cli.regulation import REGULATIONS

UNWRITTEN = REGULATIONS / "unwritten.yaml"


def workflows(
    check: Annotated[Path | None, typer.Option(help="A kept page that must be the present one.")] = None,
) -> None:
    """Print the page docs/workflows.md; exit status 1 where a workflow has no feature, or a feature no workflow."""
    from deploy.cli import workflow_page

    features, packs, unwritten = workflow_page.features(), lived_under(packs_of()), read_unheld(UNWRITTEN)
    wrong = list(workflow_page.faults(features, packs, unwritten))
    page = workflow_page.page(features, packs, unwritten)
    if check is None:
        typer.echo(page, nl=False)
    elif not check.is_file() or check.read_text(encoding="utf-8") != page:
        wrong.append(f"{check} is not the present page: run `shegong workflows > {check}`")
    for fault in wrong:
        Console(stderr=True, soft_wrap=True).print(fault, markup=False, highlight=False)
    if wrong:
        raise typer.Exit(1)
