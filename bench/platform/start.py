"""The second start of a whole stack until it is ready, and what each of its processes holds in memory at rest."""

import tempfile
import time
from pathlib import Path

from bench.platform import Run
from bench.table import Outcome, Spread, Target
from deploy.cli.stack.testing import RunningStack
from kernel.config import PROCESSES

READY_SECONDS, MEGABYTES = 10.0, 150.0
"""Targets of performance.md."""
AT_REST_SECONDS = 2.0
MOST = 5
"""A start takes seconds: more rounds than this tell no more."""


def run(asked: Run) -> Outcome:
    """Start, stop, and start again as often as there are rounds."""
    ready, memory = list[float](), dict[str, list[float]]()
    with tempfile.TemporaryDirectory(prefix="bench-start-") as name:
        _once(Path(name), None)
        for _ in range(min(asked.rounds, MOST)):
            ready.append(_once(Path(name), memory))
    outcome = Outcome("start", ("measured",))
    outcome.rows = [("second start until ready, s", [Spread.of(ready)])]
    outcome.rows += [(f"{process} at rest, MB", [Spread.of(found)]) for process, found in memory.items()]
    largest = max((Spread.of(found) for found in memory.values()), key=lambda each: each.median)
    outcome.targets = [
        Target("second start until ready, s", Spread.of(ready), READY_SECONDS, at_most=True),
        Target("memory of the largest process at rest, MB", largest, MEGABYTES, at_most=True),
    ]
    return outcome


def _once(room: Path, memory: dict[str, list[float]] | None) -> float:
    stack = RunningStack(room)
    begun = time.monotonic()
    stack.start("--no-demonstrations")
    seconds = time.monotonic() - begun
    try:
        if memory is not None:
            time.sleep(AT_REST_SECONDS)
            for process in PROCESSES:
                memory.setdefault(process, []).append(_megabytes(stack.pid(process)))
    finally:
        stack.stop()
    return seconds


def _megabytes(pid: int) -> float:
    """A process' own pages and its share of those it has in common with others (PSS)."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("the system does not tell a process' share of memory")
