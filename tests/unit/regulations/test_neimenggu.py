"""The Inner Mongolia pack: what the text fixes on the path from plan to duty, and who may do what."""

from datetime import date
from pathlib import Path

import pytest

from kernel.regulation import Pack, load
from kernel.regulation.schema.workflows import SUBJECT, Office

ROOT = Path(__file__).resolve().parents[3] / "regulations"
PACK: Pack = load(ROOT / "neimenggu")
ADMINISTRATORS = {"system_admin", "security_admin", "audit_admin"}


@pytest.mark.article("NM-1", "NM-2", "NM-40")
def test_all_forty_articles_are_listed_with_their_text() -> None:
    own = {number: article for number, article in PACK.document.articles.items() if number.startswith("NM-")}
    assert set(own) == {f"NM-{number}" for number in range(1, 41)}
    assert all(article.text for article in own.values())


@pytest.mark.article("NM-40")
def test_the_regulation_holds_from_the_day_of_issue() -> None:
    assert not PACK.in_force(date(2024, 8, 20))
    assert PACK.in_force(date(2024, 8, 21))


@pytest.mark.article("NM-3")
def test_two_categories_of_full_time_workers() -> None:
    categories = PACK.document.categories
    assert {name: category.relations for name, category in categories.items()} == {
        "committee_member": ["elected_office"],
        "community_staff": ["labour_contract"],
    }
    assert all(category.full_time for category in categories.values())


@pytest.mark.article("NM-8")
def test_a_county_run_plan_is_reviewed_then_filed_and_a_league_run_plan_is_not() -> None:
    workflow = PACK.workflow("recruitment_plan")
    assert workflow is not None
    assert workflow.covers("county")
    assert not workflow.covers("league")
    steps = workflow.for_case("recruitment_plan", "county", {})["steps"]
    assert [(step["kind"], step["by"], step["blocks"]) for step in steps] == [
        ("review", {"department": "society_work", "level": "league"}, True),
        ("file", {"department": "organization", "level": "league"}, False),
    ]


@pytest.mark.article("NM-6")
def test_numbers_of_communities_are_approved_by_both_and_filed_without_waiting() -> None:
    workflow = PACK.workflow("headcount_communities")
    assert workflow is not None
    assert workflow.covers("county")
    assert not workflow.covers("league")
    steps = workflow.for_case("headcount_communities", "county", {})["steps"]
    assert [(step["kind"], step["by"]["department"], step["by"]["level"], step["blocks"]) for step in steps] == [
        ("approve", "party_committee", "county", True),
        ("approve", "government", "county", True),
        ("file", "society_work", "league", False),
    ]
    assert all(step["due"] is None for step in steps)


@pytest.mark.article("NM-8")
def test_the_plan_sets_how_long_the_list_is_public() -> None:
    workflow = PACK.workflow("hire")
    assert workflow is not None
    steps = workflow.for_case("hire", "league", {"publicity_days": 5, "publicity_unit": "working"})["steps"]
    assert [(step["kind"], step["by"]["level"], step["period"]) for step in steps] == [
        ("publicize", "league", {"count": 5, "unit": "working"}),
        ("approve", "league", None),
    ]


@pytest.mark.article("NM-8")
def test_stages_of_selection_in_the_order_of_the_text() -> None:
    procedure = PACK.procedure("recruitment")
    assert procedure is not None
    assert [step.id for step in procedure.steps if step.selection] == ["exam", "medical", "inspection"]


@pytest.mark.article("NM-12")
def test_the_contract_has_seven_contents_and_the_township_signs_it() -> None:
    contents = PACK.item_list("contract.contents")
    assert contents is not None
    assert len(contents.items) == 7
    text = PACK.article("NM-12").text
    assert text is not None
    assert all(item.label.zh in text for item in contents.items.values())
    assert PACK.parameter("contract.party_level").text() == "township"


@pytest.mark.article("NM-20")
def test_twenty_four_off_job_hours_gate_hired_staff_and_stay_a_duty_for_elected_members() -> None:
    assert PACK.parameter("training.pre_service_hours").integer() == 24
    assert PACK.parameter("training.pre_service_off_job").boolean()
    assert not PACK.parameter("training.pre_service_online_counts").boolean()
    assert PACK.parameter("training.pre_service_gate_relations").texts() == ["labour_contract"]
    assert PACK.parameter("training.pre_service_duty_relations").texts() == ["elected_office"]


@pytest.mark.article("NM-9", "NM-11")
def test_relaxation_reaches_age_and_education_and_nothing_else() -> None:
    bounds = PACK.document.relaxations["relaxation.community"].bounds
    assert set(bounds) == {"eligibility.age", "eligibility.education"}
    relaxable = {name for name, rule in PACK.document.rules.items() if rule.relaxable_by}
    assert relaxable == set(bounds)


@pytest.mark.article("NM-9", "NM-11")
def test_political_and_moral_conditions_are_judged_by_people() -> None:
    assert set(PACK.judgements_of("eligibility")) == {
        "eligibility.politics",
        "eligibility.conduct",
        "eligibility.fitness",
        "eligibility.post",
        "bar.state_security",
        "bar.statements",
        "bar.expelled",
        "bar.other",
    }


def test_the_three_administrative_duties_are_kept_apart() -> None:
    """A right to change something has one kind of holder where an administrator holds it."""
    held: dict[str, set[str]] = {kind: set() for kind in ADMINISTRATORS}
    for name in PACK.document.permissions:
        if not name.endswith(".read"):
            kinds = {kind for grant in PACK.grants(name) for kind in grant.departments}
            for kind in ADMINISTRATORS & kinds:
                assert kinds == {kind}, name
                held[kind].add(name)
    assert held["system_admin"] >= {"directory.unit.write", "directory.time.move"}
    assert held["security_admin"] >= {"directory.password.set", "directory.post.write", "directory.user.write"}
    assert held["audit_admin"] == set()
    assert {name.split(".")[0] for names in held.values() for name in names} == {"directory", "webhooks"}
    assert {kind for grant in PACK.grants("audit.entry.read") for kind in grant.departments} == {"audit_admin"}


def test_every_office_of_a_workflow_holds_the_permission_to_decide() -> None:
    """Each workflow is decided in the service that runs it; here it is enough that some service lets its offices in."""
    deciders = {
        (department, level)
        for name in PACK.document.permissions
        if name.endswith(".approval.decide")
        for grant in PACK.grants(name)
        if "approver" in grant.duties
        for department in grant.departments
        for level in grant.levels
    }
    for workflow in PACK.document.workflows.values():
        for step in workflow.steps:
            assert isinstance(step.by, Office)
            levels = workflow.subject_levels if step.by.level == SUBJECT else [step.by.level]
            assert {(step.by.department, level) for level in levels} <= deciders
