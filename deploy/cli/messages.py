"""`shegong messages`: what a development stack would have sent by SMS or e-mail."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from deploy.cli.options import DEFAULT_DATA_DIR, DataDir
from deploy.cli.stack.folder import DataFolder


def messages(
    to: Annotated[str | None, typer.Option(help="Only those to this number or address.")] = None,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Print the messages of a development stack, the newest last. In production they go to the message service."""
    files = DataFolder(Path(data_dir)).path.glob("messages/*/*.json")
    found = sorted((json.loads(file.read_text()) for file in files), key=lambda each: str(each["sent_at"]))
    console = Console(soft_wrap=True)
    for message in found:
        if to in (None, message["to"]):
            console.print(f"{message['sent_at']} {message['to']}\n  {message['text']}", markup=False, highlight=False)
