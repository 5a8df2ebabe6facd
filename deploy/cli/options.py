"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

DEFAULT_DATA_DIR = Path(".shegong")
DEFAULT_PORT = 8080

DataDir = Annotated[
    Path,
    typer.Option("--data-dir", envvar="SHEGONG_DATA_DIR", help="Where the data of this stack lie.", readable=False),
]
Port = Annotated[
    int,
    typer.Option("--port", envvar="SHEGONG_PORT", min=0, max=65535, help="Port of the edge; 0 is any free one."),
]
