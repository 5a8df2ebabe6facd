"""Absence and overstayed leave: determined by named officials, counted, never approved leave (NM-27)."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
import pytest

from services.roster.attendance import actions
from tests.integration.services.roster.daily import LEAVES, Desk, on_duty
from tests.integration.services.roster.house import PATH, House

ABSENCES = f"{PATH}/absences"


@pytest.fixture
async def desk(house: House) -> Desk:
    desk = Desk(house, await on_duty(house))
    await house.tenant.move_to(datetime(2025, 4, 30, 2, 0, tzinfo=UTC))
    return desk


async def determine(desk: Desk, valid_from: str, valid_before: str) -> httpx.Response:
    body = {"dossier_id": desk.worker.dossier_id, "valid_from": valid_from, "valid_before": valid_before}
    return await desk.house.tenant.post(desk.house.approver, ABSENCES, body | {"reason": "未到岗且未请假"})


async def counters(desk: Desk) -> dict[str, Any]:
    path = f"{PATH}/dossiers/{desk.worker.dossier_id}/absence-counters"
    return dict((await desk.house.tenant.get(desk.house.township, path)).json())


@pytest.mark.article("NM-27")
async def test_determined_days_count_in_a_row_and_in_the_year_and_no_limit_is_regulated(desk: Desk) -> None:
    made = await determine(desk, "2025-03-14", "2025-03-15")
    assert made.status_code == 201, made.text
    assert made.json()["determined_by"] == str(desk.house.approver.actor.user)
    assert (await determine(desk, "2025-03-17", "2025-03-19")).status_code == 201
    shown = await counters(desk)
    assert (shown["days_in_year"], shown["working_days_in_year"]) == (3, 3)
    assert (shown["longest_run"], shown["longest_working_run"]) == (2, 3)
    silence = {"state": "not_regulated", "days": None, "article": None}
    assert (shown["in_a_row_over"], shown["in_a_year_over"]) == (silence, silence)
    own = await desk.house.tenant.get(desk.worker.caller, f"{PATH}/own/absence-counters")
    assert own.json() == shown


@pytest.mark.article("NM-27")
async def test_approved_leave_is_never_absence_whichever_came_first(desk: Desk) -> None:
    await desk.granted("personal", "2025-03-20", "2025-03-22")
    refused = await determine(desk, "2025-03-19", "2025-03-21")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/rule-refused")
    assert refused.json()["article"] == "NM-27"
    assert (await determine(desk, "2025-03-19", "2025-03-20")).status_code == 201
    assert (await determine(desk, "2025-03-24", "2025-03-26")).status_code == 201
    await desk.granted("sick", "2025-03-24", "2025-03-25")
    assert (await counters(desk))["days_in_year"] == 2


@pytest.mark.article("NM-27")
async def test_days_over_count_only_once_found_without_reason(desk: Desk) -> None:
    taken = await desk.granted("personal", "2025-04-14", "2025-04-17")
    back = (await desk.returned(taken["id"], "2025-04-21")).json()
    assert (back["overstayed_days"], back["overstayed_working_days"], back["overstay"]) == (4, 2, "undetermined")
    assert (await counters(desk))["days_in_year"] == 0
    body = {"without_reason": True, "reason": "无证明材料，本人承认"}
    found = await desk.house.tenant.post(desk.house.approver, f"{LEAVES}/{taken['id']}/overstay", body)
    assert found.status_code == 200, found.text
    assert (found.json()["leave"]["overstay"], found.json()["absence"]["ground"]) == ("without_reason", "overstay")
    shown = await counters(desk)
    assert (shown["days_in_year"], shown["working_days_in_year"]) == (4, 2)
    again = await desk.house.tenant.post(desk.house.approver, f"{LEAVES}/{taken['id']}/overstay", body)
    assert again.json()["type"] == "/problems/wrong-state"


@pytest.mark.article("NM-27")
async def test_days_over_with_a_valid_reason_and_a_weekend_count_as_nothing(desk: Desk) -> None:
    excused = await desk.granted("personal", "2025-04-14", "2025-04-17")
    await desk.returned(excused["id"], "2025-04-18")
    body = {"without_reason": False, "reason": "航班取消，有证明"}
    found = await desk.house.tenant.post(desk.house.approver, f"{LEAVES}/{excused['id']}/overstay", body)
    assert found.json()["absence"] is None
    weekend = await desk.granted("personal", "2025-04-23", "2025-04-26")
    # Friday 25 April was the last day; Sunday 27 is worked, so back on it is in time.
    back = (await desk.returned(weekend["id"], "2025-04-27")).json()
    assert (back["overstayed_days"], back["overstay"]) == (1, None)
    assert (await counters(desk))["days_in_year"] == 0


@pytest.mark.article("NM-27")
async def test_a_determination_taken_back_counts_no_longer_and_frees_its_days(desk: Desk) -> None:
    made = (await determine(desk, "2025-03-14", "2025-03-15")).json()
    assert (await determine(desk, "2025-03-14", "2025-03-15")).status_code == 409
    path = f"{ABSENCES}/{made['id']}/annul"
    gone = await desk.house.tenant.post(desk.house.approver, path, {"reason": "补交了病历"})
    assert (gone.status_code, gone.json()["annulled_reason"]) == (200, "补交了病历")
    assert (await counters(desk))["days_in_year"] == 0
    assert (await desk.house.tenant.post(desk.house.approver, path, {"reason": "补交了病历"})).status_code == 409
    assert (await determine(desk, "2025-03-14", "2025-03-15")).status_code == 201


async def test_days_to_come_and_before_duty_are_refused(desk: Desk) -> None:
    assert (await determine(desk, "2025-04-30", "2025-05-02")).status_code == 422
    assert (await determine(desk, "2025-03-09", "2025-03-11")).json()["type"] == "/problems/wrong-state"
    assert (await determine(desk, "2025-04-30", "2025-05-01")).status_code == 201


async def test_each_operation_needs_its_permission_and_the_scope(desk: Desk) -> None:
    house, worker = desk.house, desk.worker
    made = (await determine(desk, "2025-03-14", "2025-03-15")).json()
    taken = await desk.granted("personal", "2025-04-14", "2025-04-15")
    await desk.returned(taken["id"], "2025-04-16")
    body = {"dossier_id": worker.dossier_id, "valid_from": "2025-04-01", "valid_before": "2025-04-02"}
    writes: tuple[tuple[str, dict[str, Any]], ...] = (
        (ABSENCES, body | {"reason": "未到岗且未请假"}),
        (f"{ABSENCES}/{made['id']}/annul", {"reason": "认定有误"}),
        (f"{LEAVES}/{taken['id']}/overstay", {"without_reason": True, "reason": "认定有误"}),
    )
    for path, content in writes:
        # Handlers record; only approvers determine.
        for caller, status in ((house.township, 403), (house.county, 403), (worker.caller, 403), (house.sibling, 404)):
            assert (await house.tenant.post(caller, path, content)).status_code == status, path
    counted = f"{PATH}/dossiers/{worker.dossier_id}/absence-counters"
    for path in (f"{ABSENCES}/{made['id']}", counted):
        for caller, status in ((house.county, 200), (house.finance, 403), (worker.caller, 403), (house.sibling, 404)):
            assert (await house.tenant.get(caller, path)).status_code == status, path
    assert (await house.tenant.get(house.sibling, ABSENCES)).json()["items"] == []
    listed = await house.tenant.get(house.county, ABSENCES, query={"dossier_id": worker.dossier_id})
    assert [item["id"] for item in listed.json()["items"]] == [made["id"]]
    own = await house.tenant.get(worker.caller, f"{PATH}/own/absences")
    assert [item["id"] for item in own.json()["items"]] == [made["id"]]


@pytest.mark.article("NM-23", "NM-27")
async def test_determinations_move_with_the_dossier(desk: Desk) -> None:
    house = desk.house
    made = (await determine(desk, "2025-03-14", "2025-03-15")).json()
    async with house.service.database.transaction(house.tenant.context()) as tx:
        await actions.move(tx, UUID(desk.worker.dossier_id), house.tenant.tree["sibling_community"].unit_no)
    assert (await house.tenant.get(house.sibling, f"{ABSENCES}/{made['id']}")).status_code == 200
    assert (await house.tenant.get(house.township, f"{ABSENCES}/{made['id']}")).status_code == 404
