"""Leave asked for, approved, refused by law, returned from; the balance of annual leave (NM-27)."""

import asyncio
from datetime import UTC, datetime
from uuid import UUID

import pytest

from kernel.ids import new_id
from kernel.testing.service_client import ServiceUnderTest
from kernel.testing.tree import PUBLIC
from services.roster.leave import actions
from tests.integration.services.roster.daily import LEAVES, OWN_LEAVES, Desk, decide, on_duty
from tests.integration.services.roster.house import PATH, House, silent

LATER = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)


@pytest.fixture
async def desk(house: House) -> Desk:
    return Desk(house, await on_duty(house))


def balance_of(desk: Desk) -> str:
    return f"{PATH}/dossiers/{desk.worker.dossier_id}/leave-balance"


@pytest.mark.article("NM-27")
async def test_a_worker_asks_and_the_township_approves_and_registers_the_return(desk: Desk) -> None:
    house = desk.house
    asked = await desk.ask("marriage", "2025-04-01", "2025-04-19")
    view = asked.json()
    assert (asked.status_code, view["state"], view["days"], view["unit"]) == (201, "requested", 18, "calendar")
    assert (await decide(house, house.approver, view["case_id"], "township")).status_code == 200
    await house.tenant.move_to(datetime(2025, 4, 19, 2, 0, tzinfo=UTC))
    back = (await desk.returned(view["id"], "2025-04-19")).json()
    assert (back["state"], back["days"], back["overstayed_days"], back["overstay"]) == ("returned", 18, 0, None)
    assert (await desk.returned(view["id"], "2025-04-19")).json()["type"] == "/problems/wrong-state"
    assert (await house.tenant.get(desk.worker.caller, OWN_LEAVES)).json()["items"] == [back]


@pytest.mark.article("NM-27")
async def test_more_days_than_law_and_region_give_are_refused_with_the_sum(desk: Desk) -> None:
    answer = await desk.ask("marriage", "2025-04-01", "2025-04-20")
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/rule-refused")
    assert answer.json()["findings"][0]["facts"]["base"] == 3
    assert answer.json()["findings"][0]["facts"]["extra"] == 15
    maternity = await desk.ask("maternity", "2025-04-01", "2025-09-07")
    assert (maternity.status_code, maternity.json()["article"]) == (409, "FEL-7")
    assert (await desk.ask("maternity", "2025-04-01", "2025-09-06")).json()["days"] == 158


@pytest.mark.article("FEL-7")
async def test_a_difficult_birth_adds_its_days(desk: Desk) -> None:
    asked = await desk.ask("maternity", "2025-04-01", "2025-09-21", supplements={"difficult_birth": 1})
    assert (asked.status_code, asked.json()["days"]) == (201, 173)


@pytest.mark.article("NM-27")
async def test_nobody_approves_what_they_recorded_and_a_rejected_leave_frees_its_days(desk: Desk) -> None:
    house = desk.house
    body = {"dossier_id": desk.worker.dossier_id, "kind": "personal"}
    body |= {"valid_from": "2025-03-13", "valid_before": "2025-03-18"}
    asked = (await house.tenant.post(house.approver, LEAVES, body)).json()
    assert asked["days"] == 3
    assert (await decide(house, house.approver, asked["case_id"], "township")).status_code == 409
    other = await house.tenant.appoint("township", "township_office", "approver")
    assert (await desk.ask("personal", "2025-03-17", "2025-03-18")).status_code == 409
    refused = await decide(house, other, asked["case_id"], "township", "reject", "工作安排不开")
    assert refused.status_code == 200
    assert (await house.tenant.get(house.township, f"{LEAVES}/{asked['id']}")).json()["state"] == "rejected"
    assert (await desk.ask("personal", "2025-03-17", "2025-03-18")).status_code == 201


