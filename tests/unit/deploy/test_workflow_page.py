"""Every workflow of a regulation has a feature and every feature its workflow, and docs/workflows.md says so (A7)."""

from pathlib import Path

import pytest

from deploy.cli import workflow_page
from deploy.cli.permissions import lived_under, packs_of, read_unheld
from deploy.cli.workflows import UNWRITTEN
from kernel.errors import Text
from kernel.regulation.pack import Pack

PAGE = Path(__file__).resolve().parents[3] / "docs" / "workflows.md"
REASON = Text("未规定", "The text knows none")


@pytest.fixture(scope="module")
def packs() -> list[Pack]:
    return lived_under(packs_of())


@pytest.fixture(scope="module")
def opened() -> dict[str, str]:
    return workflow_page.features()


def test_the_kept_page_is_the_present_one(packs: list[Pack], opened: dict[str, str]) -> None:
    assert list(workflow_page.faults(opened, packs, read_unheld(UNWRITTEN))) == []
    made = workflow_page.page(opened, packs, read_unheld(UNWRITTEN))
    assert PAGE.read_text(encoding="utf-8") == made, "run `shegong workflows > docs/workflows.md`"


@pytest.mark.article("NM-6", "NM-8", "NM-24", "NM-28", "SH-7", "SH-14", "SH-20", "SH-22")
def test_the_regulations_own_workflows_are_opened_by_their_features(packs: list[Pack], opened: dict[str, str]) -> None:
    by_article = {
        (pack.id, workflow.article, opened[name])
        for pack in packs
        for name, workflow in pack.document.workflows.items()
    }
    assert by_article >= {
        ("neimenggu", "NM-6", "roster.staffing"),
        ("neimenggu", "NM-8", "recruitment.plan"),
        ("neimenggu", "NM-24", "roster.secondment"),
        ("neimenggu", "NM-28", "assessment.scheme"),
        ("shuanghe", "SH-7", "recruitment.plan"),
        ("shuanghe", "SH-14", "roster.admission"),
        ("shuanghe", "SH-20", "assessment.scheme"),
        ("shuanghe", "SH-22", "assessment.grading"),
    }


def test_a_workflow_without_a_feature_and_a_feature_without_a_workflow_are_faults(
    packs: list[Pack], opened: dict[str, str]
) -> None:
    pack = next(each for each in packs if each.id == "neimenggu")
    fewer = {name: feature for name, feature in opened.items() if name != "secondment"}
    more = opened | {"made_up": "roster.made_up"}
    kept = read_unheld(UNWRITTEN)
    own = {"neimenggu": kept["neimenggu"]}
    assert list(workflow_page.faults(fewer, [pack], own)) == ["neimenggu: workflow secondment is opened by no feature"]
    assert list(workflow_page.faults(more, [pack], own)) == [
        "neimenggu: roster.made_up opens made_up, which is not written, and no reason is given"
    ]


def test_a_reason_that_is_not_needed_is_a_fault(packs: list[Pack], opened: dict[str, str]) -> None:
    pack = next(each for each in packs if each.id == "neimenggu")
    own = read_unheld(UNWRITTEN)["neimenggu"] | {"secondment": REASON, "made_up": REASON}
    assert list(workflow_page.faults(opened, [pack], {"neimenggu": own, "nowhere": {}})) == [
        "neimenggu: secondment is written, though a reason is given why not",
        "neimenggu: a reason is given for made_up, which no feature opens",
        "unwritten: there is no regulation nowhere",
    ]
