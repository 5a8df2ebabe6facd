"""`shegong bench`: the measurements of a source tree, which are no part of what is installed."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from deploy.cli.failures import Refusal

TREE = Path(__file__).resolve().parents[2]


def bench(
    arguments: Annotated[list[str] | None, typer.Argument(help="As of `python -m bench --help`.")] = None,
) -> None:
    """Measure against the limits of docs/performance.md and print one table of all targets (`make bench`)."""
    if not (TREE / "bench" / "__main__.py").is_file():
        raise Refusal("The benches are not installed", "run `make bench` in a source tree")
    sys.stdout.flush()
    os.chdir(TREE)
    os.execv(sys.executable, [sys.executable, "-m", "bench", *(arguments or [])])
