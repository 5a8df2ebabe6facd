"""A plan asks only for posts that are free: refused at once here, or by roster's answer (NM-5, NM-6; R1)."""

import json
from typing import Any

import pytest

from contracts.recruitment import PlanEnded
from kernel.events.inbox import Outcome
from kernel.testing.service_client import ServiceUnderTest
from tests.integration.services.recruitment.journey import Journey
from tests.integration.services.recruitment.regiment import Regiment


def posts(journey: Journey, number: int, unit: str = "community") -> list[dict[str, Any]]:
    return [journey.plan_body()["items"][0] | {"posts": number, "community_unit_id": str(journey.tenant.tree[unit].id)}]


async def seen(journey: Journey, plan: dict[str, Any]) -> dict[str, Any]:
    return await journey.made("handler", "GET", f"/plans/{plan['id']}")


async def why_ended(journey: Journey) -> list[tuple[str, int]]:
    return [(each.data["why"], each.data["round"]) for each in await journey.tenant.events(PlanEnded.name)]


@pytest.mark.article("NM-5")
async def test_a_plan_for_too_many_posts_is_refused_at_once_with_numbers_and_article(journey: Journey) -> None:
    await journey.tell_headcount("community", fixed=9, occupied=4, reserved=2, version=2)
    over = await journey.draft(items=posts(journey, 2) * 2)
    refused = await journey.call("handler", "POST", f"/plans/{over['id']}/submit")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/rule-refused")
    assert refused.json()["article"] == "NM-5"
    facts = refused.json()["findings"][0]["facts"]
    assert (facts["asked"], facts["free"], facts["fixed"]) == (4, 3, 9)
    assert (await seen(journey, over))["state"] == "draft"
    assert not await journey.tenant.events("asks_for_posts")
    right = await journey.draft(items=posts(journey, 3))
    assert (await journey.made("handler", "POST", f"/plans/{right['id']}/submit"))["state"] == "reserving"


@pytest.mark.article("NM-6")
async def test_a_community_without_a_number_is_not_one_with_zero(journey: Journey) -> None:
    await journey.tell_headcount("community", fixed=None, version=2)
    plan = await journey.draft()
    refused = await journey.call("handler", "POST", f"/plans/{plan['id']}/submit")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/parameter-not-set")
    assert refused.json()["article"] == "NM-6"
    assert journey.tenant.tree["league"].title in refused.json()["detail"]
    # Of a league's own plan too: roster never told of this community at all.
    other = await journey.draft("league_handler", items=posts(journey, 1, "sibling_community"))
    refused = await journey.call("league_handler", "POST", f"/plans/{other['id']}/submit")
    assert refused.json()["article"] == "NM-6"


@pytest.mark.article("NM-5", "NM-8")
async def test_the_way_of_approval_begins_when_roster_has_kept_the_posts(journey: Journey) -> None:
    plan = await journey.draft(items=posts(journey, 2))
    asked = await journey.made("handler", "POST", f"/plans/{plan['id']}/submit")
    assert (asked["state"], asked["seats"], asked["case_id"]) == ("reserving", "asked", None)
    [request] = await journey.tenant.events("asks_for_posts")
    assert (request.data["posts"], request.data["round"]) == ([2], 1)
    body = journey.plan_body(title="另一方案")
    assert (
        await journey.call("handler", "PUT", f"/plans/{plan['id']}", body, version=asked["version"])
    ).status_code == 409
    assert await journey.answer(plan) is Outcome.APPLIED
    after = await seen(journey, plan)
    assert (after["state"], after["seats"]) == ("submitted", "held")
    # The case stands in the name of whoever submitted, who therefore cannot decide on it, but may withdraw it.
    case = await journey.made("handler", "GET", f"/approvals/{after['case_id']}")
    assert case["submitter_user_id"] == str(journey.posts["handler"].actor.user)
    assert await journey.answer(plan, version=1) is Outcome.DUPLICATE
    assert (await journey.decide("league", after["case_id"], "approve", "league_review")).is_success
    assert (await seen(journey, plan))["state"] == "approved"


