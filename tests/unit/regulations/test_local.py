"""Every office that a pack lets set a figure may propose and decide, and can do so with two people."""

from pathlib import Path

import pytest
import yaml

from gateway.regulation.permissions import LOCAL_DECIDE, LOCAL_PROPOSE
from kernel.regulation import Pack, load

ROOT = Path(__file__).parents[3] / "regulations"
PACKS = sorted(folder.name for folder in ROOT.iterdir() if (folder / "demonstration.yaml").is_file())


@pytest.fixture(scope="module", params=PACKS)
def pack(request: pytest.FixtureRequest) -> Pack:
    return load(ROOT / request.param)


def offices(pack: Pack) -> set[tuple[str, str]]:
    """Department and level of all setters."""
    setters = [each.set_by for each in pack.document.parameters.values() if each.set_by]
    return {(setter.department, setter.level) for setter in setters}


def test_who_sets_a_figure_holds_the_permissions_for_it(pack: Pack) -> None:
    assert offices(pack)
    for permission, duties in ((LOCAL_PROPOSE, {"handler", "approver"}), (LOCAL_DECIDE, {"approver"})):
        held = {
            (department, level)
            for grant in pack.grants(permission.name)
            if duties <= set(grant.duties)
            for department in grant.departments
            for level in grant.levels
        }
        assert offices(pack) <= held, permission.name


@pytest.mark.parametrize("name", ["shuanghe"])
def test_the_demonstration_has_two_people_where_figures_are_set(name: str) -> None:
    plan = yaml.safe_load((ROOT / name / "demonstration.yaml").read_text(encoding="utf-8"))
    levels = {unit["code"]: unit["level"] for unit in plan["units"]}
    seats = [
        (post["department"], levels[post["unit"]], post["duty"]) for user in plan["users"] for post in user["posts"]
    ]
    for department, level in offices(load(ROOT / name)):
        duties = [duty for kind, at, duty in seats if (kind, at) == (department, level)]
        assert "approver" in duties, (department, level)
        assert len(duties) > 1, (department, level)
