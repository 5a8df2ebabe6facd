"""A ledger that never loses or doubles a credit, and the need that follows from it (NM-20; L5)."""

import asyncio
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import text

from kernel.errors import Problem
from kernel.ids import new_id
from tests.integration.services.training.house import PATH, House

HOURS = f"{PATH}/hours"


@pytest.mark.article("NM-20")
async def test_twenty_three_and_a_half_off_the_job_and_ten_online_do_not_meet_the_need(house: House) -> None:
    worker = await house.newcomer()
    class_room, online = await house.held(class_hours="23.5"), await house.held(form="online", class_hours="10")
    assert (await house.credit(worker, class_room, "23.5")).status_code == 201
    assert (await house.credit(worker, online, "10")).status_code == 201
    need = await house.need(worker)
    assert (need["state"], Decimal(need["credited_hours"]), need["met_on"]) == ("open", Decimal("23.5"), None)
    assert Decimal(need["missing_hours"]) == Decimal("0.5")
    assert not await house.tenant.events("met")
    told = await house.tenant.events("hours_credited")
    assert [(event.data["form"], event.data["counts"]) for event in told] == [("off_job", True), ("online", False)]


@pytest.mark.article("NM-20")
async def test_twenty_four_off_the_job_meet_it_on_the_last_day_of_the_class(house: House) -> None:
    worker = await house.newcomer()
    credited = await house.credit(worker, await house.held(), "24.0")
    assert credited.status_code == 201, credited.text
    need = await house.need(worker)
    assert (need["state"], need["met_on"]) == ("met", "2025-03-07")
    [met] = await house.tenant.events("met")
    assert (str(met.aggregate_id), met.data["met_on"]) == (need["id"], "2025-03-07")
    assert met.data["community_unit_no"] == house.tenant.tree["community"].unit_no
    assert credited.headers["Shegong-Position"] == str(met.id)
    versions = [event.aggregate_version for event in await house.tenant.events() if event.aggregate_type == "need"]
    assert versions == [1, 2, 3]


async def test_a_class_is_credited_to_a_person_once(house: House) -> None:
    worker, session, key = await house.newcomer(), await house.held(), str(new_id())
    first = await house.credit(worker, session, "16", key=key)
    replayed = await house.credit(worker, session, "16", key=key)
    assert (first.status_code, first.json()) == (replayed.status_code, replayed.json())
    again = await house.credit(worker, session, "8")
    assert (again.status_code, again.json()["type"]) == (409, "/problems/conflict")
    assert Decimal((await house.need(worker))["credited_hours"]) == 16


async def test_many_at_the_same_moment_lose_and_double_nothing(house: House) -> None:
    worker = await house.newcomer()
    sessions = [await house.held(class_hours="2") for _ in range(4)]
    answers = await asyncio.gather(*(house.credit(worker, each, "2") for each in sessions * 2))
    assert sorted(answer.status_code for answer in answers) == [201] * 4 + [409] * 4
    assert Decimal((await house.need(worker))["credited_hours"]) == 8


async def test_a_correction_is_a_counter_entry_with_its_reason_and_the_credit_stays(house: House) -> None:
    worker, session = await house.newcomer(), await house.held()
    credit = (await house.credit(worker, session, "24")).json()
    body = {"hours": "16", "reason": "第三天缺勤"}
    path = f"{HOURS}/{credit['id']}/corrections"
    corrected = await house.tenant.post(house.county, path, body)
    assert corrected.status_code == 201, corrected.text
    entry = corrected.json()
    assert corrected.headers["Location"] == f"{HOURS}/{entry['id']}"
    assert (Decimal(entry["hours"]), entry["corrects_id"], entry["reason"]) == (-8, credit["id"], "第三天缺勤")
    assert (await house.tenant.get(house.county, f"{HOURS}/{credit['id']}")).json() == credit
    need = await house.need(worker)
    assert (need["state"], Decimal(need["credited_hours"])) == ("open", 16)
    [*_, told] = await house.tenant.events("hours_credited")
    assert (told.data["met_on"], Decimal(told.data["credited_hours"])) == (None, 16)
    own = (await house.tenant.get(worker, f"{PATH}/own/hours")).json()["items"]
    assert [item["id"] for item in own] == [credit["id"], entry["id"]]


async def test_after_a_correction_upward_the_need_is_met_again_and_that_is_told_again(house: House) -> None:
    worker, session = await house.newcomer(), await house.held()
    credit = (await house.credit(worker, session, "24")).json()
    path = f"{HOURS}/{credit['id']}/corrections"
    for hours in ("16", "24"):
        made = await house.tenant.post(house.county, path, {"hours": hours, "reason": "核对签到表"})
        assert made.status_code == 201
    assert (await house.need(worker))["state"] == "met"
    assert len(await house.tenant.events("met")) == 2


async def test_further_hours_after_it_was_met_do_not_tell_it_again(house: House) -> None:
    worker = await house.newcomer()
    await house.credit(worker, await house.held(), "24")
    await house.credit(worker, await house.held(class_hours="8"), "8")
    assert Decimal((await house.need(worker))["credited_hours"]) == 32
    assert len(await house.tenant.events("met")) == 1


