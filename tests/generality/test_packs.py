"""Each pack passes its check and its cases, none of its figures goes unnoticed, and no code knows its name."""

from pathlib import Path

import pytest

from kernel.regulation.cases import run_cases
from kernel.regulation.mutation import Proof, Survivors
from kernel.regulation.pack import Pack
from tests.generality.packs import FOLDER, LIBRARY, NAMES, pack

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", NAMES)
def test_a_pack_and_its_cases_are_in_order(name: str) -> None:
    assert [
        f"{each.file}: {each.name}: {each.failure}"
        for each in run_cases(pack(name), FOLDER / name / "cases")
        if each.failure
    ] == []


@pytest.mark.parametrize("name", NAMES)
def test_no_mutant_survives(name: str) -> None:
    proof, listed = Proof(FOLDER / name, LIBRARY), Survivors.beside(FOLDER / name)
    survived = [verdict.mutant for verdict in proof.verdicts() if verdict.noticed is None]
    assert [f"{each.path}: {each.change}" for each in survived if listed.reason(each) is None] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_pack_travels_as_one_text(name: str) -> None:
    known = pack(name)
    assert Pack.from_json(known.to_json()).digest == known.digest


def test_what_the_guide_shows_stands_in_the_pack_that_was_written_by_it() -> None:
    guide = (ROOT / "docs" / "writing-a-regulation.md").read_text(encoding="utf-8")
    shown = [line.strip() for line in guide.splitlines() if line.startswith("    ")]
    shown = [line for line in shown if not line.startswith("shegong ")]
    folder = FOLDER / "bingshan"
    written = {
        line.strip()
        for path in [*folder.rglob("*.yaml"), folder / "text.txt"]
        for line in path.read_text(encoding="utf-8").splitlines()
    }
    assert shown
    assert [line for line in shown if line not in written] == []


def test_no_code_knows_these_jurisdictions() -> None:
    sources = [path for part in ("kernel", "services", "gateway", "deploy") for path in (ROOT / part).rglob("*.py")]
    assert sources
    knowing = [str(path) for path in sources if any(name in path.read_text(encoding="utf-8") for name in NAMES)]
    assert knowing == []
    assert [path for name in NAMES for path in (FOLDER / name).rglob("*.py")] == []
