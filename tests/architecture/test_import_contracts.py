"""The import contracts hold, and each of them is seen to fail once: in a scratch copy in which it is broken."""

import json
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("kernel", "contracts", "services", "gateway", "deploy")

BREAKER = Path(__file__).with_name("break_contracts.py")


def contracts() -> list[dict[str, object]]:
    """The contracts as `pyproject.toml` holds them."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    found: list[dict[str, object]] = settings["tool"]["importlinter"]["contracts"]
    return found


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, object]]:
    """By contract: whether it holds on the tree, and whether it fails once broken."""
    scratch = tmp_path_factory.mktemp("scratch")
    for package in PACKAGES:
        shutil.copytree(
            ROOT / package, scratch / package, ignore=shutil.ignore_patterns("__pycache__", "*.html", "*.js")
        )
    shutil.copy(ROOT / "pyproject.toml", scratch / "pyproject.toml")
    ran = subprocess.run(
        [sys.executable, str(BREAKER)], cwd=scratch, capture_output=True, text=True, timeout=300, check=False
    )
    assert ran.returncode == 0, ran.stderr
    found: dict[str, dict[str, object]] = json.loads(ran.stdout.splitlines()[-1])
    return found


@pytest.mark.parametrize("name", [str(contract["name"]) for contract in contracts()])
def test_contract_holds_and_fails_once_broken(name: str, verdicts: dict[str, dict[str, object]]) -> None:
    assert verdicts[name]["holds"], f"broken on the tree: {name}"
    assert verdicts[name]["broken_by"], f"no way to break it was found: {name}"
    assert verdicts[name]["fails_when_broken"], f"not noticed: {verdicts[name]['broken_by']}"
