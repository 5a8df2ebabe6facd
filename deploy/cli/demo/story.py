"""The stories of working lives, one under each regulation, told side by side as a client only.

Each makes its own tenants, moves their business time over the API, and waits on outcomes.
"""

import json
import subprocess
import sys
import threading
import uuid
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console

from deploy.cli.demo.account import Account, StoryBroken, finish
from deploy.cli.demo.cast import Cast, Tenant
from deploy.cli.demo.tales import NEIGHBOUR, TALES, Tale


@dataclass(frozen=True, slots=True)
class _Telling:
    """A story under way: what it writes goes to the console at once, or is kept until the one before has ended."""

    tale: Tale
    account: Account
    kept: StringIO | None


def run(base_url: str, *, data_dir: Path, json_file: Path | None, only: str | None = None) -> int:
    """Tell the stories (or the one named) through the stack at `base_url`; 0 when every step came out as expected."""
    console = Console()
    tellings: list[_Telling] = []
    for tale in TALES:
        if only in (None, tale.name):
            kept = StringIO() if tellings else None
            out = (
                console if kept is None else Console(file=kept, force_terminal=console.is_terminal, width=console.width)
            )
            tellings.append(_Telling(tale, Account(tale.steps, out), kept))
    try:
        neighbour, *made = _add_tenants(
            data_dir,
            [(NEIGHBOUR, tellings[0].tale.begins, "other")]
            + [(telling.tale.description, telling.tale.begins, "demo") for telling in tellings],
        )
    except (RuntimeError, ValueError, LookupError) as error:
        tellings[0].account.broken_by(error)
        return finish([telling.account for telling in tellings], console, json_file)
    threads = [
        threading.Thread(target=_tell, args=(telling, base_url, tenant, neighbour, data_dir))
        for telling, tenant in zip(tellings, made, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread, telling in zip(threads, tellings, strict=True):
        thread.join()
        if telling.kept is not None:
            console.file.write(telling.kept.getvalue())
            console.file.flush()
    return finish([telling.account for telling in tellings], console, json_file)


def _tell(telling: _Telling, base_url: str, made: dict[str, Any], neighbour: dict[str, Any], data_dir: Path) -> None:
    tale, account = telling.tale, telling.account
    account.heading(tale.title)
    names = f"{made['tenant']}, {neighbour['tenant']}"
    try:
        account.outcome(tale.steps[0].name, True, "a tenant and its neighbour", names, "shegong tenant add")
        with Cast(Tenant(base_url, made, data_dir), Tenant(base_url, neighbour, data_dir), account) as cast:
            for tell, _ in tale.chapters:
                tell(cast)
    except StoryBroken:
        pass
    except (OSError, RuntimeError, LookupError, ValueError, httpx.HTTPError) as error:
        # Also an answer of another shape than the story reads (no such member, no JSON): then the account says where.
        account.broken_by(error)


def _add_tenants(data_dir: Path, wanted: list[tuple[Path, str, str]]) -> list[dict[str, Any]]:
    """The tenants of these descriptions, each with its first business time and the stem of its name."""
    command = [sys.executable, "-m", "deploy.cli", "tenant", "add", "--data-dir", str(data_dir), "--json"]
    for description, begins, stem in wanted:
        slug = f"{stem}-{uuid.uuid4().hex[:10]}"
        command += [str(description), "--slug", slug, "--business-time", begins]
    adding = subprocess.run(command, capture_output=True, text=True, check=False)
    if adding.returncode != 0:
        raise RuntimeError(f"the tenants were not made: {adding.stderr.strip()[-500:]}")
    return [json.loads(line) for line in adding.stdout.splitlines()[-len(wanted) :]]
