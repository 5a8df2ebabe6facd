"""Compensation where an official ends a contract: every fact and article, and what is missing by name (LCL-46, 47)."""

from typing import Any

import httpx
import pytest

from contracts.assessment import FailedTwice
from kernel.ids import new_id
from tests.integration.services.roster.house import PATH, House, Worker
from tests.integration.services.roster.leavers import in_office, move, on_duty
from tests.integration.services.roster.paid import approved, figures, wage

pytestmark = pytest.mark.article("LCL-40", "LCL-46", "LCL-47", "LCL-97", "LCR-20", "LCR-21", "LCR-27")
EXITS = f"{PATH}/exits"
REASONS = {"served_on": "2025-03-10", "served_to": "worker", "reasons": "连续两年考核不合格"}
FITNESS = {
    "measure": "training",
    "began_on": "2025-03-10",
    "ended_on": "2025-04-10",
    "still_unfit": True,
    "reason": "培训后复核仍不能胜任",
}
LAST_DAY = "2025-05-11"
LOCAL = {"compensation.minimum_wage": "1980", "compensation.average_wage": "7000"}


async def failed(house: House, worker: Worker) -> str:
    told = FailedTwice(
        person_id=str(worker.person_id),
        dossier_id=worker.dossier_id,
        first_year=2023,
        second_year=2024,
        article="NM-37",
    )
    await house.deliver(told, new_id())
    [opened] = (await house.tenant.get(house.township, EXITS, query={"dossier_id": worker.dossier_id})).json()["items"]
    return str(opened["id"])


async def local_wages(house: House) -> None:
    for path, value in LOCAL.items():
        await house.tenant.set_local(path, value, unit="league")


async def paid_in_april(house: House, worker: Worker) -> None:
    """5,000 yuan for April, approved in May."""
    await figures(house)
    await wage(house, worker)
    await move(house, "2025-05-06")
    body = {"unit_id": str(house.tenant.tree["township"].id), "month": "2025-04-01", "pays_on": "2025-05-10"}
    made = await house.tenant.post(house.township, f"{PATH}/pay-runs", body)
    assert made.status_code == 201, made.text
    await approved(house, made.json())


async def computed(house: House, one: str, **query: str) -> dict[str, Any]:
    asked = {"last_day": LAST_DAY} | query
    found = await house.tenant.get(house.approver, f"{EXITS}/{one}/compensation", query=asked)
    assert found.status_code == 200, found.text
    return dict(found.json())


def by_rule(shown: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["rule"].removeprefix("compensation."): each for each in shown["findings"]}


async def ask(house: House, worker: Worker, **changes: Any) -> httpx.Response:
    body = {"ground": "term_over", "last_day": "2028-03-09", "monthly_pay": "4000.00"} | changes
    path = f"{PATH}/dossiers/{worker.dossier_id}/compensation-what-ifs"
    return await house.tenant.post(house.township, path, body)


async def test_what_is_missing_is_named_and_then_the_sum_stands_with_every_fact(house: House) -> None:
    worker = await on_duty(house)
    one = await failed(house, worker)
    before = await computed(house, one)
    assert (before["ground"], before["relation"], before["worked_from"]) == ("unfit", "labour_contract", "2025-03-10")
    assert before["months"] == [{"month": "2025-04", "pay": None}]
    found = by_rule(before)
    assert [found["due"]["outcome"], found["due"]["article"]] == ["met", "LCL-46(3)"]
    assert found["base"]["facts"]["missing"] == ["average", "minimum", "local_average"]
    assert "2025-04" in found["base"]["message"]["zh"]
    assert found["amount"]["value"] is None
    await local_wages(house)
    await paid_in_april(house, worker)
    after = await computed(house, one, notice="pay")
    found = by_rule(after)
    assert after["months"] == [{"month": "2025-04", "pay": "5000.00"}]
    assert found["service"]["value"] == "0.5"
    assert (found["base"]["value"], found["base"]["facts"]["local_average_wage"]) == ("5000.00", "7000")
    assert (found["amount"]["value"], found["amount"]["article"]) == ("2500.00", "LCL-47")
    assert found["notice_pay"]["value"] == "5000.00"


async def test_the_decision_keeps_what_was_computed_and_the_worker_reads_it(house: House) -> None:
    worker = await on_duty(house)
    one = await failed(house, worker)
    await local_wages(house)
    assert (await house.tenant.post(house.township, f"{EXITS}/{one}/reasons", REASONS)).status_code == 200
    answered = await house.tenant.post(worker.caller, f"{PATH}/own/exits/{one}/answer", {"waived": True})
    assert answered.status_code == 200, answered.text
    await paid_in_april(house, worker)
    done = await house.tenant.post(house.approver, f"{EXITS}/{one}/fitness", FITNESS)
    assert done.status_code == 200, done.text
    body = {"outcome": "exit", "last_day": LAST_DAY, "notice": "pay", "reason": "经培训仍不能胜任工作"}
    wrong = await house.tenant.post(house.approver, f"{EXITS}/{one}/decision", body | {"statute_ground": "fault"})
    assert wrong.status_code == 422, wrong.text
    decided = await house.tenant.post(house.approver, f"{EXITS}/{one}/decision", body)
    assert decided.status_code == 200, decided.text
    own = (await house.tenant.get(worker.caller, f"{PATH}/own/exits/{one}")).json()
    [decision] = [each for each in own["acts"] if each["kind"] == "decision"]
    found = by_rule(decision["facts"])
    assert (found["amount"]["value"], found["notice_pay"]["value"]) == ("2500.00", "5000.00")


