"""The five grounds of SH-25: who opens, what each asks, and what ends: contract, agreement, never an office."""

from typing import Any

import httpx
import pytest

from contracts.assessment import FailedTwice
from kernel.ids import new_id
from tests.integration.services.roster.division import Division
from tests.integration.services.roster.house import PATH, Worker
from tests.integration.services.roster.leavers import move, posts, state

EXITS = f"{PATH}/exits"
TODAY = "2025-04-14"
DECISION = {"outcome": "exit", "last_day": TODAY, "reason": "事实清楚，予以解除"}


async def put(division: Division, worker: Worker, ground: str) -> httpx.Response:
    body = {"dossier_id": worker.dossier_id, "ground": ground, "evidence": "调查材料和谈话记录"}
    return await division.tenant.post(division.township, EXITS, body)


async def heard(division: Division, one: str) -> str:
    reasons = {"served_on": TODAY, "served_to": "worker", "reasons": "拟按规定办理退出"}
    served = await division.tenant.post(division.township, f"{EXITS}/{one}/reasons", reasons)
    assert served.status_code == 200, served.text
    answered = {"heard_on": TODAY, "waived": True}
    assert (await division.tenant.post(division.township, f"{EXITS}/{one}/answer", answered)).status_code == 200
    return f"{EXITS}/{one}"


async def decide(division: Division, path: str, **changes: Any) -> httpx.Response:
    return await division.tenant.post(division.approver, f"{path}/decision", DECISION | changes)


async def find(division: Division, path: str, **parts: bool) -> None:
    finding = {"parts": parts, "reason": "逐项核查后认定"}
    found = await division.tenant.post(division.approver, f"{path}/finding", finding)
    assert found.status_code == 200, found.text


def refused(answer: httpx.Response, article: str) -> bool:
    return (answer.status_code, answer.json().get("article")) == (409, article)


@pytest.mark.article("SH-25")
async def test_a_breach_is_no_ground_without_major_harm(division: Division) -> None:
    worker = await division.staff()
    path = await heard(division, (await put(division, worker, "breach_and_major_harm")).json()["id"])
    assert refused(await decide(division, path), "SH-25")
    await find(division, path, breach=True, major_harm=False)
    assert refused(await decide(division, path), "SH-25")
    await find(division, path, breach=True, major_harm=True)
    decided = await decide(division, path)
    assert (decided.status_code, decided.json()["state"]) == (200, "decided"), decided.text


@pytest.mark.article("SH-25")
async def test_absence_and_failed_years_are_opened_by_nobodys_hand(division: Division) -> None:
    worker = await division.staff()
    for ground in ("absence", "failed_two_years"):
        assert refused(await put(division, worker, ground), "SH-25")
    # A ground of another regulation is none here.
    assert (await put(division, worker, "neglect_and_major_harm")).status_code == 422


@pytest.mark.article("SH-25", "LCL-40")
async def test_two_failed_years_need_training_or_transfer_first(division: Division) -> None:
    worker = await division.staff()
    told = FailedTwice(
        person_id=str(worker.person_id),
        dossier_id=worker.dossier_id,
        first_year=2023,
        second_year=2024,
        article="SH-25",
    )
    await division.deliver(told, new_id())
    [opened] = (await division.tenant.get(division.township, EXITS)).json()["items"]
    path = await heard(division, opened["id"])
    assert refused(await decide(division, path, notice="pay"), "LCL-40")


@pytest.mark.article("SH-25", "LCL-40")
async def test_unfit_needs_a_measure_a_second_failure_and_notice_or_a_months_pay(division: Division) -> None:
    worker = await division.staff()
    path = await heard(division, (await put(division, worker, "unfit_after_measure")).json()["id"])
    await find(division, path, unfit_after_measure=True)
    assert refused(await decide(division, path, notice="pay"), "LCL-40")
    await move(division, "2025-05-16")
    fitness = {
        "measure": "transfer",
        "began_on": "2025-04-15",
        "ended_on": "2025-05-15",
        "still_unfit": False,
        "reason": "调整岗位后复核情况",
    }
    await division.tenant.post(division.approver, f"{path}/fitness", fitness)
    assert refused(await decide(division, path, notice="pay", last_day="2025-05-16"), "LCL-40")
    done = await division.tenant.post(division.approver, f"{path}/fitness", fitness | {"still_unfit": True})
    assert done.status_code == 200, done.text
    assert refused(await decide(division, path, notice="days", last_day="2025-06-14"), "LCL-40")
    decided = await decide(division, path, notice="days", last_day="2025-06-15")
    assert (decided.status_code, decided.json()["last_day"]) == (200, "2025-06-15"), decided.text


@pytest.mark.article("SH-25")
async def test_a_service_agreement_is_ended_without_the_statutes_notice(division: Division) -> None:
    worker = await division.agreed()
    opened = (await put(division, worker, "unfit_after_measure")).json()
    assert opened["relation"] == "service_agreement"
    path = await heard(division, opened["id"])
    await find(division, path, unfit_after_measure=True)
    # The text's own training or transfer is asked for all the same.
    assert (await decide(division, path)).status_code == 409
    fitness = {"measure": "training", "began_on": TODAY, "ended_on": TODAY, "still_unfit": True, "reason": "仍不能胜任"}
    done = await division.tenant.post(division.approver, f"{path}/fitness", fitness)
    assert done.status_code == 200, done.text
    decided = await decide(division, path)
    assert (decided.status_code, decided.json()["state"]) == (200, "decided"), decided.text
    await move(division, "2025-04-15")
    await division.service.run_timers()
    assert await state(division, worker) == ("left", "2025-04-15")


@pytest.mark.article("SH-25")
async def test_of_a_member_recall_or_removal_is_opened_and_the_office_goes_on(division: Division) -> None:
    member = await division.member()
    path = await heard(division, (await put(division, member, "other")).json()["id"])
    await find(division, path, other=True)
    assert refused(await decide(division, path), "SH-25")
    body = {"outcome": "exit", "reason": "依法依规启动罢免程序"}
    opened = await division.tenant.post(division.approver, f"{path}/decision", body)
    assert (opened.status_code, opened.json()["state"]) == (200, "procedure_opened"), opened.text
    await move(division, "2025-12-01")
    await division.service.run_timers()
    assert [each["valid_before"] for each in await posts(division, member)] == [None]


@pytest.mark.article("SH-25", "NM-36")
async def test_tolerance_of_another_regulation_is_no_claim_here(division: Division) -> None:
    worker = await division.staff()
    one = (await put(division, worker, "other")).json()["id"]
    await heard(division, one)
    claim = {"statement": "系执行任务时的失误，已整改"}
    answer = await division.tenant.post(worker.caller, f"{PATH}/own/exits/{one}/tolerance-claim", claim)
    assert refused(answer, "SH-25")


@pytest.mark.article("SH-25")
async def test_removal_of_a_member_is_not_opened_on_a_ground_that_was_not_found(division: Division) -> None:
    member = await division.member()
    path = await heard(division, (await put(division, member, "breach_and_major_harm")).json()["id"])
    body = {"outcome": "exit", "reason": "依法依规启动罢免程序"}
    assert refused(await division.tenant.post(division.approver, f"{path}/decision", body), "SH-25")
    await find(division, path, breach=True, major_harm=False)
    assert refused(await division.tenant.post(division.approver, f"{path}/decision", body), "SH-25")
