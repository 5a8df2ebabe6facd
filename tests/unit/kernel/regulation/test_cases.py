"""Cases beside a pack: what differs is named, and a condition shown on one side only is not proved."""

from pathlib import Path

import pytest

from kernel.regulation import Pack, load
from kernel.regulation.cases import run_cases
from tests.unit.kernel.regulation.factory import write_pack

BOTH = """
base: {age_years: 35}
cases:
  - {name: at the limit, on: 2024-01-01, rule: age, outcome: met, value: 35}
  - {name: over it, on: 2024-01-01, rule: age, facts: {age_years: 36}, outcome: needs_judgement}
  - {name: hours, on: 2024-01-01, parameter: hours, value: 20, state: set}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_pack(tmp_path, "trial")


def failures(folder: Path, text: str) -> list[str]:
    cases = folder / "cases"
    cases.mkdir()
    (cases / "all.yaml").write_text(text, encoding="utf-8")
    pack: Pack = load(folder)
    return [f"{result.name}: {result.failure}" for result in run_cases(pack, cases) if result.failure]


def test_both_sides_shown_is_in_order(folder: Path) -> None:
    assert failures(folder, BOTH) == []


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("outcome: met, value: 35", "outcome: met, value: 34", "at the limit: value should be 34, is 35"),
        ("facts: {age_years: 36}, ", "", "over it: outcome should be 'needs_judgement', is 'met'"),
        ("value: 20", "value: 21", "hours: value should be 21, is 20"),
        ("state: set", "state: deferred", "hours: state should be 'deferred'"),
        ("on: 2024-01-01, parameter", "on: 2023-12-31, parameter", "outside the version's time of force"),
        ("base: {age_years: 35}", "base: {}", "fact 'age_years' is missing"),
        ("parameter: hours", "parameter: minutes", "declares the parameter minutes"),
        ("rule: age, outcome: met", "rule: age, group: eligibility, outcome: met", "a case asks one of"),
        (", outcome: met, value: 35", "", "what must come out"),
        ("name: hours", "name: hours, name: again", "stands twice"),
    ],
)
def test_a_case_that_differs_says_how(folder: Path, old: str, new: str, says: str) -> None:
    assert old in BOTH
    assert any(says in failure for failure in failures(folder, BOTH.replace(old, new, 1)))


def test_a_condition_shown_on_one_side_only_is_named(folder: Path) -> None:
    one_sided = "\n".join(line for line in BOTH.splitlines() if "over it" not in line)
    assert failures(folder, one_sided) == ["age: pack trial: no case shows this giving 'needs_judgement'; add one"]
