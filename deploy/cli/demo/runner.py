"""Starts a throw-away stack as a child process, tells the story through it, stops it, removes it."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from rich.console import Console

READY_SECONDS = 120
STOP_SECONDS = 20


def run_demo(
    json_file: Path | None,
    base_url: str | None = None,
    data_dir: Path = Path(".shegong"),
    only: str | None = None,
) -> int:
    """Tell the stories (or the one named `only`); 0 when every step came out as expected.

    The story is `deploy.cli.demo.story.run(base_url, data_dir=…, json_file=…)`. It makes its own tenants with
    `shegong tenant add --data-dir …` as a child process.
    """
    with contextlib.ExitStack() as stack:
        running = (partial(str, base_url), data_dir)
        address, folder = running if base_url is not None else stack.enter_context(throw_away_stack())
        # Imported while the stack starts.
        from deploy.cli.demo.story import run

        return int(run(address(), data_dir=folder, json_file=json_file, only=only))


@contextlib.contextmanager
def throw_away_stack() -> Iterator[tuple[Callable[[], str], Path]]:
    """A stack of its own on free ports in a temporary folder: what waits for its address, and its data folder."""
    folder = Path(tempfile.mkdtemp(prefix="shegong-demo-"))
    # Root's database server runs as another user, who must be able to pass through.
    folder.chmod(0o711)
    log = folder / "up.log"
    environment = {key: value for key, value in os.environ.items() if key not in ("SHEGONG_DATA_DIR", "SHEGONG_PORT")}
    command = [sys.executable, "-m", "deploy.cli", "up", "--no-demonstrations", "--port", "0"]
    data = folder / "data"
    console = Console()
    console.print("starting a throw-away stack …", style="dim")
    with log.open("wb") as output:
        stack = subprocess.Popen(
            [*command, "--data-dir", str(data)], stdout=output, stderr=subprocess.STDOUT, env=environment
        )
    kept = True
    try:
        yield partial(_wait, stack, data / "run" / "ready.json", log), data
        kept = False
    finally:
        if stack.poll() is None:
            stack.send_signal(signal.SIGINT)
        try:
            stack.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            stack.kill()
            stack.wait()
        if kept:
            console.print(f"the stack's logs are kept in {folder}", style="dim")
        else:
            shutil.rmtree(folder, ignore_errors=True)


def _wait(stack: "subprocess.Popen[bytes]", ready: Path, log: Path) -> str:
    deadline = time.monotonic() + READY_SECONDS
    while not ready.exists():
        try:
            stack.wait(0.1)
        except subprocess.TimeoutExpired:
            if time.monotonic() > deadline:
                raise SystemExit(f"the stack was not ready within {READY_SECONDS} s; see {log}") from None
        else:
            raise SystemExit(f"the stack did not start:\n{log.read_text()}")
    return str(json.loads(ready.read_text())["base_url"])