@pytest.mark.article("NM-5")
async def test_a_lost_race_ends_the_plan_with_the_same_finding(journey: Journey) -> None:
    plan = await journey.draft(items=posts(journey, 2))
    await journey.made("handler", "POST", f"/plans/{plan['id']}/submit")
    await journey.answer(plan, granted=False, free=1)
    ended = await seen(journey, plan)
    assert (ended["state"], ended["seats"], ended["case_id"]) == ("refused", "refused", None)
    [finding] = ended["findings"]
    assert (finding["rule"], finding["article"], finding["outcome"]) == ("headcount.free_posts", "NM-5", "not_met")
    assert (finding["facts"]["asked"], finding["facts"]["free"]) == (2, 1)
    assert await why_ended(journey) == [("refused", 1)]
    assert (await journey.call("handler", "POST", f"/plans/{plan['id']}/submit")).status_code == 409


@pytest.mark.article("NM-5")
@pytest.mark.parametrize(
    ("who", "action", "step", "state"),
    [
        ("league", "reject", "league_review", "rejected"),
        ("handler", "withdraw", None, "draft"),
        ("league", "return", "league_review", "returned"),
    ],
)
async def test_a_plan_that_does_not_go_on_gives_its_posts_back(
    journey: Journey, who: str, action: str, step: str | None, state: str
) -> None:
    plan = await journey.submitted(await journey.draft())
    assert (await journey.decide(who, plan["case_id"], action, step, comment="不再办理")).is_success
    after = await seen(journey, plan)
    assert (after["state"], after["seats"]) == (state, "released")
    expected = {"reject": "rejected", "withdraw": "withdrawn", "return": "returned"}[action]
    assert await why_ended(journey) == [(expected, 1)]


@pytest.mark.article("NM-5")
async def test_a_corrected_plan_asks_anew_and_nobody_approves_before_the_answer(journey: Journey) -> None:
    plan = await journey.submitted(await journey.draft())
    case = plan["case_id"]
    assert (await journey.decide("league", case, "return", "league_review", comment="请更正")).is_success
    returned = await seen(journey, plan)
    body = journey.plan_body(items=posts(journey, 51))
    await journey.made("handler", "PUT", f"/plans/{plan['id']}", body, version=returned["version"])
    over = await journey.decide("handler", case, "submit")
    assert (over.status_code, over.json()["article"]) == (409, "NM-5")
    returned = await seen(journey, plan)
    assert returned["state"] == "returned"
    body = journey.plan_body(items=posts(journey, 50))
    await journey.made("handler", "PUT", f"/plans/{plan['id']}", body, version=returned["version"])
    assert (await journey.decide("handler", case, "submit")).is_success
    early = await journey.decide("league", case, "approve", "league_review")
    assert (early.status_code, early.json()["type"]) == (409, "/problems/wrong-state")
    assert [each.data["posts"] for each in await journey.tenant.events("asks_for_posts")] == [[1], [50]]
    await journey.answer(plan, version=2)
    assert (await journey.decide("league", case, "approve", "league_review")).is_success
    assert (await seen(journey, plan))["state"] == "approved"


@pytest.mark.article("NM-5")
async def test_a_corrected_plan_that_loses_its_posts_ends_with_its_case(journey: Journey) -> None:
    plan = await journey.submitted(await journey.draft())
    case = plan["case_id"]
    assert (await journey.decide("league", case, "return", "league_review", comment="请更正")).is_success
    assert (await journey.decide("handler", case, "submit")).is_success
    await journey.answer(plan, granted=False, version=2)
    assert (await seen(journey, plan))["state"] == "refused"
    closed = await journey.made("handler", "GET", f"/approvals/{case}")
    assert closed["state"] == "withdrawn"
    lines = (await journey.made("handler", "GET", f"/approvals/{case}/timeline"))["items"]
    assert (lines[-1]["action"], lines[-1]["actor_kind"]) == ("withdraw", "system")
    assert (await journey.decide("league", case, "approve", "league_review")).status_code == 409


