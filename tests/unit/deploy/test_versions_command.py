"""`shegong regulation diff`: what another version changes, in words or for programs; what is in the way is said."""

import json
import re
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.cli.failures import Refusal
from deploy.cli.main import app
from kernel.regulation.loading import INSTALLED


@pytest.fixture
def later(tmp_path: Path) -> Path:
    """The regulation with another name for one post."""
    for layer in ("national", "shuanghe"):
        shutil.copytree(INSTALLED / layer, tmp_path / layer)
    roles = tmp_path / "shuanghe" / "roles.yaml"
    known = roles.read_text(encoding="utf-8")
    roles.write_text(known.replace("zh: 社区党支部书记", "zh: 社区党支部第一书记", 1), encoding="utf-8")
    return tmp_path / "shuanghe"


def test_differences_are_told_in_the_language_asked_for(later: Path) -> None:
    said = CliRunner().invoke(app, ["regulation", "diff", "shuanghe", str(later)])
    assert said.exit_code == 0, said.output
    assert said.output.splitlines() == [
        "社区党支部第一书记的名称由社区党支部书记改为社区党支部第一书记（第四条）",
        "1 differences",
    ]
    told = json.loads(CliRunner().invoke(app, ["regulation", "diff", "shuanghe", str(later), "--json"]).output)
    assert [(each["section"], each["member"], each["article"]) for each in told] == [("roles", "secretary", "SH-4")]
    english = CliRunner().invoke(app, ["regulation", "diff", "shuanghe", "shuanghe", "--language", "en"])
    assert english.output == "0 differences\n"


def test_a_version_may_lie_anywhere_without_its_parent_beside_it(later: Path) -> None:
    shutil.rmtree(later.parent / "national")
    said = CliRunner().invoke(app, ["regulation", "diff", "shuanghe", str(later)])
    assert (said.exit_code, said.output.splitlines()[-1]) == (0, "1 differences")


def test_versions_that_are_checked_together_may_not_overlap(later: Path) -> None:
    pack = later / "pack.yaml"
    pack.write_text(pack.read_text(encoding="utf-8").replace('version: "1"', 'version: "2"', 1), encoding="utf-8")
    said = CliRunner().invoke(app, ["regulation", "check", "shuanghe", str(later)])
    assert said.exit_code == 1
    assert "overlaps version 1 of shuanghe/pack.yaml" in said.output
    assert CliRunner().invoke(app, ["regulation", "check", str(later)]).exit_code == 0


@pytest.mark.parametrize("command", [["explain", "{}", "eligibility"], ["mutate", "{}"], ["diff", "{}", "shuanghe"]])
def test_a_pack_with_faults_is_refused_with_the_first_of_them(later: Path, command: list[str]) -> None:
    roles = later / "roles.yaml"
    roles.write_text(roles.read_text(encoding="utf-8").replace("article: SH-4", "article: SH-999", 1), encoding="utf-8")
    said = CliRunner().invoke(app, ["regulation", *(each.format(later) for each in command)])
    assert isinstance(said.exception, Refusal)
    assert re.search(r"roles\.yaml:\d+: .*SH-999", str(said.exception))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["diff", "shuanghe", "nowhere"], "no regulation pack nowhere"),
        (["simulate", "shuanghe", "shuanghe", "--on", "tomorrow"], "tomorrow is no day"),
        (
            ["publish", "shuanghe", "shuanghe", "--official", "x", "--document", "y", "--valid-from", "1 July"],
            "1 July is no day",
        ),
    ],
)
def test_what_is_in_the_way_is_said(arguments: list[str], says: str) -> None:
    outcome = CliRunner().invoke(app, ["regulation", *arguments])
    assert isinstance(outcome.exception, Refusal)
    assert says in str(outcome.exception)
