"""docs/security-checklist.md tells the truth: its tests exist, each row has a state, and each gap a reason."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.architecture.test_house import ROOT, sources
from tests.clients.every import LIBRARIES

CHECKLIST = ROOT / "docs" / "security-checklist.md"
STATES = {"done", "in part", "not done"}
NAMED = re.compile(r"`([\w/]+\.py)::(\w+)`")
FLOORS = {"authlib": (1, 8), "joserfc": (1, 8)}
"""The first releases after the last advisory against them, as of October 2026 (Authlib: the loopback trick of 1.7)."""


def rows() -> list[list[str]]:
    """The cells of each row that has a state."""
    lines = [line.strip("|").split("|") for line in CHECKLIST.read_text().splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line] for line in lines]
    return [row for row in cells if len(row) == 3 and row[1] not in ("state", "---")]


@cache
def functions(file: Path) -> frozenset[str]:
    """The tests of a file."""
    return frozenset(
        node.name
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )


def test_every_row_has_a_state_and_a_test_or_a_reason() -> None:
    assert len(rows()) > 40
    for item, state, words in rows():
        assert state in STATES, item
        assert NAMED.search(words) or state != "done", f"done, but by no test: {item}"
        assert NAMED.sub("", words).strip() or state == "done", f"no reason: {item}"


def test_every_test_named_exists() -> None:
    named = NAMED.findall(CHECKLIST.read_text())
    missing = [
        f"{file}::{name}"
        for file, name in named
        if not (ROOT / "tests" / file).is_file() or name not in functions(ROOT / "tests" / file)
    ]
    assert named
    assert not missing


@pytest.mark.parametrize("library", LIBRARIES, ids=lambda library: library.LIBRARY)
def test_the_table_of_clients_says_what_the_code_does(library: type) -> None:
    row = next(line for line in CHECKLIST.read_text().splitlines() if line.startswith(f"| {library.LIBRARY} |"))
    assert (library.PLAIN_HTTP or "itself, on the loopback") in row
    assert (", ".join(library.LEFT_TO_THE_APPLICATION) or "–") in row


def test_no_switch_for_insecure_transport_and_no_deprecated_jose() -> None:
    found = [
        str(path.relative_to(ROOT))
        for path in sources()
        if re.search(r"INSECURE_TRANSPORT|authlib\.jose\b", path.read_text())
    ]
    assert not found


def test_the_libraries_are_newer_than_what_is_known_against_them() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    for name, floor in FLOORS.items():
        locked = re.search(rf"^{name}==(\d+)\.(\d+)", lock, re.MULTILINE)
        assert locked, name
        assert (int(locked[1]), int(locked[2])) >= floor, name
