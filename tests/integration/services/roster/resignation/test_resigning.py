"""A contract ends by the worker's notice without approval; an office is only recorded (NM-29, LCL-37)."""

import pytest

from kernel.testing.tree import person
from tests.integration.services.roster.house import PATH, House
from tests.integration.services.roster.leavers import in_office, move, on_duty, posts, resign, state

RESIGNATIONS = f"{PATH}/resignations"
OWN = f"{PATH}/own/resignations"


@pytest.mark.article("NM-29", "LCL-37")
async def test_thirty_days_after_the_notice_everything_ends_once(house: House) -> None:
    worker = await on_duty(house, probation_months=0)
    made = await resign(house, worker)
    assert made.status_code == 201, made.text
    given = made.json()
    assert (given["state"], given["last_day"]) == ("given", "2025-04-09")
    assert [each["article"] for each in given["findings"]] == ["NM-29", "LCL-37"]
    await move(house, "2025-04-09")
    await house.service.run_timers()
    assert await state(house, worker) == ("on_duty", None)
    await move(house, "2025-04-10")
    await house.service.run_timers()
    await house.service.run_timers()
    assert await state(house, worker) == ("left", "2025-04-10")
    [post] = await posts(house, worker)
    assert (post["valid_before"], post["left_ground"]) == ("2025-04-10", "resignation")
    [contract] = (await house.tenant.get(worker.caller, f"{PATH}/own/contracts")).json()["items"]
    assert contract["term"]["valid_before"] == "2025-04-10"
    [duty] = (await house.tenant.get(house.township, f"{PATH}/duties")).json()["items"]
    assert duty["valid_before"] == "2025-04-10"
    [left] = await house.tenant.events("post_left")
    assert left.data["ground"] == "resignation"
    [seen] = (await house.tenant.get(worker.caller, OWN)).json()["items"]
    assert seen["end"] == "done"
    past = {"state": "on_duty", "on": "2025-04-09"}
    listed = await house.tenant.get(house.township, f"{PATH}/dossiers", query=past)
    assert [each["id"] for each in listed.json()["items"]] == [worker.dossier_id]


@pytest.mark.article("LCL-37")
async def test_three_days_in_probation(house: House) -> None:
    worker = await on_duty(house)
    assert (await resign(house, worker)).json()["last_day"] == "2025-03-13"


@pytest.mark.article("NM-29")
async def test_an_office_is_recorded_and_never_ended(house: House) -> None:
    member = await in_office(house)
    made = await resign(house, member)
    assert (made.json()["state"], made.json()["last_day"]) == ("by_party_rules", None)
    await move(house, "2025-12-01")
    await house.service.run_timers()
    assert [each["valid_before"] for each in await posts(house, member)] == [None]
    assert (await resign(house, member)).status_code == 409


@pytest.mark.article("NM-29", "LCL-37")
async def test_it_is_taken_back_with_the_employers_consent_alone(house: House) -> None:
    worker = await on_duty(house)
    one = (await resign(house, worker)).json()["id"]
    early = await house.tenant.post(house.township, f"{RESIGNATIONS}/{one}/withdrawal-consent")
    assert (early.status_code, early.json()["article"]) == (409, "NM-29")
    asked = await house.tenant.post(worker.caller, f"{OWN}/{one}/withdrawal")
    assert asked.json()["state"] == "withdrawal_asked"
    agreed = await house.tenant.post(house.township, f"{RESIGNATIONS}/{one}/withdrawal-consent")
    assert (agreed.json()["state"], agreed.json()["end"]) == ("withdrawn", "cancelled")
    await move(house, "2025-04-20")
    await house.service.run_timers()
    assert (await state(house, worker))[0] == "on_duty"


@pytest.mark.article("LCL-37")
async def test_without_consent_the_end_comes_and_hand_over_is_no_condition(house: House) -> None:
    worker = await on_duty(house)
    one = (await resign(house, worker)).json()["id"]
    await house.tenant.post(worker.caller, f"{OWN}/{one}/withdrawal")
    await move(house, "2025-03-14")
    await house.service.run_timers()
    assert (await state(house, worker))[0] == "left"
    late = await house.tenant.post(house.township, f"{RESIGNATIONS}/{one}/withdrawal-consent")
    assert late.status_code == 409
    body = {"done_on": "2025-03-14"}
    done = await house.tenant.post(house.township, f"{RESIGNATIONS}/{one}/hand-over", body)
    assert done.json()["handed_over_on"] == "2025-03-14"


async def test_it_is_not_given_twice_and_not_by_one_who_has_no_dossier(house: House) -> None:
    worker = await on_duty(house)
    await resign(house, worker)
    assert (await resign(house, worker)).status_code == 409
    assert (await house.tenant.post(person(), OWN, {"notice": "本人申请辞职"})).status_code == 404


async def test_the_words_are_for_those_who_handle_it(house: House) -> None:
    worker = await on_duty(house)
    one = (await resign(house, worker)).json()["id"]
    text = await house.tenant.post(house.township, f"{RESIGNATIONS}/{one}/text")
    assert text.json()["notice"] == "本人因个人原因申请辞职"
    assert (await house.tenant.post(house.sibling, f"{RESIGNATIONS}/{one}/text")).status_code == 404
    assert (await house.tenant.post(house.finance, f"{RESIGNATIONS}/{one}/text")).status_code == 403
    assert (await house.tenant.get(house.finance, RESIGNATIONS)).status_code == 403
    assert (await house.tenant.get(house.sibling, RESIGNATIONS)).json()["items"] == []
    assert (await house.tenant.get(house.township, OWN)).status_code == 403
    assert (await house.tenant.post(person(), f"{OWN}/{one}/withdrawal")).status_code == 404
