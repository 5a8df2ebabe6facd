"""The second start of a whole stack until it is ready, and what each of its processes holds in memory at rest."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.platform import Run
from bench.table import Outcome, Spread, Target
from deploy.cli.stack.folder import DataFolder
from deploy.cli.stack.testing import RunningStack
from kernel.config import PROCESSES

READY_SECONDS, MEGABYTES = 10.0, 150.0
"""Targets of performance.md."""
AT_REST_SECONDS = 2.0
MOST = 5
"""A start takes seconds: more rounds than this tell no more."""


def run(asked: Run) -> Outcome:
    """Start, stop, and start again as often as there are rounds; of a stack that runs already the memory alone."""
    ready, memory = list[float](), dict[str, list[float]]()
    if asked.data_dir is not None:
        _weigh(DataFolder(asked.data_dir), memory)
    else:
        with tempfile.TemporaryDirectory(prefix="bench-start-") as name:
            with _started(Path(name)):
                pass
            for _ in range(min(asked.rounds, MOST)):
                with _started(Path(name)) as (stack, seconds):
                    ready.append(seconds)
                    time.sleep(AT_REST_SECONDS)
                    _weigh(stack.folder, memory)
    outcome = Outcome("start", ("measured",))
    if ready:
        outcome.rows.append(("second start until ready, s", [Spread.of(ready)]))
        outcome.targets.append(Target("second start until ready, s", Spread.of(ready), READY_SECONDS, at_most=True))
    outcome.rows += [(f"{process} at rest, MB", [Spread.of(found)]) for process, found in memory.items()]
    largest = max((Spread.of(found) for found in memory.values()), key=lambda each: each.median)
    outcome.targets.append(Target("memory of the largest process at rest, MB", largest, MEGABYTES, at_most=True))
    return outcome


@contextmanager
def _started(room: Path) -> Iterator[tuple[RunningStack, float]]:
    """A stack on this folder, and how long it took until it was ready (s)."""
    stack = RunningStack(room)
    begun = time.monotonic()
    stack.start("--no-demonstrations")
    try:
        yield stack, time.monotonic() - begun
    finally:
        stack.stop()


def _weigh(folder: DataFolder, memory: dict[str, list[float]]) -> None:
    for process in PROCESSES:
        memory.setdefault(process, []).append(_megabytes(int(folder.pid_file(process).read_text())))


def _megabytes(pid: int) -> float:
    """A process' own pages and its share of those it has in common with others (PSS)."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("the system does not tell a process' share of memory")
