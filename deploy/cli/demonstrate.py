"""`shegong demo`: a throw-away stack, the story told through it as a client, and the stack's end."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer


def demo(
    json_file: Annotated[Path | None, typer.Option("--json", help="Write every named step to this file.")] = None,
    base_url: Annotated[
        str | None, typer.Option(help="Tell it through the stack on --data-dir instead of a throw-away one.")
    ] = None,
    data_dir: Annotated[Path, typer.Option(help="With --base-url: that stack's data folder.")] = Path(".shegong"),
    only: Annotated[str | None, typer.Option(help="One story alone, by the name of its regulation's folder.")] = None,
) -> None:
    """Carry people through a working life under each regulation, and say which article each step rests on."""
    arguments = ["--data-dir", str(data_dir)]
    if json_file is not None:
        arguments += ["--json", str(json_file)]
    if base_url is not None:
        arguments += ["--base-url", base_url]
    if only is not None:
        arguments += ["--only", only]
    sys.stdout.flush()
    # This interpreter has loaded the kernel; the client goes on in one that has not.
    os.execv(sys.executable, [sys.executable, "-m", "deploy.cli.demo", *arguments])