async def test_hours_are_answered_as_they_are_read_later_however_they_were_written(house: House) -> None:
    worker, session = await house.newcomer(), await house.held()
    credit = (await house.credit(worker, session, "7.5")).json()
    assert credit["hours"] == "7.50"
    assert (await house.tenant.get(house.county, f"{HOURS}/{credit['id']}")).json() == credit


async def test_a_correction_names_a_credit_a_difference_and_no_more_than_the_class(house: House) -> None:
    worker, session = await house.newcomer(), await house.held()
    credit = (await house.credit(worker, session, "16")).json()
    path = f"{HOURS}/{credit['id']}/corrections"
    for hours in ("16", "24.5", "15.25", "-1"):
        refused = await house.tenant.post(house.county, path, {"hours": hours, "reason": "核对签到表"})
        assert refused.status_code == 422, hours
    assert (await house.tenant.post(house.county, path, {"hours": "8"})).status_code == 422
    entry = (await house.tenant.post(house.county, path, {"hours": "8", "reason": "核对签到表"})).json()
    of_entry = f"{HOURS}/{entry['id']}/corrections"
    wrong = await house.tenant.post(house.county, of_entry, {"hours": "9", "reason": "核对签到表"})
    assert (wrong.status_code, wrong.json()["type"]) == (409, "/problems/wrong-state")


async def test_hours_are_credited_after_the_class_in_half_hours_and_within_it(house: House) -> None:
    worker = await house.newcomer()
    coming = await house.held(starts_at="2025-03-12T01:00:00Z", ends_at="2025-03-12T09:00:00Z", class_hours="8")
    early = await house.credit(worker, coming, "8")
    assert (early.status_code, early.json()["type"]) == (409, "/problems/wrong-state")
    await house.tenant.move_to(datetime(2025, 3, 12, 9, 0, tzinfo=UTC))
    for hours in ("8.5", "7.25", "0", "-8"):
        assert (await house.credit(worker, coming, hours)).status_code == 422, hours
    assert (await house.credit(worker, coming, "7.5")).status_code == 201


async def test_a_person_not_known_here_gets_no_hours(house: House) -> None:
    session = await house.held()
    body = {"person_id": str(new_id()), "hours": "8"}
    assert (await house.tenant.post(house.county, f"{PATH}/sessions/{session}/hours", body)).status_code == 404


async def test_each_operation_needs_its_permission_and_the_scope(house: House) -> None:
    worker, session = await house.newcomer(), await house.held()
    body = {"person_id": str(worker.actor.person), "hours": "8"}
    credit_path = f"{PATH}/sessions/{session}/hours"
    for caller, status in ((house.finance, 403), (worker, 403), (None, 401), (house.sibling, 404)):
        assert (await house.tenant.post(caller, credit_path, body)).status_code == status
    entry = (await house.credit(worker, session, "8")).json()
    correction = {"hours": "7", "reason": "核对签到表"}
    for caller, status in ((house.finance, 403), (worker, 403), (None, 401), (house.sibling, 404)):
        assert (await house.tenant.get(caller, f"{HOURS}/{entry['id']}")).status_code == status
        made = await house.tenant.post(caller, f"{HOURS}/{entry['id']}/corrections", correction)
        assert made.status_code == status
    assert (await house.tenant.get(house.finance, HOURS)).status_code == 403
    assert (await house.tenant.get(house.sibling, HOURS)).json()["items"] == []
    assert (await house.tenant.get(house.county, f"{PATH}/own/hours")).status_code == 403
    assert (await house.tenant.get(await house.newcomer(), f"{PATH}/own/hours")).json()["items"] == []
    listed = await house.tenant.get(house.county, HOURS, query={"person_id": str(worker.actor.person)})
    assert [item["id"] for item in listed.json()["items"]] == [entry["id"]]


async def test_a_sibling_county_gives_no_hours_to_a_worker_of_this_one(house: House) -> None:
    worker = await house.newcomer()
    theirs = house.session(organiser_unit_id=str(house.tenant.tree["sibling_county"].id))
    session = (await house.tenant.post(house.sibling, f"{PATH}/sessions", theirs)).json()["id"]
    body = {"person_id": str(worker.actor.person), "hours": "24"}
    assert (await house.tenant.post(house.sibling, f"{PATH}/sessions/{session}/hours", body)).status_code == 404
    assert Decimal((await house.need(worker))["credited_hours"]) == 0


@pytest.mark.parametrize("statement", ["update training_hours set hours = 1", "delete from training_hours"])
async def test_not_even_the_service_itself_may_change_or_remove_an_entry(house: House, statement: str) -> None:
    await house.credit(await house.newcomer(), await house.held(), "24")
    with pytest.raises(Problem):
        async with house.service.database.transaction(house.tenant.context()) as tx:
            await tx.session.execute(text(statement))
