"""Nobody is on duty before the contract is signed and the pre-service hours are done (NM-12, NM-20; L4)."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
import pytest

from contracts.training import NeedOpened
from kernel.events.event import Seal
from kernel.ids import new_id
from kernel.testing.service_client import ServiceUnderTest
from kernel.testing.tree import person
from tests.integration.services.roster.house import IDENTITY, PATH, House, Worker, silent

DUTIES = f"{PATH}/duties"


async def start(house: House, worker: Worker, day: str = "2025-03-10") -> httpx.Response:
    body = {"dossier_id": worker.dossier_id, "starts_on": day}
    return await house.tenant.post(house.township, DUTIES, body)


async def refused(house: House, worker: Worker, day: str = "2025-03-10") -> dict[str, Any]:
    answer = await start(house, worker, day)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/rule-refused"), answer.text
    return dict(answer.json())


@pytest.mark.article("NM-12", "NM-20")
async def test_with_contract_and_hours_the_worker_is_on_duty_and_roster_tells_of_it(house: House) -> None:
    worker = await house.hire()
    signed = await house.signed(worker)
    await house.train(worker.person_id, "24.00", "2025-03-07")
    started = await start(house, worker)
    assert started.status_code == 201, started.text
    duty = started.json()
    assert (duty["valid_from"], duty["valid_before"], duty["contract_id"]) == ("2025-03-10", None, signed["id"])
    assert (await house.tenant.get(house.county, f"{DUTIES}/{duty['id']}")).json() == duty
    own = (await house.tenant.get(worker.caller, f"{PATH}/own/dossier")).json()
    assert (own["state"], own["on_duty_from"]) == ("on_duty", "2025-03-10")
    [told] = await house.tenant.events("duty_started")
    assert (str(told.aggregate_id), told.data["started_on"]) == (worker.dossier_id, "2025-03-10")
    assert started.headers["Shegong-Position"] == str(told.id)


@pytest.mark.article("NM-12")
async def test_without_a_contract_signed_by_both_duty_is_refused_with_the_article(house: House) -> None:
    worker = await house.hire()
    await house.train(worker.person_id, "24.00", "2025-03-07")
    assert (await refused(house, worker))["article"] == "NM-12"
    made = await house.drafted(worker)
    assert (await refused(house, worker))["article"] == "NM-12"
    await house.tenant.post(house.township, f"{PATH}/contracts/{made['id']}/sign")
    assert (await refused(house, worker))["article"] == "NM-12"


@pytest.mark.article("NM-12")
async def test_duty_does_not_begin_before_the_contract(house: House) -> None:
    worker = await house.hire()
    await house.signed(worker)
    await house.train(worker.person_id, "24.00", "2025-03-07")
    assert (await refused(house, worker, "2025-03-09"))["article"] == "NM-12"
    assert (await start(house, worker, "2025-03-10")).status_code == 201


@pytest.mark.article("NM-20")
async def test_half_an_hour_short_duty_is_refused_and_the_hours_are_shown(house: House) -> None:
    worker = await house.hire()
    await house.signed(worker)
    await house.train(worker.person_id, "23.50", None)
    answer = await refused(house, worker)
    assert answer["article"] == "NM-20"
    assert "23.50 hours count of 24.00 required" in answer["detail"]
    [finding] = [each for each in answer["findings"] if each["rule"] == "duty.pre_service_hours"]
    assert finding["outcome"] == "not_met"
    assert (finding["facts"]["credited_hours"], finding["facts"]["required_hours"]) == ("23.50", "24.00")
    assert not await house.tenant.events("duty_started")


@pytest.mark.article("NM-20")
async def test_a_worker_of_whom_training_never_told_is_not_let_through(house: House) -> None:
    worker = await house.hire()
    await house.signed(worker)
    assert (await refused(house, worker))["article"] == "NM-20"


@pytest.mark.article("NM-20")
async def test_training_done_after_the_day_does_not_count_for_it(house: House) -> None:
    worker = await house.hire()
    await house.signed(worker, term={"kind": "fixed", "valid_from": "2025-03-03", "valid_before": "2028-03-03"})
    await house.train(worker.person_id, "24.00", "2025-03-07")
    assert (await refused(house, worker, "2025-03-06"))["article"] == "NM-20"
    assert (await start(house, worker, "2025-03-07")).status_code == 201


@pytest.mark.article("NM-20")
async def test_training_may_tell_before_the_dossier_is_there(house: House) -> None:
    somebody = new_id()
    await house.train(somebody, "24.00", "2025-03-07")
    event = house.hired(somebody)
    await house.deliver(event, UUID(event.application_id), sealed=Seal("roster", somebody, IDENTITY))
    caller = person(somebody)
    worker = Worker(somebody, (await house.tenant.get(caller, f"{PATH}/own/dossier")).json()["id"], caller)
    await house.signed(worker)
    assert (await start(house, worker)).status_code == 201


@pytest.mark.article("NM-20")
async def test_a_counter_entry_that_takes_hours_back_shuts_the_gate_again(house: House) -> None:
    worker = await house.hire()
    await house.signed(worker)
    need = await house.train(worker.person_id, "24.00", "2025-03-07")
    await house.correct(worker.person_id, need, "16.00")
    assert (await refused(house, worker))["article"] == "NM-20"


async def test_a_regulation_without_gate_lets_the_contract_alone_decide(roster: ServiceUnderTest) -> None:
    house = await House.open(roster, silent("training.pre_service_gate_relations"))
    worker = await house.hire()
    await house.signed(worker)
    assert (await start(house, worker)).status_code == 201


async def test_duty_begins_once_and_not_in_the_future(house: House) -> None:
    worker = await house.hire()
    await house.signed(worker)
    await house.train(worker.person_id, "24.00", "2025-03-07")
    assert (await start(house, worker, "2025-03-11")).status_code == 422
    assert (await start(house, worker)).status_code == 201
    again = await start(house, worker)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/wrong-state")
    assert len(await house.tenant.events("duty_started")) == 1


async def test_today_is_the_day_in_shanghai(house: House) -> None:
    worker = await house.hire()
    await house.signed(worker)
    await house.train(worker.person_id, "24.00", "2025-03-07")
    # 10 March 16:30 UTC is 11 March in Shanghai.
    await house.tenant.move_to(datetime(2025, 3, 10, 16, 30, tzinfo=UTC))
    assert (await start(house, worker, "2025-03-11")).status_code == 201


async def test_each_operation_needs_its_permission_and_the_scope(house: House) -> None:
    worker = await house.hire()
    await house.signed(worker)
    await house.train(worker.person_id, "24.00", "2025-03-07")
    body = {"dossier_id": worker.dossier_id, "starts_on": "2025-03-10"}
    for caller, status in ((house.county, 403), (house.finance, 403), (worker.caller, 403), (house.sibling, 404)):
        assert (await house.tenant.post(caller, DUTIES, body)).status_code == status
    duty = (await start(house, worker)).json()
    for caller, status in ((house.finance, 403), (worker.caller, 403), (house.sibling, 404), (None, 401)):
        assert (await house.tenant.get(caller, f"{DUTIES}/{duty['id']}")).status_code == status
    assert (await house.tenant.get(house.finance, DUTIES)).status_code == 403
    assert (await house.tenant.get(house.sibling, DUTIES)).json()["items"] == []
    listed = await house.tenant.get(house.county, DUTIES, query={"dossier_id": worker.dossier_id})
    assert [item["id"] for item in listed.json()["items"]] == [duty["id"]]


async def test_an_opening_told_twice_keeps_what_was_credited(house: House) -> None:
    worker = await house.hire()
    await house.signed(worker)
    need = await house.train(worker.person_id, "24.00", "2025-03-07")
    again = NeedOpened(
        person_id=str(worker.person_id),
        kind="pre_service",
        cycle="",
        required_hours="24.00",
        forms=["off_job"],
        community_unit_no=house.tenant.tree["community"].unit_no,
    )
    await house.deliver(again, need, 1)
    assert (await start(house, worker)).status_code == 201
