"""Mutants of a small pack: what notices them, what may survive, and what a new survivor does."""

from pathlib import Path

import pytest

from deploy.cli.mutation import prove
from kernel.regulation.faults import PackRefused
from kernel.regulation.loading import load
from kernel.regulation.mutation import Proof, Survivors
from tests.unit.kernel.regulation.factory import write_pack

CASES = """
cases:
  - {name: at the limit, on: 2024-01-01, rule: age, facts: {age_years: 35}, outcome: met, value: 35}
  - {name: over it, on: 2024-01-01, rule: age, facts: {age_years: 36}, outcome: needs_judgement}
"""
TEST = """
from pathlib import Path

import pytest

from kernel.regulation.loading import load


@pytest.mark.article("XX-2")
def test_hours() -> None:
    assert load(Path({folder!r})).parameter("hours").integer() == 20
"""


def pack(root: Path, cases: str = CASES, survivors: str | None = None) -> Path:
    folder = write_pack(root, "trial")
    (folder / "cases").mkdir()
    (folder / "cases" / "all.yaml").write_text(cases, encoding="utf-8")
    if survivors is not None:
        (folder / "survivors.yaml").write_text(survivors, encoding="utf-8")
    return folder


def survivors_of(folder: Path) -> set[str]:
    return {f"{each.mutant.path}: {each.mutant.change}" for each in Proof(folder).verdicts() if each.noticed is None}


def test_both_sides_of_a_bound_notice_that_it_moved(tmp_path: Path) -> None:
    alive = survivors_of(pack(tmp_path))
    assert not any(each.startswith("rules.age.condition") for each in alive)
    assert {"parameters.hours.value: 20 → 19", "parameters.hours.value: 20 → 21"} <= alive


def test_a_bound_with_one_side_shown_survives(tmp_path: Path) -> None:
    only = "cases:\n  - {name: far below, on: 2024-01-01, rule: age, facts: {age_years: 20}, outcome: met}\n"
    assert any(each.startswith("rules.age.condition: <=") for each in survivors_of(pack(tmp_path, only)))


def test_a_case_that_fails_proves_nothing(tmp_path: Path) -> None:
    with pytest.raises(PackRefused, match="over it"):
        Proof(pack(tmp_path, CASES.replace("36", "35")))


def test_a_survivor_needs_a_reason_and_a_reason_a_survivor(tmp_path: Path) -> None:
    listed = "survivors:\n  - {path: parameters.*, reason: {zh: 样例, en: a sample}}\n"
    stale = "  - {path: procedures.nothing, reason: {zh: 无, en: none}}\n"
    folder = pack(tmp_path, survivors=listed + stale)
    report = prove(folder, tmp_path, tests=None)
    assert report.stale == ("procedures.nothing",)
    assert {line.reason for line in report.lines if line.path.startswith("parameters.hours")} == {"a sample"}
    assert report.failed


def test_a_survivor_file_that_is_none_is_refused_with_its_line(tmp_path: Path) -> None:
    folder = pack(tmp_path, survivors="survivors:\n  - {path: parameters.*}\n")
    with pytest.raises(PackRefused, match=r"survivors\.yaml:2"):
        Survivors.beside(folder)


def test_the_tests_that_carry_the_article_notice_what_the_cases_do_not(tmp_path: Path) -> None:
    folder = pack(tmp_path)
    tests = tmp_path / "tests"
    tests.mkdir()
    (tests / "test_hours.py").write_text(TEST.format(folder=str(folder)), encoding="utf-8")
    report = prove(folder, tmp_path, tests=tests, only="parameters.hours.*")
    assert {line.path for line in report.lines} == {"parameters.hours.value", "parameters.hours.tightening"}
    seen = {f"{line.path}: {line.change}": line.noticed for line in report.lines}
    assert seen["parameters.hours.value: 20 → 19"] == "tests of XX-2"
    assert load(folder).parameter("hours").integer() == 20
