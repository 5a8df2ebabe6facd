"""From the breach to the review of the appeal, the answer heard before, and tolerance (SH-24, NM-36, NM-38)."""

from typing import Any

import httpx
import pytest

from kernel.testing.tree import Caller
from tests.integration.services.roster.division import Division
from tests.integration.services.roster.history import entered, staff
from tests.integration.services.roster.house import PATH, House, Worker

CASES = f"{PATH}/discipline-cases"
FOUND = {"breach": True, "bad_influence": True}
DECISION = {"outcome": "effect", "severity": "medium", "effect": "admonition", "document": "团字〔2025〕3号"}
REASON = {"reason": "事实清楚，依规处理"}


async def put(house: House, caller: Caller, worker: Worker, breach: str) -> httpx.Response:
    body = {"dossier_id": worker.dossier_id, "breach": breach, "evidence": "谈话记录和材料"}
    return await house.tenant.post(caller, CASES, body)


async def opened(house: House, caller: Caller, worker: Worker, breach: str) -> str:
    made = await put(house, caller, worker, breach)
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


async def heard(house: House, caller: Caller, worker: Worker, one: str) -> str:
    today = house.tenant.now.date().isoformat()
    served = {"served_on": today, "served_to": "worker", "reasons": "涉嫌违反纪律的事实"}
    done = await house.tenant.post(caller, f"{CASES}/{one}/reasons", served)
    assert done.status_code == 200, done.text
    own = f"{PATH}/own/discipline-cases/{one}"
    answered = await house.tenant.post(worker.caller, f"{own}/answer", {"statement": "本人有不同意见"})
    assert answered.json()["state"] == "heard", answered.text
    return own


async def find(house: House, caller: Caller, one: str, **parts: bool) -> httpx.Response:
    return await house.tenant.post(caller, f"{CASES}/{one}/finding", {"parts": parts} | REASON)


async def decide(house: House, caller: Caller, one: str, **changes: Any) -> httpx.Response:
    return await house.tenant.post(caller, f"{CASES}/{one}/decision", DECISION | REASON | changes)


def refused(answer: httpx.Response, article: str) -> bool:
    return (answer.status_code, answer.json().get("article")) == (409, article)


@pytest.mark.article("SH-24")
async def test_a_breach_with_bad_influence_has_the_effect_of_its_gravity(division: Division) -> None:
    worker = await division.staff()
    assert (await put(division, division.township, worker, "loyalty")).status_code == 422
    one = await opened(division, division.township, worker, "work")
    assert refused(await decide(division, division.approver, one), "SH-24")
    assert (await division.tenant.get(worker.caller, f"{PATH}/own/discipline-cases/{one}")).status_code == 404
    own = await heard(division, division.township, worker, one)
    assert refused(await decide(division, division.approver, one), "SH-24")
    assert (await find(division, division.approver, one, breach=True)).status_code == 422
    assert (await find(division, division.approver, one, breach=True, bad_influence=False)).status_code == 200
    assert refused(await decide(division, division.approver, one), "SH-24")
    assert (await find(division, division.approver, one, **FOUND)).status_code == 200
    assert refused(await decide(division, division.approver, one, severity="minor"), "SH-24")
    without = await decide(division, division.approver, one, document=None)
    assert [each["pointer"] for each in without.json()["errors"]] == ["/document"]
    decided = await decide(division, division.approver, one)
    assert (decided.status_code, decided.json()["effect"]) == (200, "admonition"), decided.text
    file = (await division.tenant.get(worker.caller, own)).json()
    assert [each["kind"] for each in file["acts"]] == [
        "evidence",
        "reasons",
        "answer",
        "finding",
        "finding",
        "decision",
    ]


@pytest.mark.article("SH-24")
async def test_an_appeal_is_reviewed_by_another_and_may_undo_the_effect(division: Division) -> None:
    worker = await division.staff()
    one = await opened(division, division.township, worker, "social_morality")
    own = await heard(division, division.township, worker, one)
    await find(division, division.approver, one, **FOUND)
    organization = await division.tenant.appoint("league", "organization", "approver")
    review = {"upheld": True, "reason": "证据不足，予以撤销"}
    assert (await decide(division, division.approver, one)).status_code == 200
    assert refused(await division.tenant.post(organization, f"{CASES}/{one}/review", review), "SH-24")
    assert (await division.tenant.post(worker.caller, f"{own}/appeal", {"statement": "不服该处理"})).status_code == 200
    done = await division.tenant.post(organization, f"{CASES}/{one}/review", review)
    assert (done.status_code, done.json()["state"], done.json()["effect"]) == (200, "reviewed", None), done.text


