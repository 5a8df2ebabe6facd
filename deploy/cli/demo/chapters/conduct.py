"""Honour and discipline (NM-34 to NM-38): recommended after a named finding; a case that tolerance of error ends.

2026-03-02, after the transfers.
"""

from deploy.cli.demo.account import Step
from deploy.cli.demo.cast import Cast
from deploy.cli.demo.people import must

STEPS = (
    Step("honour-unfound", "突出贡献未经具名认定，不得报批", "NM-35"),
    Step("honour-granted", "街道推荐、旗县同意，获评劳动模范", "NM-35"),
    Step("discipline-waits", "容错申请未认定，案件暂停", "NM-36"),
    Step("discipline-tolerated", "容错成立，案件终止", "NM-36"),
)
_PARTS = ("hard_task", "active_performance", "error", "active_correction")


def tell(cast: Cast) -> None:
    """A secretary is commended; a worker's error in a hard task is not held against them."""
    _honour(cast)
    _discipline(cast)


def _honour(cast: Cast) -> None:
    account, tenant = cast.account, cast.tenant
    office = tenant["qingsong.office.handler"]
    body = {
        "dossier_id": cast.kept["secretary.old"]["id"],
        "measure": "awards",
        "kind": "model_worker",
        "reason": "十年扎根社区，群众公认",
        "evidence": "2025年度考核登记表",
    }
    path = f"/roster/honours/{must(office.post('/roster/honours', body), 201)['id']}"
    account.answer("honour-unfound", office.post(f"{path}/submission"), 409, article="NM-35")
    finding = {"rule": "honour.contribution", "outcome": "met", "reason": "经实地核查，贡献突出"}
    must(tenant["xincheng.society.handler"].post(f"{path}/determinations", finding), 200)
    case = f"/roster/approvals/{must(office.post(f'{path}/submission'), 200)['case_id']}/decisions"
    recommend = {"action": "recommend", "step": "township", "comment": "同意推荐"}
    must(tenant["qingsong.office.approver"].post(case, recommend), 200)
    consent = {"action": "approve", "step": "society_work", "comment": "同意"}
    must(tenant["xincheng.society.approver"].post(case, consent), 200)
    outcome = {"granted": True, "organ": "评选委员会（演示）", "decided_on": "2026-03-02", "document": "表彰决定1号"}
    account.answer("honour-granted", office.post(f"{path}/outcome", outcome), 200, "劳动模范")


def _discipline(cast: Cast) -> None:
    account, tenant = cast.account, cast.tenant
    organ, worker = tenant["xincheng.discipline.handler"], tenant["worker.failing"]
    body = {
        "dossier_id": cast.kept["worker.failing"]["id"],
        "breach": "early_sign",
        "evidence": "应急处置中物资登记有误的反映",
    }
    one = must(organ.post("/roster/discipline-cases", body), 201)["id"]
    reasons = {"served_on": "2026-03-02", "served_to": "worker", "reasons": "应急物资登记有误"}
    must(organ.post(f"/roster/discipline-cases/{one}/reasons", reasons), 200)
    own = f"/roster/own/discipline-cases/{one}"
    must(worker.post(f"{own}/answer", {"statement": "系抢险中疏漏，已主动更正"}), 200)
    must(worker.post(f"{own}/tolerance-claim", {"statement": "执行急难任务中的失误，已整改"}), 200)
    find = {"parts": {"early_sign": True}, "reason": "登记确有差错"}
    approver = tenant["xincheng.discipline.approver"]
    waits = approver.post(f"/roster/discipline-cases/{one}/finding", find)
    account.answer("discipline-waits", waits, 409, article="NM-36")
    found = {"organ": "旗县党委社会工作部", "parts": dict.fromkeys(_PARTS, True), "reason": "四项要件均具备"}
    ended = tenant["xincheng.society.approver"].post(f"/roster/discipline-cases/{one}/tolerance-finding", found)
    closed = account.answer("discipline-tolerated", ended, 200, "该失误不得用于处理处分")
    if closed["state"] != "tolerated":
        account.outcome("discipline-tolerated", False, "tolerated", closed["state"])
