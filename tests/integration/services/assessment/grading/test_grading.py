"""From scores to grades, sealing, and two failed years (NM-28, NM-37(2), SH-22, 23)."""

from typing import Any

import pytest

from kernel.testing.service_client import ServiceUnderTest
from tests.integration.services.assessment.house import PATH, House, altered

OFFICE = {"department": "society_work", "level": "subject"}
OURS = {"zh": "测试", "en": "test"}
PUBLICITY = {
    "label": OURS,
    "ours": OURS,
    "subject": "cycle",
    "subject_levels": ["county"],
    "steps": [
        {
            "id": "publicity",
            "kind": "publicize",
            "label": OURS,
            "ours": OURS,
            "by": OFFICE,
            "blocks": True,
            "period": {"fact": "publicity_days", "unit_fact": "publicity_unit"},
        },
        {"id": "filing", "kind": "file", "label": OURS, "ours": OURS, "by": OFFICE, "blocks": False},
    ],
}


def who(caller: Any) -> str:
    return str(caller.actor.person)


@pytest.mark.article("NM-28")
async def test_a_year_from_the_method_to_the_sealed_grade(house: House) -> None:
    good, bad, new = await house.worker(), await house.worker(), await house.worker("2025-10-01")
    points = {who(good): ("95", "92.5"), who(bad): ("20", "30")}
    results = await house.assessed(2025, points, closes_on="2025-12-12", then="2025-12-13")
    # 95 x 30 % + 92.5 x 40 % + 100 x 30 %
    assert float(results[who(good)]["composite"]) == 95.5
    assert {code: float(part) for code, part in results[who(good)]["parts"].items()} == {
        "political_quality": 95.0,
        "work_results": 92.5,
        "satisfaction": 100.0,
    }
    assert (results[who(good)]["grade"], results[who(good)]["outstanding"]) == ("excellent", True)
    assert (results[who(bad)]["grade"], results[who(bad)]["failing"]) == ("failed", True)
    assert (results[who(new)]["state"], results[who(new)]["reason"]) == ("out", "too_short")
    told = {event.data["person_id"]: event.data for event in await house.tenant.events("grade_confirmed")}
    assert set(told) == {who(good), who(bad)}
    assert (told[who(bad)]["failing"], told[who(bad)]["year"], told[who(bad)]["confirmed_on"]) == (
        True,
        2025,
        "2025-12-13",
    )
    own = (await house.get(good, "/own/results"))["items"]
    assert [(item["year"], item["grade"], item["state"]) for item in own] == [(2025, "excellent", "sealed")]
    sealed = results[who(good)]["id"]
    late = {"scores": [{"result_id": sealed, "component": "work_results", "points": "1"}]}
    assert (await house.tenant.post(house.county, f"{PATH}/scores", late)).status_code == 409


@pytest.mark.article("NM-37")
async def test_two_adjacent_failed_years_are_told_with_the_article(house: House) -> None:
    bad, fair = await house.worker(), await house.worker()
    points = {who(bad): ("20", "30"), who(fair): ("50", "50")}
    await house.assessed(2025, points, closes_on="2025-12-12", then="2025-12-13")
    assert not await house.tenant.events("failed_twice")
    await house.move_to("2026-12-10")
    results = await house.assessed(2026, points, closes_on="2026-12-12", then="2026-12-13")
    assert {results[who(each)]["grade"] for each in (bad, fair)} == {"failed", "basic"}
    [told] = await house.tenant.events("failed_twice")
    assert (told.data["person_id"], told.data["first_year"], told.data["second_year"], told.data["article"]) == (
        who(bad),
        2025,
        2026,
        "NM-37(2)",
    )
    assert (results[who(bad)]["run"], results[who(fair)]["run"]) == (2, None)
    counted = [event for event in await house.tenant.events("recorded") if event.data["action"].endswith("years.count")]
    assert [event.data["facts"]["finding"]["outcome"] for event in counted] == ["not_met", "met"]


@pytest.mark.article("NM-37")
async def test_a_year_without_a_grade_breaks_the_run_and_is_flagged(house: House) -> None:
    bad, other = await house.worker(), await house.worker()
    points = {who(bad): ("20", "30"), who(other): ("80", "80")}
    await house.assessed(2025, points, closes_on="2025-12-12", then="2025-12-13")
    await house.move_to("2026-12-10")
    cycle = (await house.opened(2026))["id"]
    ill = (await house.results(cycle))[who(bad)]["id"]
    left = await house.post(house.approver, f"/results/{ill}/ungraded", {"reason": "长期病假，本年度不定等次"})
    assert left["state"] == "ungraded"
    await house.to_confirmation(cycle, {who(other): ("80", "80")}, closes_on="2026-12-12", then="2026-12-13")
    await house.post(house.approver, f"/cycles/{cycle}/confirm", {})
    await house.move_to("2027-12-10")
    results = await house.assessed(2027, points, closes_on="2027-12-12", then="2027-12-13")
    assert (results[who(bad)]["run"], results[who(bad)]["broken_by"]) == (1, 2026)
    assert not await house.tenant.events("failed_twice")


@pytest.mark.article("NM-28", "SH-21")
async def test_too_few_answers_keep_the_grades_from_being_confirmed(house: House) -> None:
    worker = await house.worker()
    cycle = (await house.opened())["id"]
    await house.to_confirmation(
        cycle, {who(worker): ("80", "80")}, closes_on="2025-12-12", then="2025-12-13", answers=2
    )
    standing = await house.get(house.county, f"/cycles/{cycle}/standing")
    assert standing["items"][0]["missing"] == ["satisfaction"]
    refused = await house.post(house.approver, f"/cycles/{cycle}/confirm", {}, 409)
    assert (refused["type"], refused["article"]) == ("/problems/rule-refused", "NM-28")


