"""The demonstration as a child process, the way anybody runs it, and what it wrote down."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.cli.stack.testing import RunningStack

TELLER = (sys.executable, "-m", "deploy.cli.demo")


@dataclass(frozen=True)
class Telling:
    """How the story ended: exit code, the account by step, what was printed."""

    exit_code: int
    steps: dict[str, dict[str, Any]]
    output: str

    @property
    def failed(self) -> list[str]:
        """The steps that did not come out as expected, in their order."""
        return [name for name, step in self.steps.items() if not step["ok"]]


class Teller:
    """A story under way: iterate to follow the titles of its steps as they are reached, then `end()`."""

    def __init__(self, stack: RunningStack, folder: Path, command: Sequence[str] = TELLER) -> None:
        self._json = folder / "story.json"
        self._lines: list[str] = []
        child = subprocess.Popen(
            [*command, "--base-url", stack.base_url, "--data-dir", str(stack.data_dir), "--json", str(self._json)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "COLUMNS": "200", "PYTHONUNBUFFERED": "1"},  # one line per step, at once
        )
        assert child.stdout is not None
        self._child, self._output = child, child.stdout

    def __iter__(self) -> Iterator[str]:
        for line in self._output:
            self._lines.append(line)
            if line.startswith(("✓ ", "✗ ")):
                yield line[2:].strip()

    def end(self) -> Telling:
        """Follow it to its end."""
        for _ in self:
            pass
        code = self._child.wait()
        self._output.close()
        told = json.loads(self._json.read_text())["steps"] if self._json.exists() else []
        return Telling(code, {step["name"]: step for step in told}, "".join(self._lines))


def tell(stack: RunningStack, folder: Path, command: Sequence[str] = TELLER) -> Telling:
    """Tell the whole story through a stack."""
    return Teller(stack, folder, command).end()
