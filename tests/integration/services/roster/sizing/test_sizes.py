"""Households of a community, the numbers that follow, who counts, and what is left to hire (SH-3, SH-4, SH-5)."""

import json
from datetime import UTC, datetime

import pytest

from kernel.testing.service_client import ServiceUnderTest
from tests.integration.services.roster.headcount.news import Feed
from tests.integration.services.roster.house import House
from tests.integration.services.roster.regiment import PACK, Regiment


@pytest.fixture
async def regiment(roster: ServiceUnderTest) -> Regiment:
    return await Regiment.open(roster)


@pytest.mark.article("SH-5")
@pytest.mark.parametrize(
    ("size", "allowed", "proposed"),
    [
        (999, [(5, 7)], (5, 7)),
        (1_000, [(5, 7), (9, 12)], None),
        (2_000, [(9, 15)], (12, 12)),
        (4_000, [(15, 25)], (20, 20)),
        (4_001, [(20, 25)], (20, 25)),
    ],
)
async def test_the_norm_is_answered_without_storing_anything(
    regiment: Regiment, size: int, allowed: list[tuple[int, int]], proposed: tuple[int, int] | None
) -> None:
    found = await regiment.made("civil", "GET", "/community-norm", query={"size": str(size)})
    assert [(each["least"], each["most"]) for each in found["allowed"]] == allowed
    assert (found["proposed"] and (found["proposed"]["least"], found["proposed"]["most"])) == proposed
    assert (found["article"], found["measure"]) == ("SH-5", "households")


@pytest.mark.article("SH-5")
async def test_households_bring_the_bracket_into_force_and_are_told(regiment: Regiment) -> None:
    made = await regiment.size(2_000)
    assert made.status_code == 201, made.text
    body = made.json()
    assert (body["state"], body["posts"], body["proposed"]) == ("in_force", None, {"least": 12, "most": 12})
    seen = await regiment.headcount()
    assert (seen["fixed"], seen["ranges"]) == (15, [{"least": 9, "most": 15}])
    assert (seen["under"], seen["over"], seen["within"]) == (9, 0, False)
    [told] = await regiment.tenant.events("changed")
    assert (told.data["fixed"], told.data["ranges"], told.data["article"]) == (15, [[9, 15]], "SH-5")
    listed = await regiment.made("civil", "GET", "/community-sizes", query={"unit_id": regiment.id_of("community")})
    assert [each["id"] for each in listed["items"]] == [body["id"]]
    assert (await regiment.made("handler", "GET", f"/community-sizes/{body['id']}"))["source"] == "2024年末户数统计表"
    # More households later: the new bracket holds from its own day on, and the day before still has the old one.
    await regiment.tenant.move_to(datetime(2025, 1, 8, 2, 0, tzinfo=UTC))
    assert (await regiment.size(2_001, valid_from="2025-01-08")).status_code == 201
    assert (await regiment.headcount())["ranges"] == [{"least": 12, "most": 15}]
    assert (await regiment.headcount(on="2025-01-07"))["ranges"] == [{"least": 9, "most": 15}]
    assert [each.data["ranges"] for each in await regiment.tenant.events("changed")] == [[[9, 15]], [[12, 15]]]


@pytest.mark.article("SH-5")
async def test_a_number_outside_the_norm_asks_for_a_reason_and_is_no_error(regiment: Regiment) -> None:
    refused = await regiment.size(1_000, posts=8)
    assert (refused.status_code, refused.json()["article"]) == (409, "SH-5")
    assert refused.json()["errors"][0]["pointer"] == "/reason"
    assert refused.json()["findings"][0]["facts"]["allowed"] == ["5–7", "9–12"]
    assert (await regiment.made("civil", "GET", "/community-sizes"))["items"] == []
    made = await regiment.size(1_000, posts=8, reason="跨越两档，按服务半径确定")
    assert made.status_code == 201
    assert [each["outcome"] for each in made.json()["findings"]] == ["not_met"]
    seen = await regiment.headcount()
    assert (seen["fixed"], seen["ranges"], seen["free"]) == (8, None, 8)
    inside = await regiment.size(1_000, posts=9)
    assert [each["outcome"] for each in inside.json()["findings"]] == ["met"]