@pytest.mark.article("SH-23")
async def test_a_cap_leaves_ties_at_its_edge_outside_and_a_choice_cannot_break_it(house: House) -> None:
    people = [await house.worker() for _ in range(4)]
    points = {who(each): ("95", "95") for each in people[:2]} | {who(each): ("70", "70") for each in people[2:]}
    cycle = (await house.opened(outstanding_cap=2500))["id"]
    await house.to_confirmation(cycle, points, closes_on="2025-12-12", then="2025-12-13")
    standing = await house.get(house.county, f"/cycles/{cycle}/standing")
    assert (standing["pool"], standing["places"]) == (4, 1)
    by_person = {item["person_id"]: item for item in standing["items"]}
    assert [by_person[who(each)]["grade"] for each in people] == ["competent"] * 4
    assert [by_person[who(each)]["capped"] for each in people] == [True, True, False, False]

    def chosen(*persons: Any, grade: str = "excellent") -> dict[str, Any]:
        named = [by_person[who(each)]["result_id"] for each in persons]
        return {"choices": [{"result_id": each, "grade": grade, "reason": "工作组研究"} for each in named]}

    path = f"/cycles/{cycle}/confirm"
    assert (await house.post(house.approver, path, chosen(*people[:2]), 409))["type"] == "/problems/rule-refused"
    await house.post(house.approver, path, chosen(people[2]), 422)
    await house.post(house.approver, path, chosen(people[0], grade="failed"), 422)
    await house.post(house.approver, path, chosen(people[0]))
    results = await house.results(cycle)
    assert [results[who(each)]["grade"] for each in people] == ["excellent"] + ["competent"] * 3
    assert results[who(people[0])]["grade_reason"] == "工作组研究"


@pytest.mark.article("NM-28", "SH-22")
async def test_stages_are_kept_in_order(house: House) -> None:
    worker = await house.worker()
    cycle = (await house.opened())["id"]
    result = (await house.results(cycle))[who(worker)]["id"]
    statement = {"statement": "本年度走访居民三百户，处理事项二十件"}
    for caller, path, body in (
        (house.county, f"/cycles/{cycle}/advance", {"stage": "county"}),
        (house.approver, f"/cycles/{cycle}/confirm", {}),
        (
            house.township,
            "/scores",
            {"scores": [{"result_id": result, "component": "political_quality", "points": "9"}]},
        ),
        (
            house.county,
            f"/cycles/{cycle}/survey",
            {
                "title": "测评",
                "questions": [{"code": "a", "text": "问题", "best": 5}],
                "closes_on": "2025-12-20",
            },
        ),
    ):
        refused = await house.post(caller, path, body, 409)
        assert (refused["type"], refused["article"]) == ("/problems/wrong-state", "NM-28"), path
    said = await house.post(worker, f"/own/results/{result}/self-assessment", statement)
    assert said["self_statement"] == statement["statement"]
    await house.post(worker, f"/own/results/{result}/self-assessment", statement, 409)
    await house.advance(cycle, "self")
    await house.post(worker, f"/own/results/{result}/self-assessment", statement, 409)
    missing = await house.advance(cycle, "township", 409)
    assert (missing["type"], missing["article"]) == ("/problems/rule-refused", "NM-28")
    assert (await house.get(house.county, f"/cycles/{cycle}"))["stage"] == "township"


@pytest.mark.article("SH-22")
async def test_publicity_and_filing_come_before_the_seal_where_the_regulation_writes_them(
    assessment: ServiceUnderTest,
) -> None:
    house = await House.open(assessment, altered(workflows={"assessment_result": PUBLICITY}))
    worker = await house.worker()
    terms = {"publicity_days": 5, "publicity_unit": "calendar"}
    results = await house.assessed(
        2025, {who(worker): ("80", "80")}, closes_on="2025-12-12", then="2025-12-13", **terms
    )
    assert results[who(worker)]["state"] == "confirmed"
    assert not await house.tenant.events("grade_confirmed")
    await house.move_to("2025-12-18")
    assert not await house.tenant.events("grade_confirmed")
    await house.move_to("2025-12-19")
    assert len(await house.tenant.events("grade_confirmed")) == 1
    [cycle] = (await house.get(house.county, "/cycles"))["items"]
    assert (cycle["state"], cycle["case_state"], cycle["sealed_on"]) == ("sealed", "approved", "2025-12-19")


async def test_each_operation_needs_its_permission_and_the_scope(house: House) -> None:
    worker = await house.worker()
    cycle = (await house.opened())["id"]
    result = (await house.results(cycle))[who(worker)]["id"]
    for path, sibling in (
        (f"/cycles/{cycle}/advance", house.sibling),
        (f"/cycles/{cycle}/confirm", house.sibling_approver),
        (f"/results/{result}/ungraded", house.sibling_approver),
    ):
        body = {"stage": "self"} if path.endswith("advance") else {}
        body = {"reason": "长期病假"} if path.endswith("ungraded") else body
        for caller, status in ((house.finance, 403), (house.township, 403), (worker, 403), (None, 401), (sibling, 404)):
            await house.post(caller, path, body, status)
    for path in (f"/cycles/{cycle}", f"/cycles/{cycle}/standing"):
        for caller, status in ((house.finance, 403), (house.township, 403), (worker, 403), (None, 401)):
            assert (await house.tenant.get(caller, f"{PATH}{path}")).status_code == status
        assert (await house.tenant.get(house.sibling, f"{PATH}{path}")).status_code == 404
    await house.post(house.county, f"/cycles/{cycle}/confirm", {}, 403)
