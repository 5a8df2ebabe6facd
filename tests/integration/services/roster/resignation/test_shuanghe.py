"""SH-26 beside the statute: to the Party branch, no approval asked of a labour contract, both texts shown."""

import pytest

from tests.integration.services.roster.division import Division
from tests.integration.services.roster.house import PATH, House
from tests.integration.services.roster.leavers import move, on_duty, posts, resign, state

RESIGNATIONS = f"{PATH}/resignations"


@pytest.mark.article("SH-26", "LCL-37")
async def test_without_approval_the_labour_contract_ends_all_the_same_and_both_texts_are_shown(
    division: Division,
) -> None:
    worker = await division.staff()
    given = (await resign(division, worker)).json()
    assert (given["state"], given["last_day"], given["approved_on"]) == ("given", "2025-05-14", None)
    shown = {each["rule"]: each for each in given["findings"]}
    assert shown["resignation.in_writing"]["facts"]["to"] == "community_party"
    set_aside = shown["resignation.approval"]
    assert (set_aside["article"], set_aside["outcome"]) == ("SH-26", "relaxed")
    assert "经批准并且工作交接完毕" in set_aside["words"]
    assert set_aside["facts"]["statute"] == "LCL-37"
    assert "提前三十日" in shown["resignation.notice_days"]["words"]
    sent = shown["resignation.forward_level"]
    assert sent["facts"] == {"to_level": "township", "forwarded_on": "2025-04-14"}
    # The branch that receives it and the employer read it the same day; another community does not.
    for reader, count in ((division.branch, 1), (division.township, 1), (division.other_branch, 0)):
        assert len((await division.tenant.get(reader, RESIGNATIONS)).json()["items"]) == count
    await move(division, "2025-05-14")
    await division.service.run_timers()
    assert (await state(division, worker))[0] == "on_duty"
    await move(division, "2025-05-15")
    await division.service.run_timers()
    assert await state(division, worker) == ("left", "2025-05-15")


@pytest.mark.article("SH-26")
async def test_the_branch_approves_once_and_nobody_else_does(division: Division) -> None:
    worker = await division.staff()
    path = f"{RESIGNATIONS}/{(await resign(division, worker)).json()['id']}/approval"
    body = {"comment": "同意"}
    for caller, status in (
        (division.township, 403),
        (division.county, 403),
        (worker.caller, 403),
        (division.other_branch, 404),
    ):
        assert (await division.tenant.post(caller, path, body)).status_code == status
    approved = await division.tenant.post(division.branch, path, body)
    assert (approved.status_code, approved.json()["approved_on"]) == (200, "2025-04-14"), approved.text
    assert approved.json()["last_day"] == "2025-05-14"
    again = await division.tenant.post(division.branch, path, body)
    assert (again.status_code, again.json()["article"]) == (409, "SH-26")


@pytest.mark.article("SH-26")
async def test_an_office_is_recorded_and_not_ended(division: Division) -> None:
    member = await division.member()
    given = (await resign(division, member)).json()
    assert (given["state"], given["last_day"]) == ("by_party_rules", None)
    assert [each["article"] for each in given["findings"]] == ["SH-26"]
    await move(division, "2025-12-01")
    await division.service.run_timers()
    assert [each["valid_before"] for each in await posts(division, member)] == [None]


@pytest.mark.article("SH-26")
@pytest.mark.parametrize("approved_first", [True, False])
async def test_a_service_agreement_ends_once_approved_and_handed_over(division: Division, approved_first: bool) -> None:
    worker = await division.agreed()
    given = (await resign(division, worker)).json()
    assert (given["state"], given["last_day"]) == ("by_agreement", "2025-05-14")
    path = f"{RESIGNATIONS}/{given['id']}"
    steps = [
        (division.branch, f"{path}/approval", {"comment": "同意"}),
        (division.township, f"{path}/hand-over", {"done_on": "2025-05-20"}),
    ]
    await move(division, "2025-05-20")
    await division.service.run_timers()
    assert (await state(division, worker))[0] == "on_duty"
    for caller, step, body in steps if approved_first else reversed(steps):
        assert (await state(division, worker))[0] == "on_duty"
        done = await division.tenant.post(caller, step, body)
        assert done.status_code == 200, done.text
    assert (done.json()["last_day"], done.json()["end"]) == ("2025-05-20", "waiting")
    await move(division, "2025-05-21")
    await division.service.run_timers()
    assert await state(division, worker) == ("left", "2025-05-21")


@pytest.mark.article("NM-29")
async def test_where_no_approval_is_written_none_is_given(house: House) -> None:
    worker = await on_duty(house)
    one = (await resign(house, worker)).json()["id"]
    branch = await house.tenant.appoint("community", "community_party")
    answer = await house.tenant.post(branch, f"{RESIGNATIONS}/{one}/approval", {"comment": "同意"})
    assert answer.status_code == 403, answer.text