@pytest.mark.article("NM-5")
async def test_an_answer_to_an_earlier_request_changes_nothing(journey: Journey) -> None:
    plan = await journey.submitted(await journey.draft())
    assert (await journey.decide("handler", plan["case_id"], "withdraw")).is_success
    assert (await journey.made("handler", "POST", f"/plans/{plan['id']}/submit"))["state"] == "reserving"
    await journey.answer(plan, version=2, round=1)
    assert (await seen(journey, plan))["state"] == "reserving"
    await journey.answer(plan, version=3, round=2)
    assert (await seen(journey, plan))["state"] == "submitted"


async def _under(service: ServiceUnderTest, pack: str, **beyond: Any) -> Journey:
    data = json.loads(pack)
    known = data["document"]["parameters"]["headcount.beyond"]
    data["document"]["parameters"]["headcount.beyond"] = {"kind": "text", "label": known["label"]} | beyond
    return await Journey.begin(service, json.dumps(data))


async def test_where_the_norm_only_warns_a_reason_is_asked(recruitment: ServiceUnderTest, neimenggu: str) -> None:
    ours = {"zh": "原则上", "en": "As a rule"}
    journey = await _under(recruitment, neimenggu, value="warn", ours=ours)
    body = posts(journey, 51)
    plan = await journey.draft(items=body)
    asked = await journey.call("handler", "POST", f"/plans/{plan['id']}/submit")
    assert (asked.status_code, asked.json()["type"]) == (409, "/problems/rule-refused")
    assert asked.json()["errors"][0]["pointer"] == "/over_reason"
    change = journey.plan_body(items=body, over_reason="新建小区交付")
    await journey.made("handler", "PUT", f"/plans/{plan['id']}", change, version=plan["version"])
    going = await journey.made("handler", "POST", f"/plans/{plan['id']}/submit")
    assert (going["state"], going["findings"][0]["outcome"]) == ("reserving", "not_met")


@pytest.mark.article("SH-5")
async def test_between_two_brackets_and_above_them_a_reason_is_asked(regiment: Regiment) -> None:
    brackets = [[5, 7], [9, 12]]
    await regiment.tell_headcount("community", fixed=12, occupied=5, reserved=1, version=2, ranges=brackets)
    for number, status in ((1, 200), (2, 409), (6, 200), (7, 409)):
        plan = await regiment.draft(items=posts(regiment, number))
        asked = await regiment.call("handler", "POST", f"/plans/{plan['id']}/submit")
        assert asked.status_code == status, (number, asked.text)
        if status == 409:
            problem = asked.json()
            assert (problem["article"], problem["errors"][0]["pointer"]) == ("SH-5", "/over_reason")
            assert problem["findings"][0]["facts"]["ranges"] == ["5–7", "9–12"]
    change = regiment.plan_body(items=posts(regiment, 2), over_reason="按服务半径确定")
    await regiment.made("handler", "PUT", f"/plans/{plan['id']}", change, version=plan["version"])
    going = await regiment.made("handler", "POST", f"/plans/{plan['id']}/submit")
    assert (going["state"], going["findings"][0]["outcome"]) == ("reserving", "not_met")


async def test_where_the_regulation_sets_no_number_nothing_is_asked(
    recruitment: ServiceUnderTest, neimenggu: str
) -> None:
    journey = await _under(recruitment, neimenggu, absent=True)
    plan = await journey.draft(items=posts(journey, 500))
    submitted = await journey.made("handler", "POST", f"/plans/{plan['id']}/submit")
    assert (submitted["state"], submitted["seats"]) == ("submitted", "none")
    assert (await journey.decide("league", submitted["case_id"], "approve", "league_review")).is_success
    assert not await journey.tenant.events("asks_for_posts")
    assert await why_ended(journey) == []


async def test_a_sibling_county_and_other_posts_submit_no_plan_of_this_one(journey: Journey) -> None:
    plan = await journey.draft()
    for who, status in (("sibling", 404), ("approver", 403), ("township", 403), (None, 401)):
        assert (await journey.call(who, "POST", f"/plans/{plan['id']}/submit")).status_code == status
