"""Programmes of a level with their classes, rounds (NM-20), and who is selected for which class (SH-28)."""

from pathlib import Path
from typing import Any

import pytest

from contracts.roster import PostTaken
from kernel.ids import new_id
from kernel.regulation.loading import load
from kernel.testing.service_client import ServiceUnderTest
from kernel.testing.tree import THREE_LEVELS, Caller, Tree, numbered, person
from tests.integration.services.training.house import NOW, PATH, House

PROGRAMMES = f"{PATH}/programmes"
BODY: dict[str, Any] = {"title": "2025年社区工作者轮训", "year": 2025, "roles": ["member", "staff"]}


@pytest.mark.article("NM-20")
async def test_a_programme_is_of_the_unit_and_department_of_the_acting_post(house: House) -> None:
    made = await house.tenant.post(house.county, PROGRAMMES, BODY)
    assert made.status_code == 201, made.text
    programme = made.json()
    assert (programme["organiser_level"], programme["department_kind"]) == ("county", "society_work")
    assert programme["organiser_unit_id"] == str(house.tenant.tree["county"].id)
    assert (await house.tenant.get(house.county, f"{PROGRAMMES}/{programme['id']}")).json() == programme
    assert (await house.tenant.get(house.county, PROGRAMMES, query={"year": "2025"})).json()["items"] == [programme]
    assert (await house.tenant.get(house.county, PROGRAMMES, query={"year": "2026"})).json()["items"] == []
    unknown = await house.tenant.post(house.county, PROGRAMMES, BODY | {"roles": ["mayor"]})
    assert (unknown.status_code, unknown.json()["errors"][0]["pointer"]) == (422, "/roles/0")


@pytest.mark.article("NM-20")
async def test_a_round_belongs_to_a_programme_of_the_county_and_of_its_year(house: House) -> None:
    league = await house.tenant.appoint("league", "organization")
    of_county = (await house.tenant.post(house.county, PROGRAMMES, BODY)).json()["id"]
    of_league = (await house.tenant.post(league, PROGRAMMES, BODY)).json()["id"]
    of_next = (await house.tenant.post(house.county, PROGRAMMES, BODY | {"year": 2026})).json()["id"]

    async def register(**changes: Any) -> int:
        caller = league if changes.get("programme_id") == of_league else house.county
        return (await house.tenant.post(caller, f"{PATH}/sessions", house.session(**changes))).status_code

    assert await register(round=True) == 422
    assert await register(programme_id=of_league, round=True) == 422
    assert await register(programme_id=of_league) == 201
    assert await register(programme_id=of_next) == 422
    assert await register(programme_id=str(new_id())) == 404
    assert await register(programme_id=of_county, round=True) == 201


async def test_registering_and_reading_need_permission_and_scope(house: House) -> None:
    made = (await house.tenant.post(house.county, PROGRAMMES, BODY)).json()["id"]
    for caller, status in ((house.finance, 403), (house.township, 403), (None, 401)):
        assert (await house.tenant.post(caller, PROGRAMMES, BODY)).status_code == status
    assert (await house.tenant.get(house.finance, PROGRAMMES)).status_code == 403
    assert (await house.tenant.get(house.sibling, f"{PROGRAMMES}/{made}")).status_code == 404
    assert (await house.tenant.get(house.sibling, PROGRAMMES)).json()["items"] == []


CLASSES = load(Path(__file__).parents[5] / "regulations" / "shuanghe").to_json()
SENT = {"title": "社区干部专题培训班", "year": 2025, "roles": ["secretary"]}


async def in_post(house: House) -> Caller:
    """Somebody who serves as secretary, as roster tells."""
    somebody, post, community = new_id(), new_id(), house.tenant.tree["community"]
    told = PostTaken(
        post_id=str(post),
        dossier_id=str(new_id()),
        relation="elected_office",
        post_title="社区党支部书记",
        township_unit_id=None,
        township_unit_no=None,
        person_id=str(somebody),
        role="secretary",
        category="committee_member",
        valid_from="2024-01-01",
        community_unit_id=str(community.id),
        community_unit_no=community.unit_no,
    )
    await house.receive(told, new_id(), 1)
    return person(somebody)


@pytest.fixture
async def division(training: ServiceUnderTest) -> House:
    tenant = await training.new_tenant(CLASSES, now=NOW, tree=Tree(numbered(THREE_LEVELS)))
    return House(
        training,
        tenant,
        township=await tenant.appoint("township", "civil_affairs"),
        county=await tenant.appoint("league", "organization"),
        finance=await tenant.appoint("league", "finance"),
        sibling=await tenant.appoint("sibling_township", "civil_affairs"),
    )


@pytest.mark.article("SH-28")
@pytest.mark.parametrize(
    ("kind", "host", "league", "township"),
    [
        ("corps", "兵团党校", None, None),
        ("corps", None, "/host", "/host"),
        ("partner_province", "某援疆市委党校", None, None),
        ("division_city", None, None, "/class_kind"),
        ("division_city", "兵团党校", "/host", "/class_kind"),
        ("regiment", None, "/class_kind", None),
        ("county", None, "/class_kind", "/class_kind"),
        (None, "兵团党校", "/class_kind", "/class_kind"),
    ],
)
async def test_classes_are_held_by_the_level_or_host_that_the_article_names(
    division: House, kind: str | None, host: str | None, league: str | None, township: str | None
) -> None:
    for caller, pointer in ((division.county, league), (division.township, township)):
        made = await division.tenant.post(caller, PROGRAMMES, SENT | {"class_kind": kind, "host": host})
        pointers = [each["pointer"] for each in made.json().get("errors", [])]
        assert (made.status_code, pointers) == ((201, []) if pointer is None else (422, [pointer])), made.text


@pytest.mark.article("SH-28")
async def test_an_outstanding_worker_is_selected_once_and_only_for_such_a_class(division: House) -> None:
    worker = await in_post(division)
    body = {"person_id": str(worker.actor.person), "reason": "年度考核优秀，群众满意"}
    held = SENT | {"class_kind": "corps", "host": "兵团党校"}
    sent = (await division.tenant.post(division.county, PROGRAMMES, held)).json()
    path = f"{PROGRAMMES}/{sent['id']}/selections"
    unknown = body | {"person_id": str(new_id())}
    assert (await division.tenant.post(division.county, path, unknown)).status_code == 404
    made = await division.tenant.post(division.county, path, body)
    assert (made.status_code, made.json()["host"]) == (201, "兵团党校"), made.text
    assert (await division.tenant.post(division.county, path, body)).status_code == 409
    assert (await division.tenant.get(division.county, path)).json()["items"] == [made.json()]
    everybody = (await division.tenant.post(division.county, PROGRAMMES, SENT)).json()
    for_all = await division.tenant.post(division.county, f"{PROGRAMMES}/{everybody['id']}/selections", body)
    assert (for_all.status_code, for_all.json()["type"]) == (409, "/problems/wrong-state")
    for caller, status in ((division.finance, 403), (worker, 403), (division.sibling, 404), (None, 401)):
        assert (await division.tenant.post(caller, path, body)).status_code == status
        assert (await division.tenant.get(caller, path)).status_code == status


async def test_a_regulation_without_such_classes_says_so(house: House) -> None:
    answer = await house.tenant.post(house.county, PROGRAMMES, BODY | {"class_kind": "corps", "host": "兵团党校"})
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/not-regulated")
