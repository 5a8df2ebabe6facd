"""Work that needs an event loop, done in forked children so that the supervisor never has one."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path

from deploy.cli.failures import Refusal
from deploy.cli.stack.folder import DataFolder
from deploy.cli.stack.waiting import wait_until
from deploy.cli.supervisor.forking import fork


def run_all(
    work: Iterable[tuple[str, Callable[[], None]]], *, folder: DataFolder, purpose: str, seconds: float
) -> None:
    """Run every piece in a child of its own, side by side; one that fails is a `Refusal` with its last words.

    `work`: the pieces with their names, each begun as it comes; the name names its log `<purpose>-<name>.log`.
    """
    logs: dict[str, Path] = {}
    pids: dict[str, int] = {}
    for name, run in work:
        logs[name] = folder.log / f"{purpose}-{name}.log"
        logs[name].unlink(missing_ok=True)
        pids[name] = fork(name, run, folder=folder, log=logs[name])
    codes: dict[str, int] = {}

    def ended() -> bool:
        for name, pid in pids.items():
            if name not in codes:
                done, status = os.waitpid(pid, os.WNOHANG)
                if done:
                    codes[name] = os.waitstatus_to_exitcode(status)
        return len(codes) == len(pids)

    if not wait_until(ended, seconds=seconds):
        for name in pids.keys() - codes.keys():
            os.kill(pids[name], 9)
            os.waitpid(pids[name], 0)
        late = ", ".join(sorted(pids.keys() - codes.keys()))
        raise Refusal(f"The step {purpose} did not end within {seconds:.0f} s ({late})", f"see {folder.log}")
    for name, code in codes.items():
        if code != 0:
            raise Refusal(f"The step {purpose} failed for {name} ({last_words(logs[name])})", f"see {logs[name]}")


def last_words(log: Path) -> str:
    """The last line of a log that says something: not a library's pointer to its web page, not the statement."""
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    except FileNotFoundError:
        lines = []
    said = [line.strip() for line in lines if line.strip() and not line.startswith(("[SQL", "(Background"))]
    return said[-1] if said else "it wrote nothing"