@pytest.mark.article("NM-27")
async def test_a_worker_takes_a_request_back_until_it_is_decided(desk: Desk) -> None:
    house = desk.house
    asked = (await desk.ask("personal", "2025-03-13", "2025-03-14")).json()
    back = await house.tenant.post(desk.worker.caller, f"{OWN_LEAVES}/{asked['id']}/withdraw")
    assert (back.status_code, back.json()["state"]) == (200, "withdrawn")
    again = await house.tenant.post(desk.worker.caller, f"{OWN_LEAVES}/{asked['id']}/withdraw")
    assert again.status_code == 409
    assert (await desk.ask("personal", "2025-03-13", "2025-03-14")).status_code == 201


@pytest.mark.article("AL-2", "AL-3")
async def test_without_a_year_of_work_there_is_no_annual_leave_and_earlier_work_gives_a_share(desk: Desk) -> None:
    house = desk.house
    assert (await desk.ask("annual", "2025-04-07", "2025-04-08")).json()["article"] == "AL-3"
    stated = {"months": 120, "evidence": "社会保险缴费记录"}
    path = f"{PATH}/dossiers/{desk.worker.dossier_id}/earlier-work"
    assert (await house.tenant.post(house.township, path, stated)).status_code == 201
    shown = (await house.tenant.get(house.township, balance_of(desk))).json()
    # On duty since 10 March: 297 of 365 days, ten days a year.
    assert (shown["cumulative_years"], shown["entitled"], shown["pro_rata"]) == (10, 8, True)
    granted = await desk.granted("annual", "2025-04-07", "2025-04-12")
    assert granted["days"] == 5
    over = await desk.ask("annual", "2025-05-12", "2025-05-16")
    assert (over.status_code, over.json()["article"]) == (409, "ALM-5")
    assert (await desk.ask("annual", "2025-05-12", "2025-05-15")).status_code == 201
    own = (await house.tenant.get(desk.worker.caller, f"{PATH}/own/leave-balance")).json()
    assert (own["taken"], own["requested"], own["remaining"]) == (5, 3, 0)


@pytest.mark.article("AL-3", "NM-27")
async def test_annual_leave_is_given_back_when_the_worker_returns_early(desk: Desk) -> None:
    house = desk.house
    await house.tenant.move_to(LATER)
    taken = await desk.granted("annual", "2026-05-25", "2026-05-30")
    early = (await desk.returned(taken["id"], "2026-05-28")).json()
    assert (early["taken_before"], early["days"], early["days_by_year"]) == ("2026-05-28", 3, {"2026": 3})
    shown = (await house.tenant.get(house.township, balance_of(desk), query={"year": "2026"})).json()
    assert (shown["cumulative_years"], shown["entitled"], shown["remaining"]) == (1, 5, 2)
    assert (await desk.ask("personal", "2026-05-28", "2026-05-29")).status_code == 201


@pytest.mark.article("NM-27")
async def test_working_days_that_reach_a_year_without_calendar_are_refused_and_calendar_days_are_not(
    desk: Desk,
) -> None:
    await desk.house.tenant.move_to(LATER)
    missing = await desk.ask("annual", "2026-12-30", "2027-01-05")
    assert (missing.status_code, missing.json()["type"]) == (409, "/problems/calendar-missing")
    assert "2027" in missing.json()["detail"]
    assert (await desk.ask("maternity", "2026-12-30", "2027-06-06")).json()["days"] == 158


