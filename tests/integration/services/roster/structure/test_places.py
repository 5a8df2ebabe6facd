"""Everybody in a place of the community, police too, one place at a time (SH-4, SH-9, SH-10)."""

from typing import Any

import pytest

from kernel.ids import new_id
from kernel.testing.service_client import ServiceUnderTest
from kernel.testing.tree import PUBLIC, person
from tests.integration.services.roster.centres import ASSIGNMENTS, TODAY, Centres
from tests.integration.services.roster.history import entered, staff
from tests.integration.services.roster.house import PATH, House, Worker


@pytest.fixture
async def centres(roster: ServiceUnderTest) -> Centres:
    return await Centres.open(roster)


def names(people: list[dict[str, Any]]) -> list[str]:
    return [each["full_name"] for each in people]


@pytest.mark.article("SH-9", "SH-10")
async def test_who_is_not_assigned_is_missing_until_everybody_is_police_too(centres: Centres) -> None:
    secretary = await centres.person("secretary", 0, "甲测试")
    officer = await centres.person("police_officer", 1, "乙测试")
    before = await centres.structure()
    assert names(before["missing"]) == ["乙测试", "甲测试"]
    assert (before["finding"]["outcome"], before["finding"]["article"]) == ("not_met", "SH-10")
    assert [each["place"] for each in before["places"]] == [
        "branch",
        "party_building",
        "stability",
        "masses",
        "social_affairs",
    ]
    assert (await centres.assign(secretary, "branch")).status_code == 201
    still = await centres.structure(centres.branch)
    assert names(still["missing"]) == ["乙测试"], "an officer is assigned too"
    assert (await centres.assign(officer, "stability", caller=centres.branch)).status_code == 201
    after = await centres.structure(centres.civil)
    assert (after["missing"], after["finding"]["outcome"]) == ([], "met")
    assert {each["place"]: names(each["people"]) for each in after["places"] if each["people"]} == {
        "branch": ["甲测试"],
        "stability": ["乙测试"],
    }


@pytest.mark.article("SH-10")
async def test_one_place_at_a_time_and_the_next_ends_the_one_before(centres: Centres) -> None:
    worker = await centres.person("staff", 0, "甲测试")
    assert (await centres.assign(worker, "masses", "2025-01-06")).status_code == 201
    for day in ("2025-01-06", "2025-01-05"):
        twice = await centres.assign(worker, "stability", day)
        assert (twice.status_code, twice.json()["type"]) == (409, "/problems/conflict"), day
    moved = await centres.assign(worker, "social_affairs", "2025-01-07")
    assert moved.status_code == 201, moved.text
    own = (await centres.tenant.get(worker.caller, f"{PATH}/own/structure-assignments")).json()["items"]
    assert [(each["place"], each["valid_from"], each["valid_before"]) for each in own] == [
        ("masses", "2025-01-06", "2025-01-07"),
        ("social_affairs", "2025-01-07", None),
    ]
    assert (await centres.tenant.get(centres.office, f"{ASSIGNMENTS}/{own[0]['id']}")).json()["article"] == "SH-9"


@pytest.mark.article("SH-4", "SH-9")
async def test_places_and_kinds_of_post_are_those_of_the_text(centres: Centres) -> None:
    worker = await centres.person("staff", 0, "甲测试")
    officer = await centres.person("police_officer", 1, "乙测试")
    unknown = await centres.assign(worker, "fifth_centre")
    assert (unknown.status_code, unknown.json()["errors"][0]["article"]) == (422, "SH-9")
    assert (await centres.assign(worker, "masses", post_kind="gardening")).status_code == 422
    refused = await centres.assign(officer, "stability", post_kind="public_order")
    assert (refused.status_code, refused.json()["article"]) == (409, "SH-4")
    made = await centres.assign(worker, "masses", post_kind="livelihood")
    assert (made.status_code, made.json()["post_kind"]) == (201, "livelihood")


