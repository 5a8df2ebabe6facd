"""`shegong migration`: writes the next revision of a database from its tables, for developers.

Starts servers of its own in a temporary folder, brings them to the newest schema, and compares.
"""

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from deploy.cli.stack.testing import TestStack
from kernel.config import DATABASES


def migration(
    process: Annotated[str, typer.Argument(help=f"One of {', '.join(DATABASES)}, or `all`.")],
    message: Annotated[str, typer.Argument(help="What the revision does, in a few words.")],
) -> None:
    """Write a revision of the schema from the tables; read it before you keep it."""
    from kernel.db.migrate import differences, revise

    with tempfile.TemporaryDirectory(prefix="shegong-migration-") as folder:
        stack = TestStack(Path(folder)).start()
        try:
            for name in DATABASES if process == "all" else [process]:
                if differences(name, stack.dsn(name, "migrator")):
                    revise(name, stack.dsn(name, "migrator"), message)
                    typer.echo(f"{name}: revision written")
                else:
                    typer.echo(f"{name}: nothing to write")
        finally:
            stack.stop()
