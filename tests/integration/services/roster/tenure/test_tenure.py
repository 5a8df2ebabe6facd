"""What the law asks of contracts, on the dossier and as a list of what waits (LCL-10, LCL-14, LCL-82)."""

from typing import Any

import pytest

from tests.integration.services.roster.house import PATH, House, Worker
from tests.integration.services.roster.leavers import in_office, move, on_duty

pytestmark = pytest.mark.article("LCL-10", "LCL-14", "LCL-82", "LCL-97", "LCR-7", "LCR-12")
LIST = f"{PATH}/contract-findings"


async def of(house: House, worker: Worker) -> dict[str, Any]:
    found = await house.tenant.get(house.township, f"{PATH}/dossiers/{worker.dossier_id}/contract-findings")
    assert found.status_code == 200, found.text
    return dict(found.json())


async def listed(house: House) -> list[tuple[str, list[str]]]:
    found = await house.tenant.get(house.township, LIST)
    assert found.status_code == 200, found.text
    return [(each["dossier_id"], [one["rule"] for one in each["findings"]]) for each in found.json()["items"]]


def outcomes(shown: dict[str, Any]) -> dict[str, str]:
    return {each["rule"].removeprefix("contract."): each["outcome"] for each in shown["findings"]}


async def test_a_contract_in_time_asks_for_nothing(house: House) -> None:
    worker = await on_duty(house)
    shown = await of(house, worker)
    assert (shown["relation"], shown["worked_from"]) == ("labour_contract", "2025-03-10")
    assert outcomes(shown) == {"written": "met", "open_ended_service": "not_met", "open_ended_terms": "not_met"}
    assert all(set(each["message"]) == {"zh", "en"} and each["facts"] for each in shown["findings"])
    assert await listed(house) == []


async def test_a_term_signed_late_owes_double_pay(house: House) -> None:
    worker = await house.hire()
    await move(house, "2025-06-10")
    await house.signed(worker)
    # A term was agreed, and nobody has worked yet.
    assert (await of(house, worker))["findings"] == []
    await house.train(worker.person_id, "24.00", "2025-03-07")
    body = {"dossier_id": worker.dossier_id, "starts_on": "2025-03-10"}
    assert (await house.tenant.post(house.township, f"{PATH}/duties", body)).status_code == 201
    [written] = [each for each in (await of(house, worker))["findings"] if each["rule"] == "contract.written"]
    assert (written["outcome"], written["article"], written["value"]) == ("not_met", "LCL-82", 2)
    assert written["facts"]["double_pay_from"] == "2025-04-10"
    assert written["facts"]["double_pay_until"] == "2025-06-09"
    assert await listed(house) == [(worker.dossier_id, ["contract.written"])]


async def test_two_terms_and_then_an_end_that_comes_near_are_listed(house: House) -> None:
    first = {"kind": "fixed", "valid_from": "2025-03-10", "valid_before": "2026-03-10"}
    worker = await on_duty(house, term=first, probation_months=0)
    await move(house, "2026-01-09")
    assert await listed(house) == []
    await move(house, "2026-01-10")
    assert await listed(house) == [(worker.dossier_id, ["contract.term_ends"])]
    second = {"kind": "fixed", "valid_from": "2026-03-10", "valid_before": "2027-03-10"}
    made = await house.signed(worker, term=second, probation_months=0, conclusion="extension")
    assert made["conclusion"] == "extension"
    await move(house, "2026-03-10")
    # Since 2025-09-01 an extension of a year counts as another term.
    assert await listed(house) == [(worker.dossier_id, ["contract.open_ended_terms"])]
    await move(house, "2027-03-10")
    assert await listed(house) == [(worker.dossier_id, ["contract.open_ended_terms", "contract.term_ends"])]
    assert outcomes(await of(house, worker))["term_ends"] == "not_met"


async def test_an_office_is_no_employment_and_others_do_not_read(house: House) -> None:
    member = await in_office(house)
    shown = await of(house, member)
    assert (shown["relation"], shown["worked_from"], shown["findings"]) == (None, None, [])
    path = f"{PATH}/dossiers/{member.dossier_id}/contract-findings"
    for caller, status in ((house.finance, 403), (member.caller, 403), (house.sibling, 404)):
        assert (await house.tenant.get(caller, path)).status_code == status
    assert (await house.tenant.get(house.finance, LIST)).status_code == 403
    assert (await house.tenant.get(house.sibling, LIST)).json()["items"] == []


async def test_a_third_fixed_term_needs_the_record_of_the_workers_request(house: House) -> None:
    first = {"kind": "fixed", "valid_from": "2025-03-10", "valid_before": "2026-03-10"}
    worker = await on_duty(house, term=first, probation_months=0)
    await move(house, "2026-03-02")
    second = {"kind": "fixed", "valid_from": "2026-03-10", "valid_before": "2027-03-10"}
    await house.signed(worker, term=second, probation_months=0)
    await move(house, "2027-03-02")
    third = {"term": {"kind": "fixed", "valid_from": "2027-03-10", "valid_before": "2028-03-10"}, "probation_months": 0}
    body = house.draft(worker.dossier_id, **third)
    refused = await house.tenant.post(house.township, f"{PATH}/contracts", body)
    assert (refused.status_code, refused.json()["article"]) == (409, "LCL-14")
    [finding] = refused.json()["findings"]
    assert finding["facts"] == {"owed_by": "contract.open_ended_fixed_terms", "reason": None}
    reasoned = body | {"fixed_term_basis": {"reason": "worker_asks", "record": "本人书面申请（2027年3月1日）"}}
    made = await house.tenant.post(house.township, f"{PATH}/contracts", reasoned)
    assert made.status_code == 201, made.text
    assert made.json()["fixed_term_basis"] == reasoned["fixed_term_basis"]
    path = f"{PATH}/contracts/{made.json()['id']}"
    terms = {name: value for name, value in body.items() if name != "dossier_id"}
    changed = await house.tenant.call(house.township, "PUT", path, terms, version=1)
    assert (changed.status_code, changed.json()["article"]) == (409, "LCL-14")
    open_ended = terms | {"term": {"kind": "open_ended", "valid_from": "2027-03-10", "valid_before": None}}
    changed = await house.tenant.call(house.township, "PUT", path, open_ended, version=1)
    assert changed.status_code == 200, changed.text
    assert changed.json()["fixed_term_basis"] is None


async def test_the_right_is_asked_for_again_when_the_employer_signs(house: House) -> None:
    first = {"kind": "fixed", "valid_from": "2025-03-10", "valid_before": "2026-03-10"}
    worker = await on_duty(house, term=first, probation_months=0)
    third = {"kind": "fixed", "valid_from": "2027-03-10", "valid_before": "2028-03-10"}
    drafted = await house.drafted(worker, term=third, probation_months=0)
    second = {"kind": "fixed", "valid_from": "2026-03-10", "valid_before": "2027-03-10"}
    await house.signed(worker, term=second, probation_months=0)
    signing = await house.tenant.post(house.township, f"{PATH}/contracts/{drafted['id']}/sign")
    assert (signing.status_code, signing.json()["article"]) == (409, "LCL-14")
    seen = (await house.tenant.get(house.township, f"{PATH}/contracts/{drafted['id']}")).json()
    assert (seen["state"], seen["version"]) == ("draft", 1)
