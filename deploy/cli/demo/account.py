"""The account of a story: every named step with operation, status, article and expectation, as text and JSON."""

import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console


@dataclass(frozen=True, slots=True)
class Step:
    """A step as the story announces it. `article` is the rule it shows, empty where it is the platform's own."""

    name: str
    title: str
    article: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """A step as it came out."""

    name: str
    title: str
    article: str
    operation: str
    expected: str
    status: int | None
    ok: bool
    words: str


class StoryBroken(RuntimeError):
    """A step did not come out as expected; what follows would only mislead."""


class Account:
    """Takes down each step, in the order announced."""

    def __init__(self, steps: Sequence[Step], console: Console) -> None:
        self._steps = {step.name: step for step in steps}
        self._told: dict[str, Told] = {}
        self._console = console
        self.began = time.monotonic()

    def answer(self, name: str, answer: httpx.Response, expected: int, words: str = "", article: str = "") -> Any:
        """Take down an answer of the API; its JSON is handed back. `article`: must stand in the problem."""
        request = answer.request
        ok = answer.status_code == expected
        body = answer.json() if "json" in answer.headers.get("content-type", "") else {}
        if ok and article and article not in json.dumps(body, ensure_ascii=False):
            ok, words = False, f"the answer does not cite {article}"
        if not words and expected >= 400:
            words = str(body.get("detail") or body.get("title") or "")
        self._take(name, f"{request.method} {request.url.path}", str(expected), answer.status_code, ok, words, body)
        return body

    def outcome(self, name: str, ok: bool, expected: str, words: str = "", operation: str = "") -> None:
        """Take down something seen rather than answered."""
        self._take(name, operation, expected, None, ok, words, None)

    def _take(
        self, name: str, operation: str, expected: str, status: int | None, ok: bool, words: str, body: Any
    ) -> None:
        step = self._steps[name]
        told = Told(name, step.title, step.article, operation, expected, status, ok, words)
        self._told[name] = told
        mark = "[green]✓[/green]" if ok else "[red]✗[/red]"
        cited = f" [cyan]{step.article}[/cyan]" if step.article else ""
        self._console.print(f"{mark} {step.title}{cited}", highlight=False)
        if words:
            self._console.print(f"    [dim]{words}[/dim]", highlight=False)
        if not ok:
            shown = json.dumps(body, ensure_ascii=False)[:1500] if body else ""
            self._console.print(
                f"    [red]{operation}: expected {expected}, got {status} {shown}[/red]", highlight=False
            )
            raise StoryBroken(name)

    def heading(self, title: str) -> None:
        """Say whose story follows."""
        self._console.print(f"\n[bold]{title}[/bold]", highlight=False)

    def broken_by(self, error: Exception) -> None:
        """Say what ended the story between two steps."""
        self._console.print(f"[red]✗ {type(error).__name__}: {error}[/red]", highlight=False)

    @property
    def told(self) -> list[Told]:
        """The steps reached, as they came out."""
        return list(self._told.values())

    @property
    def missing(self) -> list[Step]:
        """The steps announced and not reached."""
        return [step for name, step in self._steps.items() if name not in self._told]


def finish(accounts: Sequence[Account], console: Console, json_file: Path | None) -> int:
    """Say what is missing, write the JSON, give the exit code."""
    steps = []
    for account in accounts:
        for step in account.missing:
            console.print(f"[red]✗ {step.title}: not reached[/red]", highlight=False)
        unreached = [
            Told(s.name, s.title, s.article, "", "reached", None, False, "not reached") for s in account.missing
        ]
        steps += [asdict(told) for told in (*account.told, *unreached)]
    failed = [step for step in steps if not step["ok"]]
    seconds = time.monotonic() - min(account.began for account in accounts)
    console.print(f"\n{len(steps) - len(failed)} of {len(steps)} steps as expected, {seconds:.1f} s", highlight=False)
    if json_file is not None:
        json_file.write_text(json.dumps({"steps": steps}, ensure_ascii=False, indent=2) + "\n")
    return 1 if failed else 0
