"""`shegong data generate`: tenants with workers and whole histories, into the stack that runs."""

from pathlib import Path
from typing import Annotated

import typer

from deploy.cli.options import DataDir


def generate(
    workers: Annotated[int, typer.Option(min=1, help="In all tenants together.")] = 30_000,
    tenants: Annotated[int, typer.Option(min=1, help="Of several the largest has two fifths of the workers.")] = 1,
    seed: Annotated[int, typer.Option(help="The same seed makes the same people with the same histories.")] = 1,
    slug: Annotated[str, typer.Option(help="Beginning of the tenants' names in addresses.")] = "trial",
    last_year: Annotated[
        int | None, typer.Option(help="Last year of the histories; default: the last whole one.")
    ] = None,
    data_dir: DataDir = Path(".shegong"),
) -> None:
    """Make tenants of whole territories on the running stack, full of made-up workers with their histories."""
    from deploy.cli.generation.founding import make

    make(data_dir, workers=workers, tenants=tenants, seed=seed, slug=slug, last_year=last_year, say=typer.echo)
