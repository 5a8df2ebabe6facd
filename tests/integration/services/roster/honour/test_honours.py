"""Who is put forward for what: determinations with names, approval, outcome (NM-33 to NM-35, SH-18, SH-19)."""

from typing import Any

import httpx
import pytest

from tests.integration.services.roster.daily import decide
from tests.integration.services.roster.directed.test_candidates import listed
from tests.integration.services.roster.division import Division
from tests.integration.services.roster.history import entered, staff
from tests.integration.services.roster.house import PATH, House, Worker
from tests.integration.services.roster.rank.test_ranks import graded

HONOURS = f"{PATH}/honours"
REASON = "工作实绩见年度总结"
DEPUTY = ("honour.political_quality", "honour.work_results", "honour.deliberation")


async def put(house: House, worker: Worker, measure: str, kind: str, **more: Any) -> httpx.Response:
    body = {"dossier_id": worker.dossier_id, "measure": measure, "kind": kind, "reason": REASON}
    return await house.tenant.post(house.township, HONOURS, body | {"evidence": "年度考核登记表"} | more)


async def put_forward(house: House, worker: Worker, measure: str, kind: str, **more: Any) -> str:
    made = await put(house, worker, measure, kind, **more)
    assert made.status_code == 201, made.text
    return f"{HONOURS}/{made.json()['id']}"


async def determine(house: House, path: str, rule: str, outcome: str = "met") -> httpx.Response:
    body = {"rule": rule, "outcome": outcome, "reason": "经实地核查"}
    return await house.tenant.post(house.county, f"{path}/determinations", body)


async def submit(house: House, path: str) -> httpx.Response:
    return await house.tenant.post(house.township, f"{path}/submission")


@pytest.mark.article("NM-33")
async def test_the_outstanding_are_recommended_for_party_development(house: House) -> None:
    worker, other = await entered(house, staff(house)), await entered(house, staff(house, number=1))
    await graded(house, worker, 2024, outstanding=True)
    await graded(house, other, 2024)
    refused = await submit(house, await put_forward(house, other, "party_development", "party_member"))
    assert (refused.status_code, refused.json()["article"]) == (409, "NM-33")
    # A clear fact is not overruled by a determination.
    again = await put_forward(house, other, "party_development", "party_member")
    assert (await determine(house, again, "honour.party_outstanding")).status_code == 200
    assert (await submit(house, again)).status_code == 409
    path = await put_forward(house, worker, "party_development", "party_member")
    sent = await submit(house, path)
    assert (sent.status_code, sent.json()["state"]) == (200, "submitted"), sent.text


@pytest.mark.article("NM-34")
async def test_candidates_need_all_three_determinations_and_the_consent_of_two_offices(house: House) -> None:
    worker = await entered(house, staff(house))
    path = await put_forward(house, worker, "deputies", "peoples_deputy")
    for rule in DEPUTY[:2]:
        assert (await determine(house, path, rule)).status_code == 200
    refused = await submit(house, path)
    assert (refused.status_code, refused.json()["article"]) == (409, "NM-34")
    assert sorted(each["outcome"] for each in refused.json()["findings"]) == ["met", "met", "needs_judgement"]
    assert (await determine(house, path, DEPUTY[2], "not_met")).status_code == 200
    assert (await submit(house, path)).status_code == 409
    assert (await determine(house, path, DEPUTY[2])).status_code == 200
    assert (await determine(house, path, "honour.contribution")).status_code == 422
    case = (await submit(house, path)).json()["case_id"]
    assert (await determine(house, path, DEPUTY[2])).status_code == 409
    own = await decide(house, house.township, case, "township", "recommend")
    assert own.status_code in (403, 409)
    assert (await decide(house, house.approver, case, "township", "recommend")).status_code == 200
    outcome = {"granted": True, "organ": "街道选区选举委员会", "decided_on": "2025-03-10", "document": "公告第1号"}
    assert (await house.tenant.post(house.township, f"{path}/outcome", outcome)).status_code == 409
    society = await house.tenant.appoint("county", "society_work", "approver")
    assert (await decide(house, society, case, "society_work")).status_code == 200
    early = await house.tenant.post(house.township, f"{path}/outcome", outcome | {"decided_on": "2025-03-11"})
    assert early.status_code == 422
    granted = await house.tenant.post(house.township, f"{path}/outcome", outcome)
    assert (granted.status_code, granted.json()["state"]) == (200, "granted"), granted.text
    [mine] = (await house.tenant.get(worker.caller, f"{PATH}/own/honours")).json()["items"]
    assert (mine["state"], mine["label"]["zh"]) == ("granted", "人大代表候选人")
    entries = [row.data["action"] for row in await house.tenant.events("recorded")]
    assert [each for each in entries if each.startswith("roster.honour")][-1] == "roster.honour.outcome"


