"""Thirty, twenty-four, twenty (SH-27): who owes what, who may hold it, and nothing before the post for new staff."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from contracts.roster import PostTaken
from kernel.ids import new_id
from kernel.regulation.loading import load
from kernel.testing.service_client import ServiceUnderTest
from kernel.testing.tree import THREE_LEVELS, Caller, Tree, numbered
from tests.integration.services.training.house import NOW, PATH, Dossier, House

PACK = load(Path(__file__).parents[5] / "regulations" / "shuanghe").to_json()


@pytest.fixture
async def division(training: ServiceUnderTest) -> House:
    """Of the desks of `House`, `county` is the division-city's organization department."""
    tenant = await training.new_tenant(PACK, now=NOW, tree=Tree(numbered(THREE_LEVELS)))
    return House(
        training,
        tenant,
        township=await tenant.appoint("township", "civil_affairs"),
        county=await tenant.appoint("league", "organization"),
        finance=await tenant.appoint("league", "finance"),
        sibling=await tenant.appoint("sibling_township", "civil_affairs"),
    )


async def programme(house: House, by: Caller) -> str:
    body = {"title": "社区党组织书记培训", "year": 2025, "roles": ["secretary"]}
    made = await house.tenant.post(by, f"{PATH}/programmes", body)
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


async def attends(house: House, by: Caller, unit: str, worker: Dossier, hours: str, **changes: Any) -> httpx.Response:
    held = {
        "title": "社区工作者培训",
        "form": "off_job",
        "starts_at": "2025-03-05T01:00:00Z",
        "ends_at": "2025-03-07T09:00:00Z",
        "class_hours": hours,
        "organiser_unit_id": str(house.tenant.tree[unit].id),
    } | changes
    made = await house.tenant.post(by, f"{PATH}/sessions", held)
    if made.status_code != 201:
        return made
    body = {"person_id": str(worker.worker.actor.person), "hours": hours}
    return await house.tenant.post(by, f"{PATH}/sessions/{made.json()['id']}/hours", body)


async def needs(house: House, worker: Dossier) -> dict[str, dict[str, Any]]:
    listed = (await house.tenant.get(worker.worker, f"{PATH}/own/needs")).json()["items"]
    return {each["kind"]: each for each in listed}


@pytest.mark.article("SH-27")
@pytest.mark.parametrize(
    ("role", "short", "hours"),
    [("secretary", "29.5", "30.00"), ("director", "19.5", "20.00"), ("deputy_secretary", "19.5", "20.00")],
)
async def test_half_an_hour_short_then_met(division: House, role: str, short: str, hours: str) -> None:
    worker = division.dossier()
    await worker.take(role, "2021-07-01")
    made = await attends(division, division.county, "league", worker, short)
    assert made.status_code == 201, made.text
    need = (await needs(division, worker))["yearly"]
    assert (need["required_hours"], need["state"], need["article"]) == (hours, "open", "SH-27")
    await attends(division, division.county, "league", worker, "0.5")
    assert (await needs(division, worker))["yearly"]["state"] == "met"


@pytest.mark.article("SH-27")
async def test_each_community_trains_its_own_staff(division: House) -> None:
    worker = division.dossier()
    await worker.take("staff", "2021-07-01")
    branch = await division.tenant.appoint("community", "community_party")
    other = await division.tenant.appoint("other_community", "community_party")
    refused = await attends(division, other, "other_community", worker, "20")
    assert refused.status_code == 404, refused.text
    made = await attends(division, branch, "community", worker, "20", form="online")
    assert made.status_code == 201, made.text
    need = (await needs(division, worker))["yearly"]
    assert (need["required_hours"], need["state"]) == ("20.00", "met")
    [row] = await division.compliance(branch, year="2025")
    assert (row["short"], row["every_years"]) == (False, None)


