"""Duties and commitments made public, without a name of a person (SH-11; NM-13, NM-14, NM-25, NM-26)."""

from typing import Any

import pytest

from kernel.testing.service_client import ServiceUnderTest
from kernel.testing.tree import PUBLIC
from tests.integration.services.roster.centres import PAGES, Centres
from tests.integration.services.roster.house import House

COMMITMENT = {"place": "masses", "text": "群众来访当日答复"}


@pytest.fixture
async def centres(roster: ServiceUnderTest) -> Centres:
    return await Centres.open(roster)


async def published(centres: Centres, **changes: Any) -> dict[str, Any]:
    body = {"community_unit_id": centres.community(), "commitments": [COMMITMENT]} | changes
    made = await centres.tenant.post(centres.branch, PAGES, body)
    assert made.status_code == 201, made.text
    return dict(made.json())


@pytest.mark.article("SH-9", "SH-11")
async def test_everybody_reads_what_each_centre_does_and_how_many_work_there(centres: Centres) -> None:
    secretary = await centres.person("secretary", 0, "甲测试")
    officer = await centres.person("police_officer", 1, "乙测试")
    assert (await centres.assign(secretary, "branch")).status_code == 201
    page = await published(centres)
    # Counted again with every later assignment.
    assert (await centres.assign(officer, "stability")).status_code == 201
    listed = await centres.tenant.get(PUBLIC, PAGES, query={"community_unit_id": centres.community()})
    assert [each["id"] for each in listed.json()["items"]] == [page["id"]]
    answer = await centres.tenant.get(PUBLIC, f"{PAGES}/{page['id']}")
    shown = answer.json()
    places = {each["place"]: each for each in shown["places"]}
    assert {name: each["people"] for name, each in places.items()} == {
        "branch": 1,
        "party_building": 0,
        "stability": 1,
        "masses": 0,
        "social_affairs": 0,
    }
    assert [each["role"] for each in places["stability"]["roles"]] == ["police_officer"]
    assert {name: each["duties_article"] for name, each in places.items()} == {
        "branch": None,
        "party_building": "SH-11(1)",
        "stability": "SH-11(2)",
        "masses": "SH-11(3)",
        "social_affairs": "SH-11(4)",
    }
    assert [len(each["duties"]) for each in places.values()] == [0, 5, 3, 3, 2]
    assert shown["commitments"] == [COMMITMENT]
    assert "测试" not in answer.text.replace(shown["community_title"], ""), "no name of a person"
    assert (shown["categories"], shown["systems"]) == ([], None)


@pytest.mark.article("SH-11")
async def test_a_page_is_published_once_and_changed_by_version(centres: Centres) -> None:
    page = await published(centres)
    again = {"community_unit_id": centres.community(), "commitments": [COMMITMENT]}
    assert (await centres.tenant.post(centres.office, PAGES, again)).status_code == 409
    path = f"{PAGES}/{page['id']}"
    body = {"commitments": [{"text": "首问负责，一次告知"}]}
    changed = await centres.tenant.call(centres.office, "PUT", path, body, version=page["version"])
    assert (changed.status_code, changed.json()["commitments"][0]["place"]) == (200, None)
    stale = await centres.tenant.call(centres.office, "PUT", path, body, version=page["version"])
    assert stale.status_code == 412
    unknown = {"commitments": [COMMITMENT, {"place": "fifth_centre", "text": "不存在的中心"}]}
    refused = await centres.tenant.call(centres.office, "PUT", path, unknown, version=page["version"] + 1)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/commitments/1/place")


@pytest.mark.article("NM-13", "NM-14", "NM-25", "NM-26")
async def test_a_regulation_without_centres_shows_its_duties_by_category(house: House) -> None:
    body = {
        "community_unit_id": str(house.tenant.tree["community"].id),
        "commitments": [{"text": "首问负责，一次告知"}],
    }
    made = await house.tenant.post(house.township, PAGES, body)
    assert made.status_code == 201, made.text
    shown = (await house.tenant.get(PUBLIC, f"{PAGES}/{made.json()['id']}")).json()
    assert (shown["finding"]["outcome"], shown["places"]) == ("not_regulated", [])
    assert [(each["name"], each["article"]) for each in shown["categories"]] == [
        ("committee_member", "NM-13"),
        ("community_staff", "NM-14"),
    ]
    assert (shown["systems"]["article"], len(shown["systems"]["duties"])) == ("NM-25", 5)
    placed = body | {"commitments": [COMMITMENT], "community_unit_id": str(house.tenant.tree["other_community"].id)}
    assert (await house.tenant.post(house.township, PAGES, placed)).status_code == 422


async def test_each_operation_needs_its_permission_and_the_scope(centres: Centres, house: House) -> None:
    page = await published(centres)
    body = {"community_unit_id": centres.community("other_community"), "commitments": [COMMITMENT]}
    for caller, status in ((centres.civil, 403), (PUBLIC, 403), (centres.branch, 422), (centres.sibling, 422)):
        assert (await centres.tenant.post(caller, PAGES, body)).status_code == status
    change = {"commitments": [COMMITMENT]}
    for caller, status in ((centres.civil, 403), (PUBLIC, 403), (centres.sibling, 404)):
        path = f"{PAGES}/{page['id']}"
        assert (await centres.tenant.call(caller, "PUT", path, change, version=1)).status_code == status
    elsewhere = await house.tenant.get(PUBLIC, f"{PAGES}/{page['id']}")
    assert elsewhere.status_code == 404, "another tenant's page"
    assert (await house.tenant.get(PUBLIC, PAGES)).json()["items"] == []
    assert (await centres.tenant.get(None, PAGES)).status_code == 401, "past the gateway"
    township = {"community_unit_id": str(house.tenant.tree["township"].id), "commitments": [{"text": "承诺"}]}
    assert (await house.tenant.post(house.township, PAGES, township)).status_code == 422
