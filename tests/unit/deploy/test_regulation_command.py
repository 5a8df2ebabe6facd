"""`shegong regulation` and `shegong articles` as an official's computer runs them: exit status and clear text."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.cli import regulation
from deploy.cli.articles import make_app
from deploy.cli.coverage import Operation
from deploy.cli.failures import Refusal
from tests.unit.kernel.regulation.factory import BASE, write_pack

RUNNER = CliRunner()
CASES = """
cases:
  - {name: at the limit, on: 2024-01-01, rule: age, facts: {age_years: 35}, outcome: met}
  - {name: over it, on: 2024-01-01, rule: age, facts: {age_years: 36}, outcome: needs_judgement}
"""


def write(root: Path, body: str = BASE, cases: str = CASES) -> str:
    folder = write_pack(root, "trial", body)
    (folder / "cases").mkdir()
    (folder / "cases" / "all.yaml").write_text(cases, encoding="utf-8")
    return str(folder)


def test_check_of_a_pack_in_order_exits_zero(tmp_path: Path) -> None:
    result = RUNNER.invoke(regulation.app, ["check", write(tmp_path)])
    assert (result.exit_code, result.output.strip()) == (0, "trial: in order")


def test_check_names_a_fault_and_exits_non_zero(tmp_path: Path) -> None:
    result = RUNNER.invoke(regulation.app, ["check", write(tmp_path, BASE.replace("value: 20", "value: '20'"))])
    assert result.exit_code == 1
    assert "trial/pack.yaml:31: parameters.hours [XX-2]: the value '20' is not of kind 'int'" in result.output


def test_check_names_a_case_that_differs(tmp_path: Path) -> None:
    result = RUNNER.invoke(regulation.app, ["check", write(tmp_path, cases=CASES.replace("36", "35"))])
    assert result.exit_code == 1
    assert "over it: outcome should be 'needs_judgement', is 'met'" in result.output


@pytest.mark.article("NM-9")
def test_explain_shows_the_finding_of_a_published_pack() -> None:
    facts = json.dumps({"citizen": False})
    result = RUNNER.invoke(
        regulation.app, ["explain", "neimenggu", "eligibility.citizenship", "--facts", facts, "--json"]
    )
    finding = json.loads(result.output)
    assert (finding["article"], finding["outcome"]) == ("NM-9(2)", "not_met")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["explain", "nowhere", "age"], "no regulation pack nowhere"),
        (["explain", "neimenggu", "nothing"], "has no rule nothing"),
        (["explain", "neimenggu", "eligibility.citizenship"], "fact 'citizen' is missing"),
        (["explain", "neimenggu", "eligibility.citizenship", "--facts", "[]"], "no JSON object"),
    ],
)
def test_explain_says_what_is_in_the_way(arguments: list[str], says: str) -> None:
    result = RUNNER.invoke(regulation.app, arguments)
    assert isinstance(result.exception, Refusal)
    assert says in str(result.exception)


def test_articles_prints_every_article_and_fails_on_a_hole(tmp_path: Path) -> None:
    app = make_app(lambda: [Operation("review", ("NM-9",))])
    result = RUNNER.invoke(app, ["--json", "--tests", str(tmp_path)])
    table = {row["article"]: row for row in json.loads(result.output)}
    assert result.exit_code == 1
    assert table["NM-9"]["holes"] == ["test"]
    assert table["NM-4"]["holes"] == ["operation", "test"]
    assert {f"NM-{number}" for number in range(1, 41)} <= set(table)


def test_every_article_of_both_regulations_stands() -> None:
    result = RUNNER.invoke(make_app(), ["--json", "--strict"])
    table = json.loads(result.output)
    assert [row["article"] for row in table if row["holes"] or row["status"] == "not_yet"] == []
    assert result.exit_code == 0
    assert {row["article"] for row in table if row["status"] == "declarative"} <= {"NM-1", "NM-2", "NM-40", "SH-1"}
