"""Numbers per community: proposed, approved by Party committee and government, filed with the league (NM-6)."""

import asyncio

import pytest

from tests.integration.services.roster.staffing.desk import DAY, Desk


@pytest.mark.article("NM-6")
async def test_numbers_hold_once_both_have_approved_and_filing_is_not_waited_for(desk: Desk) -> None:
    await desk.population()
    assert (await desk.fix(county=9)).is_success
    proposed = await desk.propose(community=5, other_community=4)
    proposal = proposed.json()
    assert (proposed.status_code, proposal["state"]) == (201, "open")
    early = await desk.decide("government", proposal["case_id"], "approve", "government")
    assert early.status_code == 409
    assert (await desk.decide("party", proposal["case_id"], "approve", "party_committee")).is_success
    assert (await desk.headcount("community"))["fixed"] is None
    assert (await desk.decide("government", proposal["case_id"], "approve", "government")).is_success
    assert (await desk.headcount("community"))["fixed"] == 5
    assert (await desk.made("county", "GET", f"/headcount-proposals/{proposal['id']}"))["state"] == "in_force"
    case = await desk.made("league", "GET", f"/approvals/{proposal['case_id']}")
    assert [(step["step"], step["state"]) for step in case["steps"]] == [
        ("party_committee", "done"),
        ("government", "done"),
        ("league_filing", "open"),
    ]
    assert (await desk.decide("league", proposal["case_id"], "acknowledge", "league_filing")).is_success
    told = [each.data for each in await desk.tenant.events("changed") if each.data["level"] == "community"]
    assert [(each["fixed"], each["occupied"], each["reserved"]) for each in told] == [(5, 0, 0), (4, 0, 0)]


@pytest.mark.article("NM-6")
async def test_a_sum_over_the_total_is_refused_with_the_numbers_at_once(desk: Desk) -> None:
    await desk.population()
    assert (await desk.fix(county=9)).is_success
    refused = await desk.propose(community=5, other_community=5)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/rule-refused")
    assert refused.json()["article"] == "NM-6"
    assert refused.json()["findings"][0]["facts"] == {"on": DAY, "sum": 10, "limit": 9}
    assert (await desk.made("county", "GET", "/headcount-proposals"))["items"] == []
    assert (await desk.propose(community=5, other_community=4)).status_code == 201


@pytest.mark.article("NM-6")
async def test_numbers_of_other_communities_that_hold_already_count(desk: Desk) -> None:
    await desk.staffed(total=9, community=5)
    assert (await desk.propose(other_community=5)).status_code == 409
    assert (await desk.propose(other_community=4)).status_code == 201


@pytest.mark.article("NM-6")
async def test_the_total_is_counted_again_when_the_numbers_take_effect(desk: Desk) -> None:
    await desk.population()
    assert (await desk.fix(county=9)).is_success
    first, second = [(await desk.propose(**{unit: 6})).json() for unit in ("community", "other_community")]
    await desk.approve(first)
    assert (await desk.decide("party", second["case_id"], "approve", "party_committee")).is_success
    late = await desk.decide("government", second["case_id"], "approve", "government")
    assert (late.status_code, late.json()["article"]) == (409, "NM-6")
    assert (await desk.headcount("other_community"))["fixed"] is None
    # The refused decision left nothing behind: the step is still open.
    case = await desk.made("county", "GET", f"/approvals/{second['case_id']}")
    assert [step["state"] for step in case["steps"]] == ["done", "open", "waiting"]


@pytest.mark.article("NM-6")
async def test_two_proposals_decided_at_once_never_pass_the_total_together(desk: Desk) -> None:
    await desk.population()
    assert (await desk.fix(county=9)).is_success
    cases = [(await desk.propose(**{unit: 6})).json()["case_id"] for unit in ("community", "other_community")]
    for case in cases:
        assert (await desk.decide("party", case, "approve", "party_committee")).is_success
    answers = await asyncio.gather(*(desk.decide("government", case, "approve", "government") for case in cases))
    assert sorted(answer.status_code for answer in answers) == [200, 409]