@pytest.mark.article("SH-10")
async def test_a_place_needs_a_post_held_on_its_first_day_and_none_begins_tomorrow(centres: Centres) -> None:
    worker = await centres.person("staff", 0, "甲测试", since="2025-01-06")
    assert (await centres.assign(worker, "masses", "2025-02-04")).status_code == 422
    early = await centres.assign(worker, "masses", "2025-01-05")
    assert (early.status_code, early.json()["type"]) == (409, "/problems/wrong-state")
    assert (await centres.assign(worker, "masses", "2025-01-06")).status_code == 201


@pytest.mark.article("SH-10")
async def test_the_place_ends_with_the_last_post_and_survives_a_change_of_post(centres: Centres) -> None:
    worker = await centres.person("staff", 0, "甲测试")
    assert (await centres.assign(worker, "masses")).status_code == 201
    term = {"term_from": TODAY, "term_before": "2030-02-03", "instrument": "补选结果报告单"}
    elected = await centres.tenant.post(
        centres.office, f"{PATH}/dossiers/{worker.dossier_id}/elections", term | {"role": "branch_member"}
    )
    assert elected.status_code == 201, elected.text
    assert (await centres.structure())["missing"] == []
    other = await centres.person("staff", 1, "乙测试")
    assert (await centres.assign(other, "masses")).status_code == 201
    held = await centres.tenant.get(centres.office, f"{PATH}/dossiers/{other.dossier_id}/posts")
    leaving = {"valid_before": TODAY, "ground": "change", "reason": "调离社区"}
    path = f"{PATH}/posts/{held.json()['items'][0]['id']}/leaving"
    assert (await centres.tenant.post(centres.office, path, leaving)).status_code == 200
    own = (await centres.tenant.get(other.caller, f"{PATH}/own/structure-assignments")).json()["items"]
    assert own[0]["valid_before"] is not None
    assert [names(each["people"]) for each in (await centres.structure())["places"] if each["people"]] == [["甲测试"]]


async def test_a_regulation_without_places_says_so(house: House) -> None:
    worker = await entered(house, staff(house))
    body = {"dossier_id": worker.dossier_id, "place": "branch", "valid_from": "2025-03-10"}
    refused = await house.tenant.post(house.township, ASSIGNMENTS, body)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/not-regulated")
    assert refused.json()["findings"][0]["outcome"] == "not_regulated"
    query = {"community_unit_id": str(house.tenant.tree["community"].id)}
    seen = (await house.tenant.get(house.township, f"{PATH}/structure", query=query)).json()
    assert (seen["finding"]["outcome"], seen["places"], seen["missing"]) == ("not_regulated", [], [])


async def test_each_operation_needs_its_permission_and_the_scope(centres: Centres) -> None:
    worker = await centres.person("staff", 0, "甲测试")
    for caller, status in ((centres.civil, 403), (worker.caller, 403), (PUBLIC, 403), (centres.sibling, 404)):
        assert (await centres.assign(worker, "masses", caller=caller)).status_code == status
    made = (await centres.assign(worker, "masses")).json()
    query = {"community_unit_id": centres.community()}
    readers = ((centres.finance, 403), (worker.caller, 403), (PUBLIC, 403), (None, 401), (centres.sibling, 404))
    for reader, status in readers:
        assert (await centres.tenant.get(reader, f"{PATH}/structure", query=query)).status_code == status
        assert (await centres.tenant.get(reader, f"{ASSIGNMENTS}/{made['id']}")).status_code == status
    township = {"community_unit_id": str(centres.tenant.tree["township"].id)}
    assert (await centres.tenant.get(centres.office, f"{PATH}/structure", query=township)).status_code == 404
    own = f"{PATH}/own/structure-assignments"
    assert (await centres.tenant.get(centres.office, own)).status_code == 403
    assert (await centres.tenant.get(person(new_id()), own)).json()["items"] == []
    gone = Worker(new_id(), str(new_id()), PUBLIC)
    assert (await centres.assign(gone, "masses")).status_code == 404