async def test_another_ground_waits_until_somebody_names_the_statutes(house: House) -> None:
    worker = await on_duty(house)
    body = {"dossier_id": worker.dossier_id, "ground": "other", "evidence": "客观情况发生重大变化"}
    one = (await house.tenant.post(house.township, EXITS, body)).json()["id"]
    unnamed = await computed(house, one)
    assert (unnamed["ground"], [each["outcome"] for each in unnamed["findings"]]) == (None, ["needs_judgement"])
    named = by_rule(await computed(house, one, statute_ground="changed_circumstances"))
    assert (named["due"]["outcome"], named["due"]["article"]) == ("met", "LCL-46(3)")
    fault = by_rule(await computed(house, one, statute_ground="fault"))
    assert {rule: each["outcome"] for rule, each in fault.items()} == {"due": "not_met", "formalities": "met"}
    asked = {"last_day": LAST_DAY, "statute_ground": "whim"}
    unknown = await house.tenant.get(house.approver, f"{EXITS}/{one}/compensation", query=asked)
    assert (unknown.status_code, unknown.json()["errors"][0]["pointer"]) == (422, "/statute_ground")
    assert (await ask(house, worker, ground="whim")).json()["errors"][0]["pointer"] == "/ground"


async def test_an_end_without_fault_that_was_named_asks_for_notice(house: House) -> None:
    worker = await on_duty(house)
    body = {"dossier_id": worker.dossier_id, "ground": "other", "evidence": "客观情况发生重大变化"}
    one = f"{EXITS}/{(await house.tenant.post(house.township, EXITS, body)).json()['id']}"
    assert (await house.tenant.post(house.township, f"{one}/reasons", REASONS)).status_code == 200
    assert (await house.tenant.post(worker.caller, f"{PATH}/own/exits/{one[-36:]}/answer", {"waived": True})).json()
    found = {"parts": {"other": True}, "reason": "客观情况已发生重大变化"}
    assert (await house.tenant.post(house.approver, f"{one}/finding", found)).status_code == 200
    decision = {"outcome": "exit", "last_day": "2025-03-10", "reason": "协商变更合同未达成一致"}
    decision |= {"statute_ground": "changed_circumstances"}
    refused = await house.tenant.post(house.approver, f"{one}/decision", decision)
    assert (refused.status_code, refused.json()["article"]) == (409, "LCL-40")
    decided = await house.tenant.post(house.approver, f"{one}/decision", decision | {"notice": "pay"})
    assert decided.status_code == 200, decided.text
    acts = (await house.tenant.get(worker.caller, f"{PATH}/own/exits/{one[-36:]}")).json()["acts"]
    said = by_rule(acts[-1]["facts"])
    assert (said["due"]["outcome"], said["amount"]["outcome"], said["notice_pay"]["outcome"]) == (
        "met",
        "needs_judgement",
        "needs_judgement",
    )


async def test_an_office_knows_none(house: House) -> None:
    member = await in_office(house)
    one = await failed(house, member)
    found = await house.tenant.get(house.approver, f"{EXITS}/{one}/compensation", query={"last_day": LAST_DAY})
    assert (found.status_code, found.json()["article"]) == (409, "NM-37")


async def test_a_term_that_is_over_is_asked_what_if(house: House) -> None:
    worker = await on_duty(house)
    await local_wages(house)
    offered = by_rule((await ask(house, worker, refused_renewal=True)).json())
    assert {rule: each["outcome"] for rule, each in offered.items()} == {"due": "not_met", "formalities": "met"}
    assert offered["formalities"]["facts"]["transfer_until"] == "2028-03-24"
    shown = (await ask(house, worker, refused_renewal=False)).json()
    found = by_rule(shown)
    assert shown["pay_is_stated"] is True
    assert (found["service"]["value"], found["amount"]["value"]) == ("3", "12000.00")
    retired = by_rule((await ask(house, worker, ground="retirement")).json())
    assert {rule: each["article"] for rule, each in retired.items()} == {"due": "LCR-21", "formalities": "LCL-50"}
    unlawful = by_rule((await ask(house, worker, ground="fault", if_unlawful=True)).json())["if_unlawful"]
    assert (unlawful["outcome"], unlawful["value"], unlawful["article"]) == ("needs_judgement", "24000.00", "LCL-87")
    assert (await ask(house, worker, ground="no_such_ground")).status_code == 422
    assert (await ask(house, worker, last_day="2025-03-09")).status_code == 409


async def test_only_who_prepares_the_end_computes_it(house: House) -> None:
    worker = await on_duty(house)
    one = await failed(house, worker)
    asked = {"last_day": LAST_DAY}
    path, what_if = f"{EXITS}/{one}/compensation", f"{PATH}/dossiers/{worker.dossier_id}/compensation-what-ifs"
    body = {"ground": "fault", "last_day": LAST_DAY}
    for caller, status in ((house.county, 403), (house.finance, 403), (worker.caller, 403), (house.sibling, 404)):
        assert (await house.tenant.get(caller, path, query=asked)).status_code == status
        assert (await house.tenant.post(caller, what_if, body)).status_code == status