@pytest.mark.article("NM-6")
async def test_without_a_total_nothing_is_proposed_and_the_league_is_named(desk: Desk) -> None:
    refused = await desk.propose(community=1)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/parameter-not-set")
    assert refused.json()["article"] == "NM-6"
    assert "League" in refused.json()["detail"]


@pytest.mark.article("NM-6")
async def test_a_returned_proposal_is_corrected_and_submitted_again(desk: Desk) -> None:
    await desk.population()
    assert (await desk.fix(county=9)).is_success
    proposal = (await desk.propose(community=5)).json()
    path = f"/headcount-proposals/{proposal['id']}"
    body = desk.totals_body(community=3) | {"reason": "更正"}
    locked = await desk.call("county", "PUT", path, body, version=proposal["version"])
    assert (locked.status_code, locked.json()["type"]) == (409, "/problems/wrong-state")
    assert (await desk.decide("party", proposal["case_id"], "return", "party_committee", comment="请更正")).is_success
    assert (await desk.made("county", "GET", path))["state"] == "returned"
    assert (await desk.call("county", "PUT", path, body, version=proposal["version"] + 1)).status_code == 412
    over = desk.totals_body(community=10) | {"reason": "更正"}
    assert (await desk.call("county", "PUT", path, over, version=proposal["version"])).status_code == 409
    corrected = await desk.made("county", "PUT", path, body, version=proposal["version"])
    assert corrected["items"][0]["posts"] == 3
    assert (await desk.decide("county", proposal["case_id"], "submit")).is_success
    await desk.approve(proposal)
    assert (await desk.headcount("community"))["fixed"] == 3


@pytest.mark.article("NM-6")
async def test_a_rejected_or_withdrawn_proposal_changes_no_number(desk: Desk) -> None:
    await desk.population()
    assert (await desk.fix(county=9)).is_success
    rejected, withdrawn = [(await desk.propose(community=5)).json() for _ in range(2)]
    reject = await desk.decide("party", rejected["case_id"], "reject", "party_committee", comment="不同意")
    assert reject.is_success
    assert (await desk.decide("county", withdrawn["case_id"], "withdraw")).is_success
    states = {each["id"]: each["state"] for each in (await desk.made("county", "GET", "/headcount-proposals"))["items"]}
    assert states == {rejected["id"]: "rejected", withdrawn["id"]: "withdrawn"}
    assert (await desk.headcount("community"))["fixed"] is None


async def test_a_community_elsewhere_is_no_subordinate_unit(desk: Desk) -> None:
    await desk.population()
    assert (await desk.fix(county=9)).is_success
    for unit in ("sibling_community", "township", "county"):
        refused = await desk.propose(**{unit: 1})
        assert [each["pointer"] for each in refused.json()["errors"]] == ["/items/0/unit_id"]


@pytest.mark.article("NM-6")
async def test_each_operation_needs_its_permission_and_the_scope(desk: Desk) -> None:
    await desk.population()
    assert (await desk.fix(county=9)).is_success
    body = desk.totals_body(community=1) | {"reason": "分配"}
    for who in ("league_approver", "county_approver", "party", "township", "finance"):
        assert (await desk.call(who, "POST", "/headcount-proposals", body)).status_code == 403
    assert (await desk.call("sibling", "POST", "/headcount-proposals", body)).status_code == 422
    proposal = (await desk.propose(community=1)).json()
    path = f"/headcount-proposals/{proposal['id']}"
    for who, status in (("sibling", 404), ("township", 404), ("finance", 403), (None, 401), ("league", 200)):
        assert (await desk.call(who, "GET", path)).status_code == status
    assert (await desk.call("sibling", "PUT", path, body, version=1)).status_code == 404
    assert (await desk.call("party", "PUT", path, body, version=1)).status_code == 403
    assert (await desk.call("finance", "GET", "/headcount-proposals")).status_code == 403
    assert (await desk.decide("sibling", proposal["case_id"], "approve", "party_committee")).status_code == 404
    assert (await desk.decide("county_approver", proposal["case_id"], "approve", "party_committee")).status_code == 403