async def test_of_two_requests_at_the_same_moment_one_stands(desk: Desk) -> None:
    answers = await asyncio.gather(*(desk.ask("personal", "2025-03-13", "2025-03-14") for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]


async def test_leave_begins_after_duty_in_a_known_kind_and_with_a_working_day(house: House) -> None:
    newcomer = Desk(house, await house.hire())
    assert (await newcomer.ask("personal", "2025-03-13", "2025-03-14")).json()["type"] == "/problems/wrong-state"
    desk = Desk(house, await on_duty(house, id_number="990101199001010027"))
    assert (await desk.ask("sabbatical", "2025-03-13", "2025-03-14")).status_code == 422
    assert (await desk.ask("personal", "2025-03-15", "2025-03-17")).status_code == 422
    assert (await desk.ask("personal", "2025-03-15", "2025-03-15")).status_code == 422


async def test_a_kind_whose_unit_nobody_set_cannot_be_asked_for(roster: ServiceUnderTest) -> None:
    house = await House.open(roster, silent("leave.paternity_unit"))
    desk = Desk(house, await on_duty(house))
    assert (await desk.ask("paternity", "2025-04-01", "2025-04-02")).json()["type"] == "/problems/not-regulated"
    kinds = (await house.tenant.get(desk.worker.caller, f"{PATH}/leave-kinds")).json()["items"]
    assert {kind["kind"]: kind["unit"] for kind in kinds}["paternity"] is None
    assert {kind["kind"]: kind["days"] for kind in kinds}["maternity"] == 158


async def test_each_operation_needs_its_permission_and_the_scope(desk: Desk, other_house: House) -> None:
    house, worker = desk.house, desk.worker
    view = (await desk.ask("personal", "2025-03-13", "2025-03-14")).json()
    record = {"dossier_id": worker.dossier_id, "kind": "personal"}
    record |= {"valid_from": "2025-03-20", "valid_before": "2025-03-21"}
    back, stated = {"returned_on": "2025-03-14"}, {"months": 1, "evidence": "证明材料"}
    writes = (
        (LEAVES, record, 404),
        (f"{LEAVES}/{view['id']}/return", back, 404),
        (f"{PATH}/dossiers/{worker.dossier_id}/earlier-work", stated, 404),
    )
    for path, body, foreign in writes:
        for caller, status in ((house.county, 403), (house.finance, 403), (worker.caller, 403)):
            assert (await house.tenant.post(caller, path, body)).status_code == status, path
        assert (await house.tenant.post(house.sibling, path, body)).status_code == foreign, path
        assert (await other_house.tenant.post(other_house.township, path, body)).status_code == foreign, path
    for path in (f"{LEAVES}/{view['id']}", balance_of(desk)):
        for caller, status in ((house.county, 200), (house.finance, 403), (worker.caller, 403), (house.sibling, 404)):
            assert (await house.tenant.get(caller, path)).status_code == status, path
    assert (await house.tenant.get(house.sibling, LEAVES)).json()["items"] == []
    listed = await house.tenant.get(house.county, LEAVES, query={"on": "2025-03-13", "state": "requested"})
    assert [item["id"] for item in listed.json()["items"]] == [view["id"]]
    stranger = await house.hire(
        identity={"full_name": "李测试", "id_number": "990101199001010027", "phone": "13900000001"}
    )
    taken = await house.tenant.post(stranger.caller, f"{OWN_LEAVES}/{view['id']}/withdraw")
    assert taken.status_code == 404
    assert (await house.tenant.post(house.township, OWN_LEAVES, record)).status_code == 403
    for reader, status in ((house.finance, 200), (stranger.caller, 200), (PUBLIC, 403), (None, 401)):
        assert (await house.tenant.get(reader, f"{PATH}/leave-kinds")).status_code == status
    assert (await house.tenant.get(None, f"{LEAVES}/{new_id()}")).status_code == 401


@pytest.mark.article("NM-23")
async def test_leave_moves_with_the_dossier(desk: Desk) -> None:
    house = desk.house
    view = (await desk.ask("personal", "2025-03-13", "2025-03-14")).json()
    async with house.service.database.transaction(house.tenant.context()) as tx:
        there = house.tenant.tree["sibling_community"].unit_no
        await actions.move(tx, UUID(desk.worker.dossier_id), there)
    assert (await house.tenant.get(house.sibling, f"{LEAVES}/{view['id']}")).json()["unit_no"] == there
    assert (await house.tenant.get(house.township, f"{LEAVES}/{view['id']}")).status_code == 404
