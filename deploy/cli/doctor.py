"""`shegong doctor`: looks at what a stack needs on this machine and says how to mend what is missing."""

import asyncio
import logging
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import structlog
import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy.exc import SQLAlchemyError

from deploy.cli.configuration import running_configuration
from deploy.cli.failures import Refusal
from deploy.cli.options import DEFAULT_DATA_DIR, DEFAULT_PORT, DataDir, Port
from deploy.cli.stack.binaries import find_binaries
from deploy.cli.stack.folder import ENOUGH_BYTES, DataFolder
from deploy.cli.stack.identity import choose_identity
from deploy.cli.stack.ports import is_free, read_ports
from deploy.cli.supervisor.health import readiness
from kernel.config import DATABASES, PROCESSES

OLDEST_PYTHON = (3, 11)
SYSTEM_PROGRAMS = {
    "chromium": "tests/browser",
    "soffice": "PDF documents (docx works without)",
    "nginx": "the example of a proxy",
    "node": "the example portal",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at; `needed` when a stack cannot run without it."""

    subject: str
    good: bool
    words: str
    needed: bool = True


def doctor(data_dir: DataDir = DEFAULT_DATA_DIR, port: Port = DEFAULT_PORT) -> None:
    """Look at this machine and the stack on it; non-zero when a stack could not run."""
    # What its looks would log is told as findings.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    table = Table("", "what", "found", show_lines=False)
    findings = list(examine(DataFolder(data_dir), port))
    for finding in findings:
        mark = "[green]ok[/green]" if finding.good else "[red]no[/red]" if finding.needed else "[yellow]–[/yellow]"
        table.add_row(mark, finding.subject, finding.words)
    Console().print(table)
    if any(finding.needed and not finding.good for finding in findings):
        raise typer.Exit(1)


def examine(folder: DataFolder, port: int) -> Iterator[Finding]:
    """Every finding; looks only, changes nothing."""
    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding("Python", sys.version_info >= OLDEST_PYTHON, f"{version} (3.11 or newer is needed)")
    yield _tried("wheels", _wheels)
    yield from _folder(folder)
    running = folder.is_open_elsewhere()
    if running is None:
        free = port == 0 or is_free(port)
        yield Finding(f"port {port}", free, "free" if free else "taken; choose another with --port")
    else:
        yield Finding("stack", True, f"runs (process {running})")
        yield from _processes(folder)
        yield from _kept(folder)
    for program, purpose in SYSTEM_PROGRAMS.items():
        found = shutil.which(program)
        yield Finding(
            program,
            found is not None,
            purpose if found else f"absent: `make system` (root); for {purpose}",
            False,
        )


def _tried(subject: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(subject, True, look())
    except Refusal as refusal:
        return Finding(subject, False, str(refusal))


def _wheels() -> str:
    binaries = find_binaries()
    return f"PostgreSQL {binaries.postgres_version}, NATS {binaries.nats_version}"


def _folder(folder: DataFolder) -> Iterator[Finding]:
    place = _existing(folder.path)
    free = shutil.disk_usage(place).free
    yield Finding("disk", free >= ENOUGH_BYTES, f"{free // 2**20:,} MB free at {place}")

    def look() -> str:
        name = choose_identity(place).name
        made = "" if folder.path.exists() else " (made on first start)"
        return f"{folder.path}{made}; servers run as {name}"

    try:
        yield _tried("data folder", look)
    except OSError as error:
        yield Finding("data folder", False, f"{folder.path}: {error.strerror}; choose another with --data-dir")


def _processes(folder: DataFolder) -> Iterator[Finding]:
    ports = read_ports(folder)
    for process in PROCESSES:
        code, words = readiness(ports[process])
        yield Finding(
            process,
            code == 200,
            "ready" if code == 200 else f"{code} {words}; log {folder.log}/{process}.log",
        )


def _kept(folder: DataFolder) -> Iterator[Finding]:
    from deploy.cli.archives import looked_at, missed_by

    configs = {process: running_configuration(folder, process) for process in DATABASES}
    for process, config in configs.items():
        looks = {f"news of {process}": looked_at(config), f"news for {process}": missed_by(configs, process)}
        for subject, look in looks.items():
            try:
                good, words = asyncio.run(look)
            except (OSError, SQLAlchemyError, httpx.HTTPError) as error:
                good, words = False, f"cannot be looked at ({type(error).__name__})"
            yield Finding(subject, good, words, needed=False)


def _existing(path: Path) -> Path:
    while not path.exists():
        path = path.parent
    return path
