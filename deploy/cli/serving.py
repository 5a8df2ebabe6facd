"""`shegong up`, `shegong serve` and `shegong migrate`."""

import os
from typing import Annotated

import typer
from rich.console import Console

from deploy.cli.failures import Refusal
from deploy.cli.options import DEFAULT_DATA_DIR, DEFAULT_PORT, DataDir, Port
from kernel.config import DATABASES, PROCESSES, Process, ProcessConfig


def up(
    port: Port = DEFAULT_PORT,
    data_dir: DataDir = DEFAULT_DATA_DIR,
    demonstrations: Annotated[bool, typer.Option(help="Make the demonstration tenant of every regulation.")] = True,
    workers: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PROCESS=N", help="How many processes serve the edge or a service, such as roster=2; repeatable."
        ),
    ] = None,
) -> None:
    """Start everything on this machine (development profile) and keep it running until Ctrl-C."""
    if os.environ.get("SHEGONG_PROFILE", "development") != "development":
        raise Refusal(
            "`shegong up` is the development profile: loopback, secrets made on first start",
            "unset SHEGONG_PROFILE, or run each process with `shegong serve`",
        )
    ProcessConfig(process="gateway")  # settings that are wrong are told before anything is started
    from deploy.cli.supervisor.up import Stack, UpOptions

    Stack(UpOptions(data_dir, port, demonstrations, _workers(workers or [])), Console()).run()


def serve(
    process: Annotated[str, typer.Argument(help=f"One of {', '.join(PROCESSES)}.")],
) -> None:
    """Serve one process, configured by SHEGONG_… variables (production)."""
    from deploy.cli.stack.ports import listen
    from deploy.cli.supervisor import applications

    config = ProcessConfig(process=_process(process))
    server = listen(config.listen_port, f"the process {process}", config.listen_host)
    applications.serve(config, server)


def migrate(
    processes: Annotated[list[str] | None, typer.Argument(help="Whose databases; default: all.")] = None,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Bring databases to the newest schema: SHEGONG_MIGRATOR_DSN's one, else those of the data folder."""
    console = Console()
    names = [_process(name) for name in processes or DATABASES]
    dsn = os.environ.get("SHEGONG_MIGRATOR_DSN")
    if dsn is not None:
        from kernel.db.migrate import upgrade

        if len(names) != 1 or not processes:
            raise Refusal("SHEGONG_MIGRATOR_DSN is one database's", "name one process: `shegong migrate recruitment`")
        upgrade(names[0], dsn)
    else:
        from deploy.cli.configuration import running_configuration
        from deploy.cli.events import trim_all
        from deploy.cli.stack.folder import DataFolder
        from deploy.cli.supervisor.up import migrate_all

        folder = DataFolder(data_dir)
        configs: dict[Process, ProcessConfig] = {
            name: running_configuration(folder, name) for name in (*names, "gateway")
        }
        migrate_all({name: configs[name] for name in names}, folder, names)
        try:
            trim_all(configs, names)
        except Refusal as refusal:
            # The schema is new all the same; a month that stays harms nobody.
            console.print(f"archives not trimmed: {refusal}")
    console.print(f"migrated: {', '.join(names)}")


MOST_WORKERS = 3
"""Of each: with it all connections to the database are still fewer than it takes."""


def _workers(told: list[str]) -> dict[Process, int]:
    """The numbers of `--workers`. The gateway is one process: it alone is where the edges' facts come from."""
    found: dict[Process, int] = {}
    for each in told:
        name, _, number = each.partition("=")
        process = _process(name)
        if process == "gateway" or not number.isdecimal() or not 1 <= int(number) <= MOST_WORKERS:
            raise Refusal(
                f"--workers {each} is not possible",
                f"name the edge or a service and 1 to {MOST_WORKERS}, such as --workers roster=2",
            )
        found[process] = int(number)
    return found


def _process(name: str) -> Process:
    for process in PROCESSES:
        if process == name:
            return process
    raise Refusal(f"There is no process {name}", f"name one of {', '.join(PROCESSES)}")
