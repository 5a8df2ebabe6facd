"""By-elections for a vacancy, organised by the regiment, and what SH-6 asks of whoever is elected (SH-6, SH-7)."""

from datetime import UTC, datetime
from typing import Any

import pytest

from kernel.testing.service_client import ServiceUnderTest
from tests.integration.services.roster.history import entered as entered_nm
from tests.integration.services.roster.history import intake
from tests.integration.services.roster.house import PATH, House
from tests.integration.services.roster.regiment import TERM, Regiment


@pytest.fixture
async def regiment(roster: ServiceUnderTest) -> Regiment:
    return await Regiment.open(roster)


async def vacancy(regiment: Regiment, who: str = "handler", **more: Any) -> None:
    """A member of the branch who has left."""
    body = regiment.worker("branch_member", **more)
    body["posts"][0] |= {"valid_before": "2025-01-02"}
    answer = await regiment.call(who, "POST", "/dossiers/imports", body)
    assert answer.status_code == 201, answer.text


@pytest.mark.article("SH-7")
async def test_a_vacancy_is_filled_by_a_by_election_of_the_regiment(regiment: Regiment) -> None:
    await vacancy(regiment)
    successor = await regiment.entered("staff")
    made = await regiment.elect(successor, "branch_member", by_election=True)
    assert made.status_code == 201, made.text
    assert made.json()["origin"] == "by_election"
    [told] = [each for each in await regiment.tenant.events("post_taken") if each.data["role"] == "branch_member"][1:]
    assert told.data["category"] == "committee_member"


@pytest.mark.article("SH-7")
async def test_without_a_vacancy_there_is_no_by_election(regiment: Regiment) -> None:
    somebody = await regiment.entered("staff")
    refused = await regiment.elect(somebody, "branch_member", by_election=True)
    assert (refused.status_code, refused.json()["article"]) == (409, "SH-7")
    await vacancy(regiment)
    for _ in range(3):
        await regiment.entered("branch_member")
    refused = await regiment.elect(somebody, "branch_member", by_election=True)
    assert (refused.status_code, refused.json()["article"]) == (409, "SH-7")


@pytest.mark.article("SH-7")
async def test_a_member_who_leaves_makes_the_vacancy(regiment: Regiment) -> None:
    secretary, next_one = await regiment.entered("secretary"), await regiment.entered("staff")
    refused = await regiment.elect(next_one, "secretary", by_election=True)
    assert refused.status_code == 409
    [post] = (await regiment.made("handler", "GET", f"/dossiers/{secretary['id']}/posts"))["items"]
    await regiment.tenant.move_to(datetime(2025, 1, 8, 2, 0, tzinfo=UTC))
    leaving = {"valid_before": "2025-01-08", "ground": "change", "reason": "调任其他单位"}
    assert (await regiment.call("handler", "POST", f"/posts/{post['id']}/leaving", leaving)).is_success
    vacant = [each["role"] for each in (await regiment.composition())["seats"] if each["vacant"]]
    assert "secretary" in vacant
    term = {"term_from": "2025-01-08", "term_before": "2030-01-06"}
    made = await regiment.elect(next_one, "secretary", by_election=True, **term)
    assert made.status_code == 201, made.text


@pytest.mark.article("SH-7")
async def test_for_a_community_below_the_division_city_the_unit_above_organises(regiment: Regiment) -> None:
    await vacancy(regiment, unit="direct_community", who="civil")
    successor = await regiment.entered("staff", unit="direct_community", who="civil")
    made = await regiment.elect(successor, "branch_member", "civil", by_election=True)
    assert made.status_code == 201, made.text
    # Of a community of a regiment the division-city organises none.
    await vacancy(regiment)
    other = await regiment.entered("staff")
    refused = await regiment.elect(other, "branch_member", "civil", by_election=True)
    assert (refused.status_code, refused.json()["article"]) == (403, "SH-7")


@pytest.mark.article("SH-6")
async def test_the_conditions_are_shown_with_the_result_and_undo_nothing(regiment: Regiment) -> None:
    college = await regiment.entered("staff")
    school = await regiment.entered("staff", background={"education_code": "61"})
    unknown = await regiment.entered("staff", background={})
    outcomes = {}
    for name, dossier in (("college", college), ("school", school), ("unknown", unknown)):
        path = f"/dossiers/{dossier['id']}/office-conditions"
        found = {each["rule"]: each for each in (await regiment.made("handler", "GET", path))["findings"]}
        outcomes[name] = found["eligibility.education"]["outcome"]
        assert found["eligibility.politics"]["outcome"] == "needs_judgement"
        assert {each["article"].split("(")[0] for each in found.values()} == {"SH-6"}
    assert outcomes == {"college": "met", "school": "not_met", "unknown": "needs_judgement"}
    elected = await regiment.elect(school, "branch_member")
    assert elected.status_code == 201
    shown = {each["rule"]: each["outcome"] for each in elected.json()["findings"]}
    assert shown["eligibility.education"] == "not_met"
    with_college = await regiment.elect(college, "branch_member")
    assert "eligibility.education" not in {each["rule"] for each in with_college.json()["findings"]}


async def test_who_records_an_election_and_sees_conditions(regiment: Regiment) -> None:
    worker = await regiment.entered("staff")
    for who, status in (("board", 403), ("sibling", 404), (None, 401)):
        path = f"/dossiers/{worker['id']}"
        body = {"role": "branch_member"} | TERM
        assert (await regiment.call(who, "POST", f"{path}/elections", body)).status_code == status
        assert (await regiment.call(who, "GET", f"{path}/office-conditions")).status_code == status


@pytest.mark.article("NM-7")
async def test_a_regulation_without_by_elections_and_conditions_knows_none(house: House) -> None:
    worker = await entered_nm(house, intake(house))
    path = f"{PATH}/dossiers/{worker.dossier_id}"
    found = await house.tenant.get(house.township, f"{path}/office-conditions")
    assert (found.status_code, found.json()["findings"]) == (200, [])
    body = {"role": "director", "term_from": "2025-03-10", "term_before": "2030-03-10", "instrument": "报告单"}
    refused = await house.tenant.post(house.township, f"{path}/elections", body | {"by_election": True})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/not-regulated")
    assert (await house.tenant.post(house.township, f"{path}/elections", body)).status_code == 201
