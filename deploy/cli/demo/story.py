"""The story of working lives under NM: posts, recruitment, contract, training, duty, years of service and their end.

Told as a client only. It makes its own tenants, moves their business time over the API, and waits on outcomes.
"""

import json
import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console

from deploy.cli.demo.account import Account, StoryBroken
from deploy.cli.demo.cast import Cast, Tenant
from deploy.cli.demo.chapters import CHAPTERS, STEPS

DESCRIPTION = Path(__file__).resolve().parents[3] / "regulations" / "neimenggu" / "demonstration.yaml"
BEGINS = "2024-09-02T01:00:00+00:00"
"""A Monday morning, twelve days after the regulation came into force."""


def run(base_url: str, *, data_dir: Path, json_file: Path | None) -> int:
    """Tell the story through the stack at `base_url`; 0 when every step came out as expected."""
    console = Console()
    account = Account(STEPS, console)
    try:
        adding = [_begin_tenant(data_dir, stem) for stem in ("demo", "other")]
        tenant, other = map(_end_tenant, adding)
        account.outcome("tenants", True, "two tenants", f"{tenant['tenant']}, {other['tenant']}", "shegong tenant add")
        cast = Cast(Tenant(base_url, tenant), Tenant(base_url, other), account)
        with cast:
            for tell, _ in CHAPTERS:
                tell(cast)
    except StoryBroken:
        pass
    except (OSError, RuntimeError, LookupError, ValueError, httpx.HTTPError) as error:
        # Also an answer of another shape than the story reads (no such member, no JSON): then the account says where.
        console.print(f"[red]✗ {type(error).__name__}: {error}[/red]", highlight=False)
    return account.finish(json_file)


def _begin_tenant(data_dir: Path, stem: str) -> "subprocess.Popen[str]":
    slug = f"{stem}-{uuid.uuid4().hex[:10]}"
    command = [sys.executable, "-m", "deploy.cli", "tenant", "add", str(DESCRIPTION), "--slug", slug]
    command += ["--business-time", BEGINS, "--data-dir", str(data_dir), "--json"]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def _end_tenant(adding: "subprocess.Popen[str]") -> dict[str, Any]:
    said, complaint = adding.communicate()
    if adding.returncode != 0:
        raise RuntimeError(f"the tenant was not made: {complaint.strip()[-500:]}")
    made: dict[str, Any] = json.loads(said.splitlines()[-1])
    return made
