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
