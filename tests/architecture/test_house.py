"""The house is in order: every folder a package, every feature the same rooms, no jurisdiction in the code."""

import ast
import json
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("kernel", "contracts", "services", "gateway", "deploy")
ROOMS = {"tables", "schemas", "rules", "queries", "actions", "routes", "consumers"}
MAX_LINES = 400
LOCKS = {"requirements.lock", "package-lock.json"}


def sources() -> list[Path]:
    """All Python files of the product, without migrations."""
    return sorted(
        path
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if "migrations" not in path.parts and "__pycache__" not in path.parts
    )


def tracked() -> list[Path]:
    """All files that git tracks or would track."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],  # noqa: S607 - the git of the machine
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def test_every_source_folder_is_a_package() -> None:
    folders = {path.parent for path in sources()}
    missing = [str(folder.relative_to(ROOT)) for folder in folders if not (folder / "__init__.py").exists()]
    assert folders
    assert not missing


def test_every_feature_has_rooms_of_the_house_and_no_others() -> None:
    features = {path.parent for path in sources() if path.parent.parent.parent == ROOT / "services"}
    assert features
    strange = {
        str(file.relative_to(ROOT))
        for feature in features
        for file in feature.glob("*.py")
        if file.stem not in ROOMS | {"__init__"}
    }
    assert not strange


def test_no_file_is_longer_than_an_idea() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in sources()
        if (lines := len(path.read_text().splitlines())) > MAX_LINES
    }
    assert not long


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in sources()
        if path.read_text().strip() and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert not silent


def test_no_jurisdiction_is_named_in_the_code() -> None:
    """A jurisdiction is data. The demonstration and its command may name theirs; nothing else may."""
    named = re.compile(r"neimenggu|shuanghe|内蒙古|双河", re.IGNORECASE)
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sources()
        if "demo" not in path.parts
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if named.search(line)
    ]
    assert not found


def test_no_sql_is_built_from_strings() -> None:
    """SQL as text is one literal, whole: a tenant could be switched by what is put together."""
    found = []
    for path in sources():
        if path.parts[len(ROOT.parts)] in ("kernel", "deploy"):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "id", "") == "text"
                and not all(isinstance(argument, ast.Constant) for argument in node.args)
            ):
                found.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert not found


def test_savepoints_know_what_is_written_last() -> None:
    """Another one would keep what it takes back, and lose what came before it (decision 0033)."""
    found = {str(path.relative_to(ROOT)) for path in sources() if "begin_nested" in path.read_text()}
    assert found == {"kernel/db/transaction.py"}


def test_locks_name_no_address() -> None:
    locks = {path.name: path.read_text() for path in tracked() if path.name in LOCKS}
    assert locks.keys() == LOCKS
    assert "://" not in locks["requirements.lock"]
    for name, package in json.loads(locks["package-lock.json"])["packages"].items():
        # What is left is where the authors may be given money.
        assert "://" not in json.dumps({**package, "funding": None}), name


@pytest.mark.parametrize(
    "words", [r"/work/|/root/|/home/\w+/", r"pypi\.org|pythonhosted|registry\.npmjs|deb\.debian\.org"]
)
def test_no_machine_and_no_registry_is_named(words: str) -> None:
    pattern = re.compile(words)
    here = Path(__file__)
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in tracked()
        if path != here and path.suffix not in (".png", ".ico")
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1)
        if pattern.search(line)
    ]
    assert not found


def test_every_test_is_in_a_suite_that_runs() -> None:
    """`.ci/test` names folders, so that they can run side by side; none may be forgotten."""
    named = re.findall(r"tests/[\w/.]+", (ROOT / ".ci" / "test").read_text())
    forgotten = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "tests").rglob("test_*.py")
        if not any(str(path.relative_to(ROOT)).startswith(folder) for folder in named)
    ]
    assert named
    assert not forgotten