@pytest.mark.article("SH-24")
async def test_who_opened_does_not_decide_and_nobody_tolerates_where_nothing_is_written(division: Division) -> None:
    worker = await division.staff()
    one = await opened(division, division.approver, worker, "integrity")
    own = await heard(division, division.township, worker, one)
    assert refused(await decide(division, division.approver, one, outcome="not_pursued"), "SH-24")
    claim = await division.tenant.post(worker.caller, f"{own}/tolerance-claim", {"statement": "系担当作为中的失误"})
    assert refused(claim, "SH-24")


@pytest.mark.article("NM-38", "NM-36")
async def test_the_discipline_organ_speaks_early_investigates_and_waits_for_tolerance(house: House) -> None:
    worker = await entered(house, staff(house))
    handler = await house.tenant.appoint("county", "discipline")
    approver = await house.tenant.appoint("county", "discipline", "approver")
    assert (await put(house, house.township, worker, "early_sign")).status_code == 403
    early = await opened(house, handler, worker, "early_sign")
    await heard(house, handler, worker, early)
    assert (await find(house, approver, early, early_sign=True)).status_code == 200
    talk = {"severity": "early", "effect": "reminder_talk", "document": "谈话提醒记录"}
    assert refused(await decide(house, approver, early, **talk | {"effect": "transferred"}), "NM-38")
    assert (await decide(house, approver, early, **talk)).status_code == 200
    one = await opened(house, handler, worker, "corruption")
    own = await heard(house, handler, worker, one)
    claim = {"statement": "系处置急难任务中的失误"}
    assert (await house.tenant.post(worker.caller, f"{own}/tolerance-claim", claim)).status_code == 200
    assert refused(await find(house, approver, one, corruption=True, harm=True), "NM-36")
    society = await house.tenant.appoint("county", "society_work", "approver")
    parts = dict.fromkeys(("hard_task", "active_performance", "error", "active_correction"), True)
    finding = {"organ": "旗县党委社会工作部门", "parts": parts} | REASON
    path = f"{CASES}/{one}/tolerance-finding"
    # A claim that lacks a part is not upheld, and the case goes on.
    lacking = finding | {"parts": parts | {"active_correction": False}}
    assert (await house.tenant.post(society, path, lacking)).json()["state"] == "heard"
    assert refused(await house.tenant.post(society, path, finding), "NM-36")
    assert (await house.tenant.post(worker.caller, f"{own}/tolerance-claim", claim)).status_code == 200
    assert (await house.tenant.post(society, path, finding)).json()["state"] == "tolerated"
    assert refused(await decide(house, approver, one, **talk), "NM-38")


async def test_permission_scope_and_an_audited_reading(division: Division) -> None:
    worker = await division.staff()
    one = await opened(division, division.township, worker, "work")
    bodies: dict[str, dict[str, Any] | None] = {
        "file": None,
        "reasons": {"served_on": "2025-04-14", "served_to": "worker", "reasons": "涉嫌违反纪律的事实"},
        "answer": {"heard_on": "2025-04-14", "waived": True},
        "finding": {"parts": FOUND} | REASON,
        "decision": DECISION | REASON,
    }
    for name, body in bodies.items():
        for caller, status in ((division.finance, 403), (worker.caller, 403), (division.sibling, 404), (None, 401)):
            answer = await division.tenant.post(caller, f"{CASES}/{one}/{name}", body)
            assert answer.status_code == status, (name, answer.text)
    review = {"upheld": False, "reason": "维持原处理决定"}
    assert (await division.tenant.post(division.approver, f"{CASES}/{one}/review", review)).status_code == 403
    assert (await division.tenant.get(division.finance, CASES)).status_code == 403
    assert (await division.tenant.get(division.township, f"{PATH}/own/discipline-cases")).status_code == 403
    assert (await division.tenant.get(worker.caller, f"{PATH}/own/discipline-cases")).json()["items"] == []
    assert (await division.tenant.get(division.sibling, CASES)).json()["items"] == []
    opened_file = await division.tenant.post(division.township, f"{CASES}/{one}/file")
    assert opened_file.json()["acts"][0]["words"] == "谈话记录和材料"
    entries = [row.data["action"] for row in await division.tenant.events("recorded")]
    assert "roster.discipline.read_file" in entries
