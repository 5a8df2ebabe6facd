"""Secondment: who may borrow, three months at most, approval, end by itself, repeats (NM-24)."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
import pytest

from kernel.testing.service_client import ServiceUnderTest
from kernel.testing.tree import Caller
from services.roster.secondment import actions
from tests.integration.services.roster.daily import decide, on_duty
from tests.integration.services.roster.house import PATH, House, Worker, silent

SECONDMENTS = f"{PATH}/secondments"
NOTHING_WRITTEN = ("secondment.barred_levels", "secondment.borrower_levels", "secondment.max_months")


@pytest.fixture
async def worker(house: House) -> Worker:
    return await on_duty(house)


@pytest.fixture
async def society(house: House) -> Caller:
    return await house.tenant.appoint("county", "society_work", "approver")


async def apply(
    house: House, worker: Worker, valid_from: str = "2025-04-01", valid_before: str = "2025-07-01", **changes: Any
) -> httpx.Response:
    body = {
        "dossier_id": worker.dossier_id,
        "borrower_unit_id": str(house.tenant.tree["township"].id),
        "borrower_name": "街道党政办公室",
        "task": "人口普查集中工作",
        "valid_from": valid_from,
        "valid_before": valid_before,
    }
    return await house.tenant.post(house.township, SECONDMENTS, body | changes)


async def read(house: House, secondment_id: str) -> dict[str, Any]:
    return dict((await house.tenant.get(house.township, f"{SECONDMENTS}/{secondment_id}")).json())


@pytest.mark.article("NM-24")
async def test_three_months_to_the_township_are_approved_and_end_by_themselves(
    roster: ServiceUnderTest, house: House, worker: Worker, society: Caller
) -> None:
    made = await apply(house, worker)
    view = made.json()
    assert (made.status_code, view["state"], view["last_day"]) == (201, "applied", "2025-06-30")
    assert [warning["name"] for warning in view["warnings"]] == ["approver_reading"]
    assert (await decide(house, society, view["case_id"], "society_work")).status_code == 200
    running = await read(house, view["id"])
    assert (running["state"], running["began_on"], running["ended_before"]) == ("approved", "2025-04-01", None)
    # The last instant of the last day in Shanghai, then the first after it.
    await house.tenant.move_to(datetime(2025, 6, 30, 15, 59, 59, tzinfo=UTC))
    await roster.run_timers()
    assert (await read(house, view["id"]))["state"] == "approved"
    await house.tenant.move_to(datetime(2025, 6, 30, 16, 0, 0, tzinfo=UTC))
    await roster.run_timers()
    ended = await read(house, view["id"])
    assert (ended["state"], ended["ended_before"], ended["end_reason"]) == ("ended", "2025-07-01", "period_over")
    entries = [row.data["action"] for row in await house.tenant.events("recorded")]
    assert entries.count("roster.secondment.end") == 1
    own = (await house.tenant.get(worker.caller, f"{PATH}/own/secondments")).json()["items"]
    assert own == [ended]


@pytest.mark.article("NM-24")
@pytest.mark.parametrize("borrower", ["county", "league", "region"])
async def test_county_organs_and_above_are_always_refused_with_the_rule(
    house: House, worker: Worker, borrower: str
) -> None:
    unit = str(house.tenant.tree[borrower].id)
    answer = await apply(house, worker, "2025-04-01", "2025-04-02", borrower_unit_id=unit, borrower_name="某某局")
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/rule-refused")
    assert answer.json()["article"] == "NM-24"
    [finding] = answer.json()["findings"]
    assert (finding["rule"], finding["facts"]["borrower_level"]) == ("secondment.barred_levels", borrower)


@pytest.mark.article("NM-24")
@pytest.mark.parametrize(
    ("start", "before", "more"),
    [
        ("2026-01-15", "2026-04-15", "2026-04-16"),
        ("2026-03-01", "2026-06-01", "2026-06-02"),
        ("2026-11-30", "2027-03-01", "2027-03-02"),
        ("2026-11-28", "2027-02-28", "2027-03-01"),
    ],
)
async def test_exactly_three_months_pass_and_one_day_more_fails(
    house: House, worker: Worker, start: str, before: str, more: str
) -> None:
    refused = await apply(house, worker, start, more)
    assert (refused.status_code, refused.json()["article"]) == (409, "NM-24")
    assert refused.json()["findings"][0]["value"] == 3
    assert (await apply(house, worker, start, before)).status_code == 201


@pytest.mark.article("NM-24")
async def test_repeats_to_the_same_unit_are_summed_and_flagged(
    roster: ServiceUnderTest, house: House, worker: Worker, society: Caller
) -> None:
    first = (await apply(house, worker)).json()
    await decide(house, society, first["case_id"], "society_work")
    await house.tenant.move_to(datetime(2025, 7, 1, 2, 0, tzinfo=UTC))
    await roster.run_timers()
    again = (await apply(house, worker, "2025-07-01", "2025-08-01")).json()
    assert (again["repeated"], again["earlier_times"], again["earlier_days"]) == (True, 1, 91)
    assert [warning["name"] for warning in again["warnings"]] == ["approver_reading", "repeated"]


@pytest.mark.article("NM-24")
async def test_a_late_approval_never_reaches_back_nor_beyond_the_end(
    house: House, worker: Worker, society: Caller
) -> None:
    first = (await apply(house, worker)).json()
    await house.tenant.move_to(datetime(2025, 4, 10, 2, 0, tzinfo=UTC))
    await decide(house, society, first["case_id"], "society_work")
    assert (await read(house, first["id"]))["began_on"] == "2025-04-10"
    second = (await apply(house, worker, "2025-07-01", "2025-07-03")).json()
    await house.tenant.move_to(datetime(2025, 7, 3, 2, 0, tzinfo=UTC))
    await decide(house, society, second["case_id"], "society_work")
    late = await read(house, second["id"])
    assert (late["state"], late["began_on"]) == ("ended", None)


@pytest.mark.article("NM-24")
async def test_a_running_secondment_ends_early_and_its_timer_then_finds_nothing(
    roster: ServiceUnderTest, house: House, worker: Worker, society: Caller
) -> None:
    made = (await apply(house, worker)).json()
    end = f"{SECONDMENTS}/{made['id']}/end"
    early = {"last_day": "2025-05-09", "reason": "任务已完成"}
    assert (await house.tenant.post(house.township, end, early)).json()["type"] == "/problems/wrong-state"
    await decide(house, society, made["case_id"], "society_work")
    announced = await house.tenant.post(house.township, end, early)
    assert (announced.status_code, announced.json()["state"]) == (200, "approved")
    await house.tenant.move_to(datetime(2025, 5, 10, 2, 0, tzinfo=UTC))
    await roster.run_timers()
    ended = await read(house, made["id"])
    assert (ended["state"], ended["ended_before"], ended["end_reason"]) == ("ended", "2025-05-10", "任务已完成")
    # The freed days may be asked for again; the first timer changes nothing.
    assert (await apply(house, worker, "2025-05-12", "2025-05-13")).status_code == 201
    await house.tenant.move_to(datetime(2025, 7, 2, 2, 0, tzinfo=UTC))
    await roster.run_timers()
    assert await read(house, made["id"]) == ended


@pytest.mark.article("NM-24")
async def test_a_rejected_application_frees_its_days(house: House, worker: Worker, society: Caller) -> None:
    made = (await apply(house, worker)).json()
    assert (await apply(house, worker, "2025-06-30", "2025-07-02")).json()["type"] == "/problems/conflict"
    await decide(house, society, made["case_id"], "society_work", "reject", "社区人手不足")
    assert (await read(house, made["id"]))["state"] == "rejected"
    assert (await apply(house, worker, "2025-06-30", "2025-07-02")).status_code == 201


async def test_it_is_asked_for_beforehand_and_by_the_borrower_itself(house: House, worker: Worker) -> None:
    assert (await apply(house, worker, "2025-03-09", "2025-04-01")).status_code == 422
    other = str(house.tenant.tree["other_township"].id)
    assert (await apply(house, worker, borrower_unit_id=other)).json()["type"] == "/problems/rule-refused"


async def test_a_regulation_that_does_not_write_of_it_answers_not_regulated(roster: ServiceUnderTest) -> None:
    house = await House.open(roster, silent(*NOTHING_WRITTEN))
    worker = await on_duty(house)
    answer = await apply(house, worker)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/not-regulated")


async def test_each_operation_needs_its_permission_and_the_scope(
    house: House, other_house: House, worker: Worker, society: Caller
) -> None:
    made = (await apply(house, worker)).json()
    body = {
        "dossier_id": worker.dossier_id,
        "borrower_unit_id": str(house.tenant.tree["sibling_township"].id),
        "borrower_name": "街道办公室",
        "task": "临时工作",
        "valid_from": "2025-08-01",
        "valid_before": "2025-08-02",
    }
    end = {"last_day": "2025-05-09", "reason": "任务已完成"}
    for path, content in ((SECONDMENTS, body), (f"{SECONDMENTS}/{made['id']}/end", end)):
        for caller, status in ((society, 403), (house.finance, 403), (worker.caller, 403), (house.sibling, 404)):
            assert (await house.tenant.post(caller, path, content)).status_code == status, path
    path = f"{SECONDMENTS}/{made['id']}"
    for caller, status in ((house.county, 200), (house.finance, 403), (worker.caller, 403), (house.sibling, 404)):
        assert (await house.tenant.get(caller, path)).status_code == status
    assert (await other_house.tenant.get(other_house.township, path)).status_code == 404
    assert (await house.tenant.get(house.sibling, SECONDMENTS)).json()["items"] == []
    listed = await house.tenant.get(house.county, SECONDMENTS, query={"state": "applied"})
    assert [item["id"] for item in listed.json()["items"]] == [made["id"]]
    assert (await house.tenant.get(house.township, f"{PATH}/own/secondments")).status_code == 403
    for caller in (house.township, house.approver):
        assert (await decide(house, caller, made["case_id"], "society_work")).status_code == 403


@pytest.mark.article("NM-23", "NM-24")
async def test_a_transfer_ends_a_running_secondment_and_takes_it_along(
    house: House, worker: Worker, society: Caller
) -> None:
    made = (await apply(house, worker)).json()
    await decide(house, society, made["case_id"], "society_work")
    await house.tenant.move_to(datetime(2025, 4, 10, 2, 0, tzinfo=UTC))
    async with house.service.database.transaction(house.tenant.context()) as tx:
        await actions.move(tx, UUID(worker.dossier_id), house.tenant.tree["sibling_community"].unit_no)
    there = (await house.tenant.get(house.sibling, f"{SECONDMENTS}/{made['id']}")).json()
    assert (there["state"], there["ended_before"], there["end_reason"]) == ("ended", "2025-04-10", "transfer")
