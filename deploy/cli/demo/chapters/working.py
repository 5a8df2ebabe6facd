"""Dossier, contract with lawful probation, training gate, duty (NM-12, NM-20, Labour Contract Law)."""

from typing import Any

from deploy.cli.demo.account import Step
from deploy.cli.demo.cast import Cast
from deploy.cli.demo.client import Session, wait_for

STEPS = (
    Step("dossier", "聘用结果自动进入花名册（一次）", "NM-3"),
    Step("unmask", "查看完整证件号码须说明理由并留痕"),
    Step("probation-too-long", "一年期合同约定六个月试用期，依法不予办理", "LCL-19"),
    Step("contents-missing", "合同内容不全，逐项指出", "NM-12"),
    Step("contract", "街道起草劳动合同", "NM-12"),
    Step("contract-signed", "街道与本人先后签订", "NM-12"),
    Step("duty-too-early", "岗前集中脱产培训不足24学时，不得上岗", "NM-20"),
    Step("hours-short", "脱产23.5学时加线上10学时仍然不足", "NM-20"),
    Step("hours-met", "补足脱产学时，达到24学时", "NM-20"),
    Step("duty", "上岗", "NM-20"),
    Step("seat-taken", "职数由预留转为在岗", "NM-5"),
)
ASKED_PROBATION_MONTHS = 6
"""What the contract of three years asks for; whether it is lawful the service decides."""

CONTENTS = {
    "rights_and_obligations": "依法确定双方的权利义务。",
    "duties": "协助做好社区公共服务、公共管理、公共安全等工作。",
    "working_conditions": "社区提供必要的工作条件和劳动保护。",
    "probation": "见试用期条款。",
    "term": "见合同期限条款。",
    "termination": "依照劳动合同法执行。",
    "breach": "依照劳动合同法执行。",
}


def tell(cast: Cast) -> None:
    """From the dossier to the first day on duty."""
    office = cast.tenant["qingsong.office.handler"]
    dossier = _dossier(cast, office)
    cast.move_to("2024-10-08T01:00:00+00:00")
    _contract(cast, office, dossier)
    _training(cast, office, dossier)


def _dossier(cast: Cast, office: Session) -> dict[str, Any]:
    account = cast.account

    def found() -> list[dict[str, Any]]:
        answer = office.get("/roster/dossiers")
        return list(answer.json()["items"]) if answer.status_code == 200 else []

    items = wait_for(found, "the dossier")
    account.outcome("dossier", len(items) == 1, "one dossier", items[0]["full_name"], "GET /api/v1/roster/dossiers")
    approver = cast.tenant["qingsong.office.approver"]
    opened = approver.post(f"/roster/dossiers/{items[0]['id']}/unmask", {"reason": "办理社会保险参保登记"})
    account.answer("unmask", opened, 200)
    dossier: dict[str, Any] = office.get(f"/roster/dossiers/{items[0]['id']}").json()
    cast.kept["dossier"] = dossier
    return dossier


def _contract(cast: Cast, office: Session, dossier: dict[str, Any]) -> None:
    account = cast.account
    terms = {
        "dossier_id": dossier["id"],
        "employer_unit_id": cast.units["150102091000"]["id"],
        "term": {"kind": "fixed", "valid_from": "2024-10-08", "valid_before": "2025-10-08"},
        "probation_months": ASKED_PROBATION_MONTHS,
        "contents": CONTENTS,
    }
    account.answer("probation-too-long", office.post("/roster/contracts", terms), 409, article="LCL-19")
    terms["term"] = {"kind": "fixed", "valid_from": "2024-10-08", "valid_before": "2027-10-08"}
    missing = {**terms, "contents": {"duties": "协助做好社区工作。"}}
    account.answer("contents-missing", office.post("/roster/contracts", missing), 422, "缺少六项", article="NM-12")
    contract = account.answer("contract", office.post("/roster/contracts", terms), 201, "三年期，试用期六个月")
    cast.kept["contract"] = contract["id"]
    signed = office.post(f"/roster/contracts/{contract['id']}/sign")
    if signed.status_code != 200:
        account.answer("contract-signed", signed, 200)
    worker = cast.tenant["zhou.xiaolan"]
    account.answer("contract-signed", worker.post(f"/roster/own/contracts/{contract['id']}/sign"), 200)


def _training(cast: Cast, office: Session, dossier: dict[str, Any]) -> None:
    account = cast.account
    starts = {"dossier_id": dossier["id"], "starts_on": "2024-10-08"}
    account.answer("duty-too-early", office.post("/roster/duties", starts), 409, article="NM-20")
    organizer = cast.tenant["xincheng.organization.handler"]
    cast.move_to("2024-10-14T01:00:00+00:00")
    county = cast.units["150102"]["id"]
    person = dossier["person_id"]
    wait_for(lambda: organizer.get("/training/needs", person_id=person).json()["items"], "the training need")
    _class(organizer, county, person, "岗前集中培训", "off_job", "23.5", "23.5")
    _class(organizer, county, person, "线上课程", "online", "10", "10")
    starts["starts_on"] = "2024-10-14"
    short = office.post("/roster/duties", starts)
    account.answer("hours-short", short, 409, article="NM-20")
    _class(organizer, county, person, "岗前集中培训补训", "off_job", "4", "0.5")
    need = wait_for(lambda: _met(organizer, person), "the met need")
    account.outcome("hours-met", True, "met", f"{need['credited_hours']} / {need['required_hours']}")

    def started() -> Any:
        answer = office.post("/roster/duties", starts)
        return answer if answer.status_code == 201 else None

    account.answer("duty", wait_for(started, "the way to duty"), 201, "2024-10-14")
    community = f"/roster/headcounts?unit_id={dossier['community_unit_id']}"

    def taken() -> Any:
        seen = office.get(community).json()["items"][0]
        return seen if seen["occupied"] else None

    seat = wait_for(taken, "the seat taken")
    words = f"核定 {seat['fixed']} · 在岗 {seat['occupied']} · 预留 {seat['reserved']} · 空额 {seat['free']}"
    account.outcome("seat-taken", seat["reserved"] == 0, "nothing reserved", words, "GET /api/v1/roster/headcounts")


def _met(organizer: Session, person: str) -> dict[str, Any] | None:
    needs = organizer.get("/training/needs", person_id=person).json()["items"]
    return next((need for need in needs if need["state"] == "met"), None)


def _class(organizer: Session, unit: str, person: str, title: str, form: str, length: str, hours: str) -> None:
    held = organizer.post(
        "/training/sessions",
        {
            "title": title,
            "form": form,
            "starts_at": "2024-10-09T01:00:00+00:00",
            "ends_at": "2024-10-11T10:00:00+00:00",
            "class_hours": length,
            "organiser_unit_id": unit,
        },
    )
    if held.status_code != 201:
        raise RuntimeError(f"the class was not registered: {held.status_code} {held.text[:300]}")
    credited = organizer.post(f"/training/sessions/{held.json()['id']}/hours", {"person_id": person, "hours": hours})
    if credited.status_code != 201:
        raise RuntimeError(f"the hours were not credited: {credited.status_code} {credited.text[:300]}")