@pytest.mark.article("SH-27")
async def test_secretaries_are_trained_once_a_year_by_the_division_citys_organization_department(
    division: House,
) -> None:
    secretary = division.dossier()
    await secretary.take("secretary", "2021-07-01")
    await attends(division, division.county, "league", secretary, "30")
    [row] = await division.compliance(division.county, year="2025")
    assert (row["missing_hours"], row["short"], row["train_by"]) == ("0.00", True, "2025-12-31")
    civil = await division.tenant.appoint("league", "civil_affairs")
    for by, unit in ((division.township, "township"), (civil, "league")):
        given = {"programme_id": await programme(division, by), "round": True}
        refused = await attends(division, by, unit, secretary, "1", **given)
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/round"), refused.text
    given = {"programme_id": await programme(division, division.county), "round": True}
    assert (await attends(division, division.county, "league", secretary, "1", **given)).status_code == 201
    [row] = await division.compliance(division.county, year="2025")
    assert (row["short"], row["train_by"]) == (False, None)


@pytest.mark.article("SH-27")
async def test_a_new_member_owes_twenty_four_at_the_start_and_the_twenty_from_the_next_year(division: House) -> None:
    member = division.dossier()
    await member.take("committee_member", "2025-03-03")
    found = await needs(division, member)
    assert set(found) == {"induction"}
    assert (found["induction"]["required_hours"], found["induction"]["cycle"]) == ("24.00", "2025")
    await attends(division, division.township, "township", member, "23.5")
    assert (await needs(division, member))["induction"]["state"] == "open"
    # Learning online alone is no training held for newly appointed members.
    await attends(division, division.township, "township", member, "8", form="online")
    assert (await needs(division, member))["induction"]["credited_hours"] == "23.50"
    await attends(division, division.township, "township", member, "0.5")
    assert (await needs(division, member))["induction"]["state"] == "met"
    await division.tenant.move_to(datetime(2026, 1, 2, tzinfo=UTC))
    await division.service.run_timers()
    year = (await needs(division, member))["yearly"]
    assert (year["cycle"], year["required_hours"]) == ("2026", "20.00")


@pytest.mark.article("SH-27")
async def test_a_new_secretary_owes_both_and_no_hour_counts_twice(division: House) -> None:
    secretary = division.dossier()
    await secretary.take("secretary", "2025-03-03")
    await attends(division, division.township, "township", secretary, "24")
    await attends(division, division.county, "league", secretary, "29.5")
    found = await needs(division, secretary)
    assert (found["induction"]["state"], found["yearly"]["credited_hours"]) == ("met", "29.50")
    await attends(division, division.county, "league", secretary, "0.5")
    assert (await needs(division, secretary))["yearly"]["state"] == "met"


@pytest.mark.article("SH-27")
async def test_a_change_of_seat_is_no_new_appointment_and_earlier_classes_are_none_of_the_start(
    division: House,
) -> None:
    moved = division.dossier()
    seat = await moved.take("branch_member", "2021-07-01")
    await moved.leave(seat, "2025-03-03", "branch_member")
    await moved.take("director", "2025-03-03")
    assert set(await needs(division, moved)) == {"yearly"}
    elected = division.dossier()
    post = await elected.take("staff", "2021-07-01")
    early = {"starts_at": "2025-02-10T01:00:00Z", "ends_at": "2025-02-12T09:00:00Z"}
    await attends(division, division.county, "league", elected, "24", **early)
    await elected.leave(post, "2025-03-03")
    await elected.take("committee_member", "2025-03-03")
    found = await needs(division, elected)
    assert (found["induction"]["credited_hours"], found["yearly"]["state"]) == ("0.00", "lapsed")


@pytest.mark.article("SH-2", "SH-27")
async def test_new_staff_owe_nothing_before_the_post_and_part_timers_nothing_at_all(division: House) -> None:
    newcomer = await division.newcomer()
    assert (await division.tenant.get(newcomer, f"{PATH}/own/needs")).json()["items"] == []
    part_timer, place = division.dossier(), division.tenant.tree["community"]
    told = PostTaken(
        post_id=str(new_id()),
        dossier_id=str(part_timer.id),
        person_id=str(part_timer.worker.actor.person),
        category="part_time_member",
        relation="elected_office",
        role="branch_member",
        post_title="兼职委员",
        community_unit_id=str(place.id),
        community_unit_no=place.unit_no,
        township_unit_id=None,
        township_unit_no=None,
        valid_from="2025-03-03",
    )
    await part_timer.tell(told)
    assert await needs(division, part_timer) == {}