@pytest.mark.article("NM-35")
async def test_the_list_is_open_and_another_name_must_be_written(house: House) -> None:
    worker = await entered(house, staff(house))
    assert (await put(house, worker, "awards", "hero")).status_code == 422
    assert (await put(house, worker, "awards", "other")).status_code == 422
    assert (await put(house, worker, "awards", "model_worker", title="某某荣誉")).status_code == 422
    path = await put_forward(house, worker, "awards", "other", title="最美社区工作者")
    assert (await submit(house, path)).json()["article"] == "NM-35"
    assert (await determine(house, path, "honour.contribution")).status_code == 200
    sent = await submit(house, path)
    assert (sent.json()["state"], sent.json()["label"]["zh"]) == ("submitted", "最美社区工作者")
    rejected = await decide(house, house.approver, sent.json()["case_id"], "township", "reject", "材料不足")
    assert rejected.status_code == 200, rejected.text
    assert (await house.tenant.get(house.township, path)).json()["state"] == "rejected"


@pytest.mark.article("SH-19")
async def test_under_shuanghe_deputies_and_model_workers_alone(division: Division) -> None:
    worker = await division.staff()
    silent = await put(division, worker, "party_development", "party_member")
    assert (silent.status_code, silent.json()["type"]) == (409, "/problems/not-regulated")
    assert (await put(division, worker, "awards", "youth_medal")).status_code == 422
    path = await put_forward(division, worker, "awards", "model_worker")
    for rule in ("honour.qualified_model", "honour.outstanding_model"):
        assert (await determine(division, path, rule)).status_code == 200
    case = (await submit(division, path)).json()["case_id"]
    organization = await division.tenant.appoint("league", "organization", "approver")
    assert (await decide(division, organization, case, "organization")).status_code == 200
    assert (await division.tenant.get(division.county, path)).json()["state"] == "approved"


@pytest.mark.article("SH-18")
async def test_a_major_contribution_prefers_among_the_outstanding(division: Division) -> None:
    worker = await division.staff()
    await graded(division, worker, 2024, outstanding=True)
    item = (await listed(division, "outstanding"))[worker.dossier_id]
    assert (item["preferred"], item["preferences"][0]["outcome"]) == (False, "needs_judgement")
    path = f"{PATH}/dossiers/{worker.dossier_id}/directed-determinations"
    body = {"rule": "directed.major_contribution", "outcome": "met", "reason": "处置突发事件作出重大贡献"}
    assert (await division.tenant.post(division.county, path, body)).status_code == 201
    item = (await listed(division, "outstanding"))[worker.dossier_id]
    assert (item["preferred"], item["preferences"][0]["article"]) == (True, "SH-18")
    await graded(division, worker, 2024)
    assert await listed(division, "outstanding") == {}


async def test_permission_and_scope(house: House) -> None:
    worker = await entered(house, staff(house))
    path = await put_forward(house, worker, "awards", "model_worker")
    body = {"dossier_id": worker.dossier_id, "measure": "awards", "kind": "model_worker", "reason": REASON}
    body |= {"evidence": "年度考核登记表"}
    rule = {"rule": "honour.contribution", "outcome": "met", "reason": "经实地核查"}
    outcome = {"granted": True, "organ": "某某委员会", "decided_on": "2025-03-10", "document": "公告第1号"}
    for caller, status in ((house.finance, 403), (worker.caller, 403), (house.sibling, 404), (None, 401)):
        assert (await house.tenant.post(caller, HONOURS, body)).status_code == status
        assert (await house.tenant.post(caller, f"{path}/submission")).status_code == status
        assert (await house.tenant.post(caller, f"{path}/outcome", outcome)).status_code == status
        assert (await house.tenant.get(caller, path)).status_code == status
    elsewhere = await house.tenant.appoint("sibling_county", "society_work")
    for caller, status in ((house.township, 403), (worker.caller, 403), (elsewhere, 404), (None, 401)):
        assert (await house.tenant.post(caller, f"{path}/determinations", rule)).status_code == status
    assert (await house.tenant.get(house.finance, HONOURS)).status_code == 403
    assert (await house.tenant.get(house.township, f"{PATH}/own/honours")).status_code == 403
    [seen] = (await house.tenant.get(house.township, HONOURS)).json()["items"]
    assert f"{HONOURS}/{seen['id']}" == path
