"""The method of a county: by its own approval, dated, within the pack (NM-28; P7)."""

import pytest

from kernel.testing.service_client import ServiceUnderTest
from tests.integration.services.assessment.house import PATH, House, altered

SCHEMES = f"{PATH}/schemes"
APPROVE = {"action": "approve", "step": "approval", "comment": "同意"}


@pytest.mark.article("NM-28")
async def test_without_a_method_no_year_is_assessed_and_the_refusal_names_article_and_county(house: House) -> None:
    refused = await house.post(house.county, "/cycles", {"year": 2025}, 409)
    assert (refused["type"], refused["article"]) == ("/problems/parameter-not-set", "NM-28")
    assert house.tenant.tree["county"].title in refused["detail"]


@pytest.mark.article("NM-28")
async def test_a_method_is_approved_by_another_than_who_drafted_it_and_holds_from_its_day(house: House) -> None:
    body = house.draft() | {"valid_from": "2025-12-12"}
    made = await house.tenant.post(house.county, SCHEMES, body)
    assert made.status_code == 201, made.text
    scheme = made.json()
    assert made.headers["Location"] == f"{SCHEMES}/{scheme['id']}"
    assert scheme["state"] == "draft"
    scheme = await house.post(house.county, f"/schemes/{scheme['id']}/submit")
    case = f"/approvals/{scheme['case_id']}/decisions"
    await house.post(house.county, case, APPROVE, 403)
    await house.post(house.approver, case, APPROVE)
    assert (await house.get(house.league, f"/schemes/{scheme['id']}"))["state"] == "approved"
    assert (await house.post(house.county, "/cycles", {"year": 2025}, 409))["type"] == "/problems/parameter-not-set"
    await house.move_to("2025-12-12")
    assert (await house.post(house.county, "/cycles", {"year": 2025}, 201))["scheme_id"] == scheme["id"]


async def test_a_later_method_takes_the_place_and_a_cycle_keeps_its_own(house: House) -> None:
    cycle = await house.opened(outstanding_cap=1000)
    await house.move_to("2025-12-11")
    later = await house.method(outstanding_cap=2000)
    assert (await house.get(house.county, f"/cycles/{cycle['id']}"))["method"]["cap"] == 1000
    await house.move_to("2026-12-11")
    following = await house.post(house.county, "/cycles", {"year": 2026}, 201)
    assert (following["scheme_id"], following["method"]["cap"]) == (later["id"], 2000)


@pytest.mark.article("NM-28")
async def test_a_method_outside_the_pack_is_refused_with_every_fault(house: House) -> None:
    body = house.draft(stages=["confirm"], survey_minimum=1)
    body["terms"]["components"][2]["weight"] = 2999
    refused = await house.post(house.county, "/schemes", body, 422)
    pointers = {error["pointer"] for error in refused["errors"]}
    assert {"/terms/components", "/terms/stages"} <= pointers
    past = await house.post(house.county, "/schemes", house.draft() | {"valid_from": "2025-12-09"}, 409)
    assert (past["type"], past["article"]) == ("/problems/rule-refused", "NM-28")


async def test_a_draft_is_changed_under_its_version_and_not_after_it_is_submitted(house: House) -> None:
    scheme = await house.post(house.county, "/schemes", house.draft(), 201)
    path, body = f"{SCHEMES}/{scheme['id']}", house.draft(appeal_days=5)
    assert (await house.tenant.call(house.county, "PUT", path, body)).status_code == 428
    assert (await house.tenant.call(house.county, "PUT", path, body, version=9)).status_code == 412
    changed = await house.tenant.call(house.county, "PUT", path, body, version=1)
    assert (changed.status_code, changed.json()["terms"]["appeal_days"]) == (200, 5)
    submitted = await house.post(house.county, f"/schemes/{scheme['id']}/submit")
    late = await house.tenant.call(house.county, "PUT", path, body, version=submitted["version"])
    assert (late.status_code, late.json()["type"]) == (409, "/problems/wrong-state")
    await house.post(house.county, f"/schemes/{scheme['id']}/submit", None, 409)
    await house.post(house.county, f"/approvals/{submitted['case_id']}/decisions", {"action": "withdraw"})
    assert (await house.get(house.county, f"/schemes/{scheme['id']}"))["state"] == "draft"


async def test_a_method_approved_after_its_day_is_refused(house: House) -> None:
    scheme = await house.post(house.county, "/schemes", house.draft(), 201)
    scheme = await house.post(house.county, f"/schemes/{scheme['id']}/submit")
    await house.move_to("2025-12-11")
    late = await house.post(house.approver, f"/approvals/{scheme['case_id']}/decisions", APPROVE, 409)
    assert late["type"] == "/problems/rule-refused"


async def test_where_no_approval_is_written_the_method_stands_at_once(assessment: ServiceUnderTest) -> None:
    house = await House.open(assessment, altered(workflows={"assessment_scheme": None}))
    scheme = await house.post(house.county, "/schemes", house.draft(), 201)
    assert (await house.post(house.county, f"/schemes/{scheme['id']}/submit"))["state"] == "approved"


async def test_each_operation_needs_its_permission_and_the_scope(house: House) -> None:
    scheme = await house.post(house.county, "/schemes", house.draft(), 201)
    worker = await house.worker()
    path = f"{SCHEMES}/{scheme['id']}"
    for caller, status in (
        (house.finance, 403),
        (house.township, 403),
        (worker, 403),
        (None, 401),
        (house.sibling, 404),
    ):
        assert (await house.tenant.get(caller, path)).status_code == status
        assert (await house.tenant.post(caller, f"{path}/submit")).status_code == status
        change = await house.tenant.call(caller, "PUT", path, house.draft(), version=1)
        assert change.status_code == status
        if status != 404:
            await house.post(caller, "/schemes", house.draft(), status)
            assert (await house.tenant.get(caller, SCHEMES)).status_code == status
    assert (await house.get(house.sibling, "/schemes"))["items"] == []
    assert [each["id"] for each in (await house.get(house.county, "/schemes"))["items"]] == [scheme["id"]]