@pytest.mark.article("SH-5")
async def test_a_community_right_below_the_division_city_works_without_a_regiment(regiment: Regiment) -> None:
    made = await regiment.size(999, "direct_community", "civil_approver")
    assert made.status_code == 201, made.text
    assert (await regiment.headcount("direct_community"))["ranges"] == [{"least": 5, "most": 7}]
    # The division-city does not record for a community that lies under a regiment.
    assert (await regiment.size(999, "community", "civil_approver")).status_code == 403
    assert (await regiment.size(999, "direct_community", "approver")).status_code == 404


@pytest.mark.article("SH-5")
async def test_what_is_no_community_and_a_count_to_come_are_refused(regiment: Regiment) -> None:
    assert (await regiment.size(999, "township", "civil_approver")).status_code == 422
    late = await regiment.size(999, counted_on="2025-01-07")
    assert (late.status_code, late.json()["errors"][0]["pointer"]) == (422, "/counted_on")
    assert (await regiment.size(-1)).status_code == 422


async def test_who_records_households_and_who_does_not(regiment: Regiment) -> None:
    for who, status in (("handler", 403), ("civil", 403), ("board", 403), ("sibling", 404), (None, 401)):
        answer = await regiment.call(who, "POST", "/community-sizes", regiment.size_body(999))
        assert answer.status_code == status, (who, answer.text)
    made = (await regiment.size(999)).json()
    assert (await regiment.call("sibling", "GET", f"/community-sizes/{made['id']}")).status_code == 404
    assert (await regiment.call("board", "GET", "/community-norm", query={"size": "1"})).status_code == 403


@pytest.mark.article("SH-3", "SH-4", "SH-5")
async def test_who_counts_and_what_the_members_leave_to_hire(regiment: Regiment) -> None:
    await regiment.size(999)
    feed = Feed(regiment.tenant)
    for posts, part_time in (
        (("secretary", "director"), False),
        (("deputy_secretary",), False),
        (("branch_member",), True),
        (("staff",), False),
        (("police_officer",), False),
        (("public_welfare",), False),
    ):
        await regiment.entered(*posts, part_time=part_time)
    await feed.own()
    seen = await regiment.headcount()
    assert (seen["occupied"], seen["members"], seen["under"], seen["free"]) == (3, 2, 2, 4)
    assert seen["to_hire"] == [{"least": 3, "most": 5}]
    assert {each["category"]: (each["persons"], each["flagged"]) for each in seen["apart"]} == {
        "public_welfare": (1, True),
        "part_time_member": (1, False),
        "community_police": (1, False),
    }
    assert [each["label"] for each in seen["apart"] if each["flagged"]] == ["公益性岗位人员"]


@pytest.mark.article("SH-5")
async def test_more_people_than_the_bracket_are_shown_and_undo_nothing(regiment: Regiment) -> None:
    await regiment.size(999)
    feed = Feed(regiment.tenant)
    for _ in range(8):
        await regiment.entered("staff")
    await feed.own()
    seen = await regiment.headcount()
    assert (seen["occupied"], seen["over"], seen["within"]) == (8, 1, False)


async def test_an_approval_may_stand_before_the_number(roster: ServiceUnderTest) -> None:
    data = json.loads(PACK)
    data["document"]["workflows"]["headcount_households"] = {
        "label": {"zh": "户数审定", "en": "Approval of households"},
        "subject": "community_size",
        "subject_levels": ["community"],
        "ours": {"zh": "测试", "en": "Test"},
        "steps": [
            {
                "id": "approval",
                "kind": "approve",
                "label": {"zh": "师市民政部门审定", "en": "Approval"},
                "by": {"department": "civil_affairs", "level": "league"},
                "blocks": True,
                "ours": {"zh": "测试", "en": "Test"},
            }
        ],
    }
    regiment = await Regiment.open(roster, json.dumps(data))
    for action, state, fixed in (("reject", "rejected", None), ("approve", "in_force", 7)):
        made = (await regiment.size(999)).json()
        assert made["state"] == "open"
        path = f"/approvals/{made['case_id']}/decisions"
        body = {"action": action, "step": "approval", "comment": "核对户数"}
        assert (await regiment.call("civil_approver", "POST", path, body)).is_success
        assert (await regiment.made("handler", "GET", f"/community-sizes/{made['id']}"))["state"] == state
        assert (await regiment.headcount())["fixed"] == fixed


@pytest.mark.article("NM-6")
async def test_where_no_norm_goes_by_size_there_is_nothing_to_ask_and_nothing_to_record(house: House) -> None:
    league = await house.tenant.appoint("league", "society_work", "approver")
    answer = await house.tenant.call(league, "GET", "/api/v1/roster/community-norm", query={"size": "2000"})
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/not-regulated")
