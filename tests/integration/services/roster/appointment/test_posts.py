"""Posts by duty, by election and by leaving; years of service follow from them (NM-3, NM-7, NM-23)."""

from datetime import UTC, datetime

import pytest

from tests.integration.services.roster.history import entered, intake, staff, years
from tests.integration.services.roster.house import PATH, House

TERM = {"term_from": "2025-03-01", "term_before": "2030-03-01", "instrument": "居民代表会议选举结果报告单"}


@pytest.mark.article("NM-3", "NM-20")
async def test_starting_duty_takes_the_post_of_staff(house: House) -> None:
    worker = await house.hire()
    await house.signed(worker)
    await house.train(worker.person_id, "24.00", "2025-03-07")
    duty = {"dossier_id": worker.dossier_id, "starts_on": "2025-03-10"}
    assert (await house.tenant.post(house.township, f"{PATH}/duties", duty)).status_code == 201
    [taken] = await house.tenant.events("post_taken")
    assert (taken.data["role"], taken.data["relation"], taken.data["category"]) == (
        "staff",
        "labour_contract",
        "community_staff",
    )
    assert taken.data["township_unit_id"] == str(house.tenant.tree["township"].id)
    [own] = (await house.tenant.get(worker.caller, f"{PATH}/own/posts")).json()["items"]
    assert (own["role"], own["valid_from"], own["origin"]) == ("staff", "2025-03-10", "hire")


@pytest.mark.article("NM-7")
async def test_staff_elected_director_for_a_term_is_a_member_of_the_two_committees(house: House) -> None:
    worker = await entered(house, staff(house))
    path = f"{PATH}/dossiers/{worker.dossier_id}/elections"
    elected = await house.tenant.post(house.county, path, TERM | {"role": "director"})
    assert elected.status_code == 201, elected.text
    assert (elected.json()["term_before"], elected.json()["origin"]) == ("2030-03-01", "election")
    dossier = (await house.tenant.get(house.county, f"{PATH}/dossiers/{worker.dossier_id}")).json()
    assert (dossier["category"], dossier["post_title"]) == ("committee_member", "社区居民委员会主任")
    [left] = await house.tenant.events("post_left")
    assert (left.data["role"], left.data["ground"], left.data["valid_before"]) == ("staff", "change", "2025-03-01")
    counted = await years(house, worker)
    assert (counted["current_continuous_years"], counted["full_terms"]) == (4, {"director": 0})
    # Secretary and director at once: one person, two posts.
    both = await house.tenant.post(house.county, path, TERM | {"role": "secretary"})
    assert both.status_code == 201, both.text
    held = await house.tenant.get(
        house.county, f"{PATH}/dossiers/{worker.dossier_id}/posts", query={"on": "2025-03-10"}
    )
    assert [each["role"] for each in held.json()["items"]] == ["director", "secretary"]


@pytest.mark.article("NM-7")
async def test_who_is_elected_again_begins_a_new_term_and_not_before_the_old_is_over(house: House) -> None:
    worker = await entered(house, intake(house))
    path = f"{PATH}/dossiers/{worker.dossier_id}/elections"
    again = await house.tenant.post(house.county, path, TERM | {"role": "secretary"})
    assert again.status_code == 201, again.text
    left = (await house.tenant.events("post_left"))[-1]
    assert (left.data["ground"], left.data["valid_before"]) == ("term_end", "2025-03-01")
    early = await house.tenant.post(
        house.county, path, TERM | {"role": "secretary", "term_from": "2025-03-05", "term_before": "2031-03-01"}
    )
    assert (early.status_code, early.json()["type"]) == (409, "/problems/wrong-state")


@pytest.mark.article("NM-7")
async def test_staff_are_not_elected(house: House) -> None:
    worker = await entered(house, staff(house))
    refused = await house.tenant.post(
        house.county, f"{PATH}/dossiers/{worker.dossier_id}/elections", TERM | {"role": "staff"}
    )
    assert (refused.status_code, refused.json()["article"]) == (409, "NM-3")


async def test_a_post_is_left_once_after_it_began_and_a_term_not_before_its_end(house: House) -> None:
    worker = await entered(house, intake(house))
    listed = await house.tenant.get(house.county, f"{PATH}/posts", query={"role": "secretary", "on": "2025-03-10"})
    [post] = listed.json()["items"]
    path = f"{PATH}/posts/{post['id']}/leaving"
    body = {"valid_before": "2025-03-10", "ground": "term_end", "reason": "任期届满"}
    too_early = await house.tenant.post(house.county, path, body | {"valid_before": "2023-12-31"})
    assert too_early.status_code == 422
    assert (await house.tenant.post(house.county, path, body | {"valid_before": "2025-03-11"})).status_code == 422
    left = await house.tenant.post(house.township, path, body)
    assert (left.status_code, left.json()["left_ground"]) == (200, "term_end")
    assert (await house.tenant.post(house.county, path, body)).status_code == 409
    counted = await years(house, worker)
    assert (counted["current_continuous_years"], counted["longest_continuous_years"]) == (0, 11)


@pytest.mark.article("NM-23")
async def test_a_gap_breaks_what_is_continuous_and_takes_nothing_from_what_adds_up(house: House) -> None:
    posts = [
        {"role": "staff", "valid_from": "2010-01-01", "valid_before": "2018-01-01"},
        {"role": "staff", "valid_from": "2018-01-02"},
    ]
    worker = await entered(house, staff(house, posts=posts))
    counted = await years(house, worker)
    assert (counted["cumulative_years"], counted["current_continuous_years"], counted["gaps"]) == (15, 7, 1)
    await house.tenant.move_to(datetime(2026, 1, 1, 16, 0, tzinfo=UTC))
    assert (await years(house, worker))["current_continuous_years"] == 8


async def test_permission_and_scope(house: House, other_house: House) -> None:
    worker = await entered(house, intake(house))
    base = f"{PATH}/dossiers/{worker.dossier_id}"
    [post, *_] = (await house.tenant.get(house.county, f"{base}/posts")).json()["items"]
    reads = (f"{PATH}/posts", f"{base}/posts", f"{base}/service-years")
    for path in reads:
        for caller in (house.finance, worker.caller):
            assert (await house.tenant.get(caller, path)).status_code == 403
        assert (await house.tenant.get(None, path)).status_code == 401
    for path in reads[1:]:
        assert (await house.tenant.get(house.sibling, path)).status_code == 404
        assert (await other_house.tenant.get(other_house.county, path)).status_code == 404
    assert (await house.tenant.get(house.sibling, f"{PATH}/posts")).json()["items"] == []
    assert (await house.tenant.get(house.county, f"{PATH}/own/posts")).status_code == 403
    writes = (
        (f"{base}/elections", TERM | {"role": "director"}),
        (
            f"{PATH}/posts/{post['id']}/leaving",
            {"valid_before": "2025-03-01", "ground": "change", "reason": "岗位变动"},
        ),
    )
    for path, body in writes:
        for caller, status in ((house.finance, 403), (worker.caller, 403), (house.sibling, 404), (None, 401)):
            assert (await house.tenant.post(caller, path, body)).status_code == status, path
