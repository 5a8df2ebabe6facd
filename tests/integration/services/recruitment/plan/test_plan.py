"""Plans over HTTP: drafting, the way of approval, correction after a return."""

import pytest

from tests.integration.services.recruitment.journey import Journey


async def test_a_plan_is_drafted_for_the_unit_of_the_acting_post(journey: Journey) -> None:
    response = await journey.call("handler", "POST", "/plans", journey.plan_body())
    plan = response.json()
    assert response.status_code == 201
    assert plan["state"] == "draft"
    assert plan["unit_no"] == journey.tenant.tree["county"].unit_no
    assert plan["pack_id"] == "neimenggu"
    assert response.headers["Location"].endswith(plan["id"])
    assert response.headers["ETag"] == '"1"'
    assert [entry.data["action"] for entry in await journey.tenant.events("recorded")] == ["recruitment.plan.draft"]


@pytest.mark.article("NM-8")
async def test_a_county_plan_is_approved_by_the_league_and_sent_to_its_organization_department(
    journey: Journey,
) -> None:
    plan = await journey.draft()
    submitted = await journey.submitted(plan)
    assert submitted["state"] == "submitted"
    case_id = submitted["case_id"]
    refused = await journey.decide("approver", case_id, "approve", "league_review")
    assert refused.status_code == 403
    assert (await journey.decide("league", case_id, "approve", "league_review")).is_success
    assert (await journey.made("handler", "GET", f"/plans/{plan['id']}"))["state"] == "approved"
    (approved,) = await journey.tenant.events("approved")
    assert approved.data["posts"] == 1
    # The filing stays an open duty until it is registered.
    filed = await journey.made("organization", "GET", f"/approvals/{case_id}")
    assert [step["state"] for step in filed["steps"]] == ["done", "open"]
    assert (await journey.decide("organization", case_id, "acknowledge", "league_filing")).is_success
    assert len(await journey.tenant.events("approved")) == 1


@pytest.mark.article("NM-8")
async def test_a_league_plan_needs_no_outside_review(journey: Journey) -> None:
    plan = await journey.draft("league_handler")
    submitted = await journey.submitted(plan, "league_handler")
    assert submitted["state"] == "approved"
    assert submitted["case_id"] is None


@pytest.mark.article("NM-8")
async def test_a_plan_without_days_of_publicity_is_not_submitted(journey: Journey) -> None:
    plan = await journey.draft(publicity_days=None, publicity_unit=None)
    response = await journey.call("handler", "POST", f"/plans/{plan['id']}/submit")
    assert response.status_code == 409
    assert response.json()["type"] == "/problems/parameter-not-set"
    assert (await journey.made("handler", "GET", f"/plans/{plan['id']}"))["state"] == "draft"


async def test_a_returned_plan_is_corrected_and_submitted_again(journey: Journey) -> None:
    plan = await journey.draft()
    plan = await journey.submitted(plan)
    path = f"/plans/{plan['id']}"
    body = journey.plan_body(title="更正后的方案")
    locked = await journey.call("handler", "PUT", path, body, version=plan["version"])
    assert locked.status_code == 409
    case_id = plan["case_id"]
    assert (await journey.decide("league", case_id, "return", "league_review", comment="请更正")).is_success
    returned = await journey.made("handler", "GET", path)
    assert returned["state"] == "returned"
    stale = await journey.call("handler", "PUT", path, body, version=returned["version"] + 1)
    assert stale.status_code == 412
    changed = await journey.made("handler", "PUT", path, body, version=returned["version"])
    assert changed["title"] == "更正后的方案"
    assert (await journey.decide("handler", case_id, "submit")).is_success
    await journey.answer(plan, version=2)
    assert (await journey.decide("league", case_id, "approve", "league_review")).is_success
    assert (await journey.made("handler", "GET", path))["state"] == "approved"


async def test_a_rejected_plan_stays_rejected(journey: Journey) -> None:
    plan = await journey.draft()
    plan = await journey.submitted(plan)
    assert (await journey.decide("league", plan["case_id"], "reject", "league_review", comment="不符合")).is_success
    assert (await journey.made("handler", "GET", f"/plans/{plan['id']}"))["state"] == "rejected"
    again = await journey.call("handler", "POST", f"/plans/{plan['id']}/submit")
    assert again.status_code == 409


async def test_a_withdrawn_plan_is_a_draft_again(journey: Journey) -> None:
    plan = await journey.draft()
    plan = await journey.submitted(plan)
    assert (await journey.decide("handler", plan["case_id"], "withdraw")).is_success
    assert (await journey.made("handler", "GET", f"/plans/{plan['id']}"))["state"] == "draft"
    assert (await journey.submitted(plan, version=2))["state"] == "submitted"


async def test_a_community_of_a_sibling_county_is_refused_as_no_community_of_the_unit(journey: Journey) -> None:
    body = journey.plan_body()
    body["items"][0]["community_unit_id"] = str(journey.tenant.tree["sibling_community"].id)
    response = await journey.call("handler", "POST", "/plans", body)
    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"] == "/items/0/community_unit_id"


@pytest.mark.article("NM-7")
async def test_members_of_the_two_committees_are_not_recruited(journey: Journey) -> None:
    body = journey.plan_body()
    body["items"][0]["category"] = "committee_member"
    response = await journey.call("handler", "POST", "/plans", body)
    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"] == "/items/0/category"


async def test_a_sibling_county_sees_no_plan_and_the_league_sees_it(journey: Journey) -> None:
    plan = await journey.draft()
    assert (await journey.call("sibling", "GET", f"/plans/{plan['id']}")).status_code == 404
    assert (await journey.made("sibling", "GET", "/plans"))["items"] == []
    assert (await journey.made("league", "GET", f"/plans/{plan['id']}"))["id"] == plan["id"]
    assert (await journey.call("sibling", "POST", f"/plans/{plan['id']}/submit")).status_code == 404
    assert (await journey.call("township", "GET", "/plans")).status_code == 403


async def test_the_list_is_cut_into_pages_without_losing_a_plan(journey: Journey) -> None:
    made = [(await journey.draft(title=f"方案{number}"))["id"] for number in range(3)]
    first = await journey.made("handler", "GET", "/plans", query={"limit": "2"})
    second = await journey.made("handler", "GET", "/plans", query={"limit": "2", "cursor": first["next"]})
    assert [plan["id"] for plan in first["items"] + second["items"]] == made[::-1]
    assert second["next"] is None
