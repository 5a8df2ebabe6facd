"""From the ground to the decision in its order; contracts end, offices are never ended (NM-36, NM-37, LCL-40)."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from contracts.assessment import FailedTwice, ProbationAssessed
from kernel.ids import new_id
from kernel.testing.tree import Caller
from tests.integration.services.drafts import altered, publish
from tests.integration.services.roster.house import PACK, PATH, House, Worker
from tests.integration.services.roster.leavers import in_office, move, on_duty, posts, state

EXITS = f"{PATH}/exits"
REASONS = {"served_on": "2025-03-10", "served_to": "worker", "reasons": "连续两年考核不合格"}
HEARD = {"statement": "本人对考核结果有意见"}
FITNESS = {
    "measure": "training",
    "began_on": "2025-03-10",
    "ended_on": "2025-04-10",
    "still_unfit": True,
    "reason": "培训后复核仍不能胜任",
}
LEAVE = {"outcome": "exit", "last_day": "2025-05-11", "notice": "days", "reason": "经培训仍不能胜任工作"}


async def failed(house: House, worker: Worker, first: int = 2023) -> dict[str, Any]:
    told = FailedTwice(
        person_id=str(worker.person_id),
        dossier_id=worker.dossier_id,
        first_year=first,
        second_year=first + 1,
        article="NM-37",
    )
    await house.deliver(told, new_id())
    listed = (await house.tenant.get(house.township, EXITS)).json()["items"]
    assert listed
    return dict(listed[-1])


async def put(house: House, worker: Worker, ground: str, by: Caller | None = None) -> dict[str, Any]:
    body = {"dossier_id": worker.dossier_id, "ground": ground, "evidence": "日常管理记录若干"}
    made = await house.tenant.post(by or house.township, EXITS, body)
    assert made.status_code == 201, made.text
    return dict(made.json())


async def heard(house: House, worker: Worker, one: str) -> None:
    served = await house.tenant.post(house.township, f"{EXITS}/{one}/reasons", REASONS)
    assert served.status_code == 200, served.text
    answered = await house.tenant.post(worker.caller, f"{PATH}/own/exits/{one}/answer", HEARD)
    assert answered.json()["state"] == "heard", answered.text


def article(answer: httpx.Response) -> tuple[int, str | None]:
    return answer.status_code, answer.json().get("article")


@pytest.mark.article("NM-37", "LCL-40")
async def test_two_failed_years_end_a_contract_by_the_path_of_the_statute(house: House) -> None:
    worker = await on_duty(house)
    one = (await failed(house, worker))["id"]
    decision = f"{EXITS}/{one}/decision"
    assert article(await house.tenant.post(house.approver, decision, LEAVE)) == (409, "NM-37")
    early = await house.tenant.post(house.township, f"{EXITS}/{one}/answer", HEARD | {"heard_on": "2025-03-10"})
    assert article(early) == (409, "NM-37")
    await heard(house, worker, one)
    assert article(await house.tenant.post(house.approver, decision, LEAVE)) == (409, "LCL-40")
    await move(house, "2025-04-11")
    done = await house.tenant.post(house.approver, f"{EXITS}/{one}/fitness", FITNESS)
    assert done.status_code == 200, done.text
    short = await house.tenant.post(house.approver, decision, LEAVE | {"last_day": "2025-05-10"})
    assert article(short) == (409, "LCL-40")
    decided = await house.tenant.post(house.approver, decision, LEAVE)
    assert (decided.status_code, decided.json()["state"]) == (200, "decided"), decided.text
    appeal = {"statement": "不服决定，申请复核"}
    assert (await house.tenant.post(worker.caller, f"{PATH}/own/exits/{one}/appeal", appeal)).status_code == 200
    await move(house, "2025-05-12")
    await house.service.run_timers()
    assert await state(house, worker) == ("left", "2025-05-12")
    assert [each["left_ground"] for each in await posts(house, worker)] == ["exit"]
    own = (await house.tenant.get(worker.caller, f"{PATH}/own/exits/{one}")).json()
    assert [each["kind"] for each in own["acts"]] == ["reasons", "answer", "fitness", "decision", "appeal"]
    assert own["end"] == "done"


@pytest.mark.article("NM-37")
async def test_the_same_two_years_open_one_case(house: House) -> None:
    worker = await on_duty(house)
    await failed(house, worker)
    await failed(house, worker)
    assert len((await house.tenant.get(house.township, EXITS)).json()["items"]) == 1


@pytest.mark.article("NM-37")
@pytest.mark.parametrize(("decided_on", "cases"), [("2025-09-09", 1), ("2025-09-10", 0)])
async def test_a_failed_probation_counts_up_to_its_last_day(house: House, decided_on: str, cases: int) -> None:
    worker = await on_duty(house)
    [contract] = (await house.tenant.get(worker.caller, f"{PATH}/own/contracts")).json()["items"]
    assert contract["probation_before"] == "2025-09-10"
    told = ProbationAssessed(
        person_id=str(worker.person_id),
        dossier_id=worker.dossier_id,
        contract_id=contract["id"],
        passed=False,
        decided_on=decided_on,
    )
    await house.deliver(told, UUID(contract["id"]))
    listed = (await house.tenant.get(house.township, EXITS)).json()["items"]
    assert [each["ground"] for each in listed] == ["probation_failed"] * cases


@pytest.mark.article("NM-37")
async def test_an_office_is_opened_for_removal_and_never_completed(house: House) -> None:
    member = await in_office(house)
    one = (await failed(house, member))["id"]
    await heard(house, member, one)
    decision = f"{EXITS}/{one}/decision"
    ended = await house.tenant.post(house.approver, decision, LEAVE)
    assert article(ended) == (409, "NM-37")
    assert ended.json()["findings"][0]["rule"] == "exit.recall_or_removal"
    body = {"outcome": "exit", "reason": "启动罢免程序"}
    opened = await house.tenant.post(house.approver, decision, body)
    assert (opened.json()["state"], opened.json()["end"]) == ("procedure_opened", None), opened.text
    assert article(await house.tenant.post(house.approver, decision, body)) == (409, "NM-37")
    assert [each["valid_before"] for each in await posts(house, member)] == [None]


@pytest.mark.article("NM-37")
async def test_neglect_alone_is_no_ground_and_who_opens_does_not_decide(house: House) -> None:
    worker = await on_duty(house)
    one = (await put(house, worker, "neglect_and_major_harm", house.approver))["id"]
    await heard(house, worker, one)
    body = {"outcome": "exit", "last_day": "2025-03-10", "reason": "两项要件均成立"}
    decision = f"{EXITS}/{one}/decision"
    other = await house.tenant.appoint("township", "township_office", "approver")
    assert article(await house.tenant.post(other, decision, body)) == (409, "NM-37")
    finding = {"parts": {"neglect": True, "major_harm": False}, "reason": "未造成重大损害"}
    assert (await house.tenant.post(other, f"{EXITS}/{one}/finding", finding)).status_code == 200
    assert article(await house.tenant.post(other, decision, body)) == (409, "NM-37")
    finding["parts"] = {"neglect": True, "major_harm": True}
    await house.tenant.post(other, f"{EXITS}/{one}/finding", finding)
    assert article(await house.tenant.post(house.approver, decision, body)) == (409, "NM-37")
    assert (await house.tenant.post(other, decision, body)).json()["state"] == "decided"


@pytest.mark.article("NM-36")
@pytest.mark.parametrize(("last", "after"), [(True, "tolerated"), (False, "heard")])
async def test_the_case_waits_for_a_claim_of_tolerance(house: House, last: bool, after: str) -> None:
    worker = await on_duty(house)
    one = (await put(house, worker, "serious_breach_management"))["id"]
    await heard(house, worker, one)
    organ = await house.tenant.appoint("county", "society_work", "approver")
    parts = dict.fromkeys(("hard_task", "active_performance", "error"), True) | {"active_correction": last}
    finding = {"organ": "旗县党委社会工作部", "parts": parts, "reason": "逐项核查情况"}
    path = f"{EXITS}/{one}/tolerance-finding"
    assert article(await house.tenant.post(organ, path, finding)) == (409, "NM-36")
    claim = {"statement": "系执行防汛任务时的失误，已整改"}
    own = f"{PATH}/own/exits/{one}/tolerance-claim"
    assert (await house.tenant.post(worker.caller, own, claim)).json()["claim_open"] is True
    body = {"outcome": "exit", "last_day": "2025-03-10", "reason": "严重违反管理制度"}
    assert article(await house.tenant.post(house.approver, f"{EXITS}/{one}/decision", body)) == (409, "NM-36")
    assert (await house.tenant.post(house.approver, path, finding)).status_code == 403
    found = await house.tenant.post(organ, path, finding)
    assert (found.json()["state"], found.json()["claim_open"]) == (after, False), found.text
    if after == "tolerated":
        assert article(await house.tenant.post(house.approver, f"{EXITS}/{one}/decision", body)) == (409, "NM-37")


async def test_others_neither_read_nor_act(house: House) -> None:
    worker, stranger = await on_duty(house), await on_duty(house, "19860101")
    one = (await put(house, worker, "other"))["id"]
    assert (await house.tenant.get(worker.caller, f"{PATH}/own/exits/{one}")).status_code == 404
    assert (await house.tenant.get(stranger.caller, f"{PATH}/own/exits/{one}")).status_code == 404
    assert (await house.tenant.post(house.sibling, f"{EXITS}/{one}/reasons", REASONS)).status_code == 404
    assert (await house.tenant.get(house.finance, EXITS)).status_code == 403
    assert (await house.tenant.post(house.county, f"{EXITS}/{one}/reasons", REASONS)).status_code == 403
    assert (await house.tenant.post(house.township, f"{EXITS}/{one}/decision", LEAVE)).status_code == 403
    assert (await house.tenant.get(house.township, f"{PATH}/own/exits")).status_code == 403
    file = await house.tenant.post(house.township, f"{EXITS}/{one}/file")
    assert [each["words"] for each in file.json()["acts"]] == ["日常管理记录若干"]


@pytest.mark.article("NM-36")
async def test_a_case_keeps_the_version_under_which_it_was_opened(house: House) -> None:
    """A later version that knows no tolerance takes it from nobody whose case was opened before (P5)."""

    def without_tolerance(document: dict[str, Any]) -> None:
        del document["lists"]["tolerance.parts"]

    earlier, later = await on_duty(house), await on_duty(house, "19860101")
    opened = (await put(house, earlier, "serious_breach_management"))["id"]
    await publish(house.tenant, altered(PACK, without_tolerance), "2", house.tenant.now.date().isoformat())
    new = (await put(house, later, "serious_breach_management"))["id"]
    claim = {"statement": "系执行防汛任务时的失误，已整改"}
    kept = await house.tenant.post(earlier.caller, f"{PATH}/own/exits/{opened}/tolerance-claim", claim)
    assert kept.status_code == 200, kept.text
    refused = await house.tenant.post(later.caller, f"{PATH}/own/exits/{new}/tolerance-claim", claim)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/rule-refused"), refused.text
