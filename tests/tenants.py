"""Tenants of a running stack, made the way an operator makes them."""

import json
import subprocess
import uuid
from datetime import datetime
from pathlib import Path
from typing import Any

from deploy.cli.demo.tales import NEIGHBOUR as DESCRIPTION
from deploy.cli.stack.testing import COMMAND, RunningStack


def add_tenant(
    stack: RunningStack,
    stem: str,
    business_time: datetime,
    description: Path = DESCRIPTION,
    regulation: Path | None = None,
) -> dict[str, Any]:
    """Run `shegong tenant add` with a description (a demonstration's); what it answers, sign-ins included.

    regulation: its folder, where the description lies elsewhere.
    """
    command = [*COMMAND, "tenant", "add", str(description), "--slug", f"{stem}-{uuid.uuid4().hex[:10]}", "--json"]
    command += ["--regulation", str(regulation or description.parent)]
    command += ["--business-time", business_time.isoformat(), "--data-dir", str(stack.data_dir)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    made: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return made
