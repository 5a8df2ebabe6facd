"""The portal's client is generated from the API document of this very code, and its TypeScript is strict."""

import json
import subprocess
from pathlib import Path

from deploy.cli.stack.testing import COMMAND

PORTAL = Path(__file__).parents[2] / "examples" / "portal"


def node(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = ("node", *arguments)
    return subprocess.run(command, cwd=PORTAL, capture_output=True, text=True, check=False)


def test_the_client_is_of_this_api(tmp_path: Path) -> None:
    document = tmp_path / "api.json"
    with document.open("wb") as file:
        subprocess.run([*COMMAND, "openapi"], stdout=file, check=True)
    kept = node("client.mjs", str(document), "--check")
    assert kept.returncode == 0, kept.stderr
    read = json.loads(document.read_text())
    read["components"]["schemas"]["ItemView"]["properties"]["another"] = {"type": "string"}
    document.write_text(json.dumps(read))
    assert node("client.mjs", str(document), "--check").returncode == 1, "a stale client is not noticed"


def test_the_types_hold() -> None:
    types = node("node_modules/typescript/bin/tsc")
    assert types.returncode == 0, types.stdout
