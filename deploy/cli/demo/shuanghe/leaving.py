"""Resignation beside the statute, exit on a breach, and an office that is never ended (SH-25, SH-26; LCL-37).

2025-10-20 to 2025-11-20, in the community 梭梭.
"""

from typing import Any

from deploy.cli.demo.account import Step
from deploy.cli.demo.cast import Cast
from deploy.cli.demo.client import Session
from deploy.cli.demo.people import every, id_number, must, register, until_state

STEPS = (
    Step("sh-resigned", "合同制人员向社区党组织书面辞职，提前三十日", "SH-26, LCL-37"),
    Step("sh-resigned-both-texts", "条文的批准和交接与劳动合同法第三十七条并列显示，以法律为准", "SH-26, LCL-37"),
    Step("sh-resigned-forwarded", "社区党组织收到，当日转送用人单位", "SH-26, LCL-37"),
    Step("sh-breach-no-harm", "违规而未造成重大损害，不构成退出情形", "SH-25"),
    Step("sh-office-not-ended", "“两委”成员不得以决定直接终止任职", "SH-25"),
    Step("sh-office-recall", "“两委”成员只启动免职、罢免程序", "SH-25"),
    Step("sh-left", "未经批准，劳动合同三十日届满照常终止", "SH-26, LCL-37"),
    Step("sh-handed-over", "离职后交接工作：交接是义务，不是条件", "SH-26"),
)
COMMUNITY, REGIMENT = "659007491093", "659007491000"
LEAVER = "sh.worker.leaving"
_DAY, _LAST_DAY, _LEFT = "2025-10-20", "2025-11-19", "2025-11-20"


def tell(cast: Cast) -> None:
    """From the notice to the day after its last."""
    cast.move_to(f"{_DAY}T01:00:00+00:00")
    office = cast.tenant["hongliu.office.handler"]
    if COMMUNITY not in cast.units:
        cast.units |= {unit["code"]: unit for unit in every(office, "/directory/units", limit="200")}
    leaver, member = _enter(cast, office)
    resignation = _resign(cast, office, leaver)
    _recall(cast, office, member)
    cast.move_to(f"{_LEFT}T01:00:00+00:00")
    path = f"/roster/dossiers/{leaver}"
    left = until_state(office, path, "left")
    [seen] = every(office, "/roster/resignations", dossier_id=leaver)
    ended = left["left_on"] == _LEFT and seen["approved_on"] is None and seen["end"] == "done"
    cast.account.outcome("sh-left", ended, "left without approval", f"{left['left_on']} 起", f"GET /api/v1{path}")
    done = office.post(f"/roster/resignations/{resignation}/hand-over", {"done_on": _LEFT})
    cast.account.answer("sh-handed-over", done, 200)


def _enter(cast: Cast, office: Session) -> list[str]:
    common = {"phone": "13900000001", "community_unit_id": cast.units[COMMUNITY]["id"]}
    background = {"education_code": "31", "political_status": "13"}
    rows = [
        {
            "full_name": "童远山",
            "id_number": id_number("19900618", "601"),
            "person_id": register(cast, LEAVER),
            "category": "community_staff",
            "posts": [{"role": "staff", "valid_from": "2021-03-01"}],
        },
        {
            "full_name": "万思齐",
            "id_number": id_number("19850902", "603"),
            "category": "committee_member",
            "posts": [{"role": "committee_member", "valid_from": "2021-07-01"}],
        },
    ]
    workers = [row | common | {"background": background} for row in rows]
    entered = must(office.post("/roster/dossiers/imports/batch", {"workers": workers}), 200)
    dossiers = [item["dossier"]["id"] for item in entered["items"]]
    terms = {
        "dossier_id": dossiers[0],
        "employer_unit_id": cast.units[REGIMENT]["id"],
        "term": {"kind": "fixed", "valid_from": _DAY, "valid_before": "2028-10-20"},
        "probation_months": 0,
        "contents": {"duties": "承担社区群众服务工作"},
    }
    contract = must(office.post("/roster/contracts", terms), 201)
    must(office.post(f"/roster/contracts/{contract['id']}/sign"), 200)
    must(cast.tenant[LEAVER].post(f"/roster/own/contracts/{contract['id']}/sign"), 200)
    return dossiers


def _resign(cast: Cast, office: Session, dossier: str) -> str:
    account = cast.account
    given = cast.tenant[LEAVER].post("/roster/own/resignations", {"notice": "本人因个人原因申请辞职"})
    body: dict[str, Any] = account.answer("sh-resigned", given, 201, f"最后一日 {_LAST_DAY}")
    shown = {each["rule"]: each for each in body["findings"]}
    text, statute = shown["resignation.approval"], shown["resignation.notice_days"]
    both = (text["article"], statute["article"], body["last_day"]) == ("SH-26", "LCL-37", _LAST_DAY)
    words = f"{text['words']}；{statute['words']}"
    account.outcome("sh-resigned-both-texts", both, "SH-26 and LCL-37", words, "POST /api/v1/roster/own/resignations")
    readers = (cast.tenant["suosuo.community.party"], office)
    seen = [every(reader, "/roster/resignations", dossier_id=dossier) for reader in readers]
    forwarded = shown["resignation.forward_level"]["facts"]
    arrived = all(len(each) == 1 for each in seen) and forwarded["forwarded_on"] == _DAY
    words = f"{forwarded['forwarded_on']} 转送 {forwarded['to_level']}"
    account.outcome("sh-resigned-forwarded", arrived, "read by both", words, "GET /api/v1/roster/resignations")
    return str(body["id"])


def _recall(cast: Cast, office: Session, dossier: str) -> None:
    account, approver = cast.account, cast.tenant["hongliu.office.approver"]
    ground = {"dossier_id": dossier, "ground": "breach_and_major_harm", "evidence": "调查材料和谈话记录"}
    path = f"/roster/exits/{must(office.post('/roster/exits', ground), 201)['id']}"
    reasons = {"served_on": _DAY, "served_to": "worker", "reasons": "严重违反社区工作规章制度"}
    must(office.post(f"{path}/reasons", reasons), 200)
    must(office.post(f"{path}/answer", {"heard_on": _DAY, "waived": True}), 200)
    finding = {"parts": {"breach": True, "major_harm": False}, "reason": "未给居民利益造成重大损害"}
    must(approver.post(f"{path}/finding", finding), 200)
    decision = {"outcome": "exit", "reason": "依法依规启动罢免程序"}
    refused = approver.post(f"{path}/decision", decision)
    account.answer("sh-breach-no-harm", refused, 409, article="SH-25")
    finding = {"parts": {"breach": True, "major_harm": True}, "reason": "复核认定造成重大损害"}
    must(approver.post(f"{path}/finding", finding), 200)
    ended = approver.post(f"{path}/decision", decision | {"last_day": _LAST_DAY})
    account.answer("sh-office-not-ended", ended, 409, article="SH-25")
    opened = account.answer("sh-office-recall", approver.post(f"{path}/decision", decision), 200, "任职不由系统终止")
    if opened["state"] != "procedure_opened":
        account.outcome("sh-office-recall", False, "opened", str(opened))


__all__ = ["STEPS", "tell"]
