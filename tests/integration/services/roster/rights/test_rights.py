"""Each right with the record that honours it; what is missing stands on the list of whoever owes it (NM-15, SH-17)."""

from typing import Any

import httpx
import pytest

from kernel.testing.tree import Caller
from tests.integration.services.roster import paid
from tests.integration.services.roster.daily import decide
from tests.integration.services.roster.daily import on_duty as put_on_duty
from tests.integration.services.roster.division import Division
from tests.integration.services.roster.history import entered, staff
from tests.integration.services.roster.house import PATH, House, Worker
from tests.integration.services.roster.leavers import move

CLAIMS = f"{PATH}/own/right-claims"
WORDS = "请落实劳动保护用品"


async def rights(house: House, worker: Worker, caller: Caller | None = None) -> dict[tuple[str, str], dict[str, Any]]:
    path = f"{PATH}/dossiers/{worker.dossier_id}/rights" if caller else f"{PATH}/own/rights"
    seen = await house.tenant.get(caller or worker.caller, path)
    assert seen.status_code == 200, seen.text
    return {(each["right"], each["record"]): each for each in seen.json()["items"]}


async def claim(house: House, worker: Worker, right: str, record: str) -> httpx.Response:
    return await house.tenant.post(worker.caller, CLAIMS, {"right": right, "record": record, "words": WORDS})


@pytest.mark.article("NM-15")
async def test_records_honour_the_rights_and_the_rest_is_missing(house: House) -> None:
    worker = await entered(house, staff(house))
    before = await rights(house, worker)
    assert {each["article"] for each in before.values()} == {"NM-15(1)", "NM-15(2)", "NM-15(3)", "NM-17"}
    assert not any(each["honoured"] for key, each in before.items() if key[1] != "annual_leave")
    await paid.figures(house)
    await paid.wage(house, worker)
    run = await paid.drafted(house)
    assert not (await rights(house, worker))["pay", "pay_slip"]["honoured"]
    await paid.approved(house, run)
    after = await rights(house, worker)
    for key in (("pay", "pay_slip"), ("insurance", "insurance"), ("welfare", "fund")):
        assert after[key]["facts"]["month"] == "2025-02-01"
    assert (after["insurance", "insurance"]["owed_by"], after["pay", "pay_slip"]["owed_by"]) == ("county", "township")
    # The slip of February is of the last two months on the last day of April, and no longer in May.
    await move(house, "2025-04-30")
    assert (await rights(house, worker))["pay", "pay_slip"]["honoured"]
    await move(house, "2025-05-01")
    assert not (await rights(house, worker))["pay", "pay_slip"]["honoured"]


@pytest.mark.article("NM-15")
async def test_training_and_leave_honour_theirs(house: House) -> None:
    worker = await put_on_duty(house)
    shown = await rights(house, worker, house.township)
    assert shown["training", "training"]["facts"] == {"hours": "24.00"}
    assert shown["rest_and_leave", "annual_leave"]["facts"]["year"] == 2025


@pytest.mark.article("NM-15")
async def test_what_is_missing_is_raised_and_settled_by_whoever_owes_it(house: House) -> None:
    worker = await entered(house, staff(house))
    assert (await claim(house, worker, "safety", "pay_slip")).status_code == 422
    made = await claim(house, worker, "safety", "provision")
    assert (made.status_code, made.json()["state"], made.json()["level"]) == (201, "open", "township"), made.text
    assert (await claim(house, worker, "safety", "provision")).status_code == 409
    assert (await rights(house, worker))["safety", "provision"]["claim_id"] == made.json()["id"]
    provided = {"right": "safety", "what": "劳动防护用品", "document": "发放登记表", "provided_on": "2025-03-10"}
    path = f"{PATH}/dossiers/{worker.dossier_id}/right-provisions"
    assert (await house.tenant.post(house.township, path, provided | {"right": "pay"})).status_code == 422
    assert (await house.tenant.post(house.township, path, provided | {"provided_on": "2025-03-11"})).status_code == 422
    given = await house.tenant.post(house.township, path, provided)
    assert given.status_code == 200, given.text
    assert (await decide(house, house.approver, made.json()["case_id"], "township")).status_code == 200
    [mine] = (await house.tenant.get(worker.caller, CLAIMS)).json()["items"]
    assert (mine["state"], mine["words"]) == ("settled", WORDS)
    shown = (await rights(house, worker))["safety", "provision"]
    assert (shown["honoured"], shown["claim_id"]) == (True, None)
    assert (await claim(house, worker, "safety", "provision")).status_code == 409
    # Insurance is the county's; what it finds not owed is refused with a reason.
    other = (await claim(house, worker, "insurance", "insurance")).json()
    assert (await decide(house, house.approver, other["case_id"], "county")).status_code == 403
    society = await house.tenant.appoint("county", "society_work", "approver")
    refused = await decide(house, society, other["case_id"], "county", "reject", "本月工资尚未发放")
    assert refused.status_code == 200, refused.text
    [seen] = (await house.tenant.get(house.county, f"{PATH}/right-claims", query={"state": "refused"})).json()["items"]
    assert seen["id"] == other["id"]


@pytest.mark.article("SH-17")
async def test_under_shuanghe_holidays_and_leave(division: Division) -> None:
    worker = await division.staff()
    shown = await rights(division, worker)
    assert shown["statutory_holidays", "calendar"]["facts"] == {"year": 2025}
    assert shown["maternity_leave", "leave_kind"]["facts"]["kind"] == "maternity"
    assert shown["home_leave", "leave_kind"]["honoured"]
    assert (shown["pay", "pay_slip"]["article"], shown["pay", "pay_slip"]["honoured"]) == ("SH-15", False)
    # No calendar of the region for 2026 is loaded: the division-city owes it.
    await move(division, "2026-01-05")
    assert not (await rights(division, worker))["statutory_holidays", "calendar"]["honoured"]
    made = (await claim(division, worker, "statutory_holidays", "calendar")).json()
    civil = await division.tenant.appoint("league", "civil_affairs", "approver")
    assert (await decide(division, civil, made["case_id"], "league")).status_code == 200


async def test_permission_and_scope(house: House) -> None:
    worker = await entered(house, staff(house))
    dossier = f"{PATH}/dossiers/{worker.dossier_id}"
    provided = {"right": "safety", "what": "劳动防护用品", "document": "发放登记表", "provided_on": "2025-03-10"}
    for caller, status in ((house.finance, 403), (house.sibling, 404), (worker.caller, 403), (None, 401)):
        assert (await house.tenant.get(caller, f"{dossier}/rights")).status_code == status
        assert (await house.tenant.post(caller, f"{dossier}/right-provisions", provided)).status_code == status
    body = {"right": "safety", "record": "provision", "words": WORDS}
    for path in ("rights", "right-claims"):
        assert (await house.tenant.get(house.township, f"{PATH}/own/{path}")).status_code == 403
    assert (await house.tenant.post(house.township, CLAIMS, body)).status_code == 403
    assert (await house.tenant.get(house.finance, f"{PATH}/right-claims")).status_code == 403
    await house.tenant.post(worker.caller, CLAIMS, body)
    assert (await house.tenant.get(house.sibling, f"{PATH}/right-claims")).json()["items"] == []
    for event in await house.tenant.events():
        assert WORDS not in str(event.model_dump())
