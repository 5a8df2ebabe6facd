"""The two committees of a community over HTTP: seats, cross-appointments, police, and the statute (SH-4)."""

import asyncio

import pytest

from kernel.testing.service_client import ServiceUnderTest
from tests.integration.services.roster.house import PATH, House
from tests.integration.services.roster.regiment import Regiment


@pytest.fixture
async def regiment(roster: ServiceUnderTest) -> Regiment:
    return await Regiment.open(roster)


@pytest.mark.article("SH-4")
async def test_one_seat_too_many_is_refused_and_leaves_nothing_behind(regiment: Regiment) -> None:
    for _ in range(3):
        await regiment.entered("branch_member")
    refused = await regiment.enter("branch_member")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/rule-refused")
    assert refused.json()["article"] == "SH-4"
    assert refused.json()["findings"][0]["facts"] == {"role": "branch_member", "held": 4, "most": 3}
    assert len((await regiment.made("handler", "GET", "/dossiers"))["items"]) == 3
    # The other community has seats of its own, and a fourth who has left takes none.
    assert (await regiment.enter("branch_member", unit="other_community")).status_code == 201
    gone = regiment.worker("branch_member")
    gone["posts"][0]["valid_before"] = "2024-12-31"
    gone["posts"].append({"role": "staff", "valid_from": "2024-12-31"})
    assert (await regiment.call("handler", "POST", "/dossiers/imports", gone)).status_code == 201


@pytest.mark.article("SH-4")
async def test_a_second_secretary_or_director_waits_until_the_first_has_left(regiment: Regiment) -> None:
    await regiment.entered("secretary", "director")
    for role in ("secretary", "director"):
        refused = await regiment.enter(role)
        assert (refused.status_code, refused.json()["article"]) == (409, "SH-4")


@pytest.mark.article("SH-4")
async def test_the_director_as_deputy_secretary_opens_one_more(regiment: Regiment) -> None:
    director = await regiment.entered("director")
    await regiment.entered("deputy_secretary")
    refused = await regiment.enter("deputy_secretary")
    assert (refused.status_code, refused.json()["article"]) == (409, "SH-4")
    assert (await regiment.elect(director, "deputy_secretary")).status_code == 201
    [seat] = [each for each in (await regiment.composition())["seats"] if each["role"] == "deputy_secretary"]
    assert (seat["most"], seat["held"]) == (2, 2)
    assert (await regiment.enter("deputy_secretary")).status_code == 409


@pytest.mark.article("SH-4")
async def test_an_officer_is_deputy_director_outside_the_seats(regiment: Regiment) -> None:
    await regiment.entered("deputy_director")
    await regiment.entered("police_officer", "police_deputy_director")
    await regiment.entered("police_officer")
    refused = await regiment.enter("police_officer")
    assert (refused.status_code, refused.json()["findings"][0]["rule"]) == (409, "committee.outside")
    seen = await regiment.composition()
    assert (seen["persons"], seen["outside"]) == (1, 2)
    [seat] = [each for each in seen["seats"] if each["role"] == "deputy_director"]
    assert (seat["held"], seat["vacant"]) == (1, 0)


@pytest.mark.article("SH-4", "ORG-8")
async def test_a_fourth_member_of_the_residents_committee_is_entered_with_both_texts(regiment: Regiment) -> None:
    for _ in range(3):
        await regiment.entered("committee_member")
    fourth = await regiment.entered("staff", since="2024-06-03")
    elected = await regiment.elect(fourth, "committee_member")
    assert elected.status_code == 201, elected.text
    [finding] = [each for each in elected.json()["findings"] if each["rule"] == "committee.seat"]
    assert (finding["article"], finding["outcome"]) == ("SH-4", "not_met")
    assert "ORG-8" in finding["remarks"][0]["zh"]
    seen = await regiment.composition()
    statute = seen["findings"][-1]
    assert (statute["rule"], statute["article"]) == ("committee.statute", "ORG-8")
    assert "SH-4" in statute["remarks"][0]["zh"]


@pytest.mark.article("SH-4")
async def test_ten_persons_are_too_many_and_one_with_two_posts_counts_once(regiment: Regiment) -> None:
    for posts in (("secretary",), ("director",), ("deputy_director",), ("deputy_secretary",)):
        await regiment.entered(*posts)
    members = [await regiment.entered("committee_member") for _ in range(3)]
    await regiment.entered("branch_member", part_time=True)
    await regiment.entered("branch_member", part_time=True)
    seen = await regiment.composition()
    assert (seen["persons"], seen["part_time"]) == (9, 2)
    refused = await regiment.enter("branch_member")
    assert (refused.status_code, refused.json()["findings"][0]["rule"]) == (409, "committee.persons")
    assert (await regiment.elect(members[0], "branch_member")).status_code == 201
    assert (await regiment.composition())["persons"] == 9


@pytest.mark.article("SH-2", "SH-4")
async def test_a_part_time_member_is_of_a_category_of_its_own(regiment: Regiment) -> None:
    member = await regiment.entered("branch_member", part_time=True)
    assert member["category"] == "part_time_member"
    refused = await regiment.enter("staff", part_time=True)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/part_time")
    # Elected into full office the person becomes a worker; the part-time seat is not lost by it.
    assert (await regiment.elect(member, "committee_member")).status_code == 201
    held = await regiment.made("handler", "GET", f"/dossiers/{member['id']}/posts", query={"on": "2025-01-06"})
    assert {each["role"]: each["category"] for each in held["items"]} == {
        "branch_member": "part_time_member",
        "committee_member": "committee_member",
    }


@pytest.mark.article("SH-4")
async def test_of_two_that_take_the_last_seat_at_once_one_is_refused(regiment: Regiment) -> None:
    for _ in range(2):
        await regiment.entered("branch_member")
    answers = await asyncio.gather(regiment.enter("branch_member"), regiment.enter("branch_member"))
    assert sorted(answer.status_code for answer in answers) == [201, 409]


async def test_who_sees_a_composition(regiment: Regiment) -> None:
    path = f"/communities/{regiment.id_of('community')}/composition"
    for who, status in (("civil", 200), ("board", 403), ("sibling", 404), (None, 401)):
        assert (await regiment.call(who, "GET", path)).status_code == status


@pytest.mark.article("NM-7")
async def test_where_nothing_is_said_of_the_composition_it_is_not_regulated(house: House) -> None:
    unit = house.tenant.tree["community"].id
    answer = await house.tenant.get(house.township, f"{PATH}/communities/{unit}/composition")
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/not-regulated")
