"""Subsidies by decision for the front line, paid with the month's payroll or its correction (NM-18)."""

from typing import Any

import httpx
import pytest

from kernel.testing.tree import Caller
from tests.integration.services.roster import paid
from tests.integration.services.roster.daily import decide
from tests.integration.services.roster.division import Division
from tests.integration.services.roster.history import entered, staff
from tests.integration.services.roster.house import PATH, House, Worker

SUBSIDIES = f"{PATH}/subsidies"


def body(worker: Worker, **changes: Any) -> dict[str, Any]:
    return {
        "dossier_id": worker.dossier_id,
        "occasion": "emergency",
        "task": "应急处置",
        "on_task_from": "2025-02-03",
        "on_task_before": "2025-02-10",
        "part_taken": "昼夜值守，转移居民",
        "amount": "600.00",
        "month": "2025-02-01",
        "document": "应急补助办法",
    } | changes


async def propose(house: House, worker: Worker, caller: Caller | None = None, **changes: Any) -> httpx.Response:
    return await house.tenant.post(caller or house.township, SUBSIDIES, body(worker, **changes))


def line(slip: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for each in slip["lines"] if each["code"] == "subsidy"]


@pytest.mark.article("NM-18")
async def test_decided_it_is_paid_with_the_month_and_before_it_is_not(house: House) -> None:
    worker = await entered(house, staff(house))
    await paid.figures(house)
    await paid.wage(house, worker)
    made = await propose(house, worker)
    assert (made.status_code, made.json()["state"], made.json()["article"]) == (201, "proposed", "NM-18"), made.text
    run = await paid.drafted(house)
    assert line(await paid.slip(house, run, worker)) == []
    own = await decide(house, house.township, made.json()["case_id"], "society_work")
    assert own.status_code == 403
    society = await house.tenant.appoint("county", "society_work", "approver")
    assert (await decide(house, society, made.json()["case_id"], "society_work")).status_code == 200
    again = (await house.tenant.post(house.township, f"{PATH}/pay-runs/{run['id']}/recomputation")).json()
    slip = await paid.slip(house, again, worker)
    [shown] = line(slip)
    assert (shown["amount"], shown["article"], slip["income"]) == ("600.00", "NM-18", "5600.00")
    await paid.approved(house, again)
    # What is decided after the month was paid is paid by a correction, and only that.
    late = await propose(house, worker, occasion="major_task", amount="200.50")
    assert (await decide(house, society, late.json()["case_id"], "society_work")).status_code == 200
    correction = await paid.slip(house, await paid.drafted(house, reason="补发二月工作补助"), worker)
    assert (line(correction)[0]["amount"], correction["income"]) == ("200.50", "200.50")
    mine = (await house.tenant.get(worker.caller, f"{PATH}/own/subsidies")).json()["items"]
    assert [each["state"] for each in mine] == ["approved", "approved"]


@pytest.mark.article("NM-18")
@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"occasion": "festival"}, "/occasion"),
        ({"on_task_before": "2025-03-11"}, "/on_task_before"),
        ({"month": "2025-01-31"}, "/month"),
        ({"amount": "0"}, "/amount"),
    ],
)
async def test_only_for_what_the_article_names_and_after_the_task(
    house: House, changes: dict[str, Any], pointer: str
) -> None:
    worker = await entered(house, staff(house))
    answer = await propose(house, worker, **changes)
    assert answer.status_code == 422
    assert [each["pointer"] for each in answer.json()["errors"]] == [pointer]


async def test_what_is_rejected_is_never_paid(house: House) -> None:
    worker = await entered(house, staff(house))
    made = (await propose(house, worker)).json()
    society = await house.tenant.appoint("county", "society_work", "approver")
    answer = await decide(house, society, made["case_id"], "society_work", "reject", "不属于一线")
    assert answer.status_code == 200, answer.text
    seen = (await house.tenant.get(house.township, f"{SUBSIDIES}/{made['id']}")).json()
    assert (seen["state"], seen["decided_on"]) == ("rejected", "2025-03-10")


async def test_a_silent_regulation_knows_no_subsidy(division: Division) -> None:
    answer = await division.tenant.post(division.township, SUBSIDIES, body(await division.staff()))
    assert answer.status_code == 403


async def test_permission_and_scope(house: House) -> None:
    worker = await entered(house, staff(house))
    made = (await propose(house, worker)).json()
    one = f"{SUBSIDIES}/{made['id']}"
    for caller, status in ((house.county, 403), (worker.caller, 403), (house.sibling, 404), (None, 401)):
        assert (await house.tenant.post(caller, SUBSIDIES, body(worker))).status_code == status
    for caller, status in ((house.sibling, 404), (worker.caller, 403), (None, 401), (house.finance, 200)):
        assert (await house.tenant.get(caller, one)).status_code == status
    [seen] = (await house.tenant.get(house.county, SUBSIDIES, query={"month": "2025-02-28"})).json()["items"]
    assert seen["id"] == made["id"]
    assert (await house.tenant.get(house.township, f"{PATH}/own/subsidies")).status_code == 403
