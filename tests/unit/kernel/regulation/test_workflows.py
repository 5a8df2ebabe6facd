"""A workflow for one case: levels and times resolved, in the form that the approvals machine loads (A1)."""

import pytest
from pydantic import ValidationError

from kernel.errors import ParameterNotSet
from kernel.regulation.schema import WorkflowDefinition

LABEL = {"zh": "名称", "en": "Name"}
CITED = {"article": "XX-1", "words": "字句"}
PUBLICITY = {
    "id": "publicity",
    "kind": "publicize",
    "label": LABEL,
    "by": {"department": "society_work"},
    "period": {"fact": "days", "unit_fact": "unit"},
    "blocks": True,
    **CITED,
}


def workflow(*steps: dict[str, object], **more: object) -> WorkflowDefinition:
    return WorkflowDefinition.model_validate(
        {"label": LABEL, "subject": "hire", "subject_levels": ["county"], "steps": list(steps), **CITED, **more}
    )


def test_subject_becomes_the_level_and_times_come_from_the_facts() -> None:
    form = workflow(PUBLICITY).for_case("hire", "county", {"days": 5, "unit": "working"})
    assert form == {
        "name": "hire",
        "version": 1,
        "steps": [
            {
                "id": "publicity",
                "kind": "publicize",
                "by": {"department": "society_work", "level": "county"},
                "article": "XX-1",
                "words": "字句",
                "due": None,
                "period": {"count": 5, "unit": "working"},
                "blocks": True,
            }
        ],
    }


@pytest.mark.parametrize("facts", [{}, {"days": 0, "unit": "working"}, {"days": True, "unit": "working"}, {"days": 5}])
def test_a_time_that_nobody_set_refuses(facts: dict[str, object]) -> None:
    with pytest.raises(ParameterNotSet):
        workflow(PUBLICITY).for_case("hire", "county", facts)


def test_a_workflow_that_waits_for_a_document_does_not_start() -> None:
    unbound = workflow(unbound={"zh": "缺少文件", "en": "document missing"})
    with pytest.raises(ParameterNotSet, match="document missing"):
        unbound.for_case("admission", "county", {})


def test_a_workflow_covers_the_levels_that_the_text_writes() -> None:
    assert workflow(PUBLICITY).covers("county")
    assert not workflow(PUBLICITY).covers("league")


JOINT = {**PUBLICITY, "kind": "joint", "period": None, "partners": [{"department": "finance", "level": "region"}]}


def test_partners_are_resolved_too() -> None:
    step = workflow(JOINT).for_case("pay", "county", {})["steps"][0]
    assert step["partners"] == [{"department": "finance", "level": "region"}]


FIX = {**PUBLICITY, "kind": "fix", "period": None, "figures_fact": "counties"}


def test_figures_to_fix_are_those_that_the_case_lists() -> None:
    step = workflow(FIX).for_case("totals", "league", {"counties": ["990101", "990102"]})["steps"][0]
    assert step["figures"] == ["990101", "990102"]


@pytest.mark.parametrize("facts", [{}, {"counties": []}, {"counties": "990101"}, {"counties": [990101]}])
def test_a_case_that_lists_no_figures_to_fix_refuses(facts: dict[str, object]) -> None:
    with pytest.raises(ParameterNotSet, match="counties"):
        workflow(FIX).for_case("totals", "league", facts)


@pytest.mark.parametrize(
    ("step", "says"),
    [
        ({**PUBLICITY, "period": None}, "needs one"),
        ({**PUBLICITY, "kind": "review"}, "belongs to a publicize step"),
        ({**PUBLICITY, "kind": "countersign", "period": None}, "needs `mode`"),
        ({**FIX, "figures_fact": None}, "has one of them"),
        ({**FIX, "figures": ["posts"]}, "has one of them"),
        ({**JOINT, "partners": []}, "which need them"),
        ({**PUBLICITY, "period": {"count": 5}}, "give `count` or `fact`"),
        ({**PUBLICITY, "kind": "ponder"}, "Input should be"),
        ({**PUBLICITY, "kind": "guide", "period": None}, "ever blocks"),
        ({**PUBLICITY, "kind": "notify", "period": None}, "ever blocks"),
    ],
)
def test_a_step_has_what_its_kind_needs(step: dict[str, object], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        workflow(step)


def test_steps_are_distinct_and_there() -> None:
    with pytest.raises(ValidationError, match="same id"):
        workflow(PUBLICITY, PUBLICITY)
    with pytest.raises(ValidationError, match="give `steps`"):
        workflow()
