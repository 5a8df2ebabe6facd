"""What this regulation does not say stays unsaid: a figure of another regulation is never borrowed (P3, P7)."""

from typing import Any

import httpx

from deploy.cli.demo.account import Step
from deploy.cli.demo.cast import Cast
from deploy.cli.demo.client import Session
from deploy.cli.demo.people import every, must

STEPS = (
    Step("sh-figure-secondment", "借调最长期限：本办法未作规定"),
    Step("sh-figure-housing-fund", "住房公积金缴存比例：本办法未作规定", "SH-16"),
    Step("sh-figure-age", "招聘年龄上限：本办法未作规定", "SH-6"),
    Step("sh-figure-neighbour", "同一平台上内蒙古租户查询同一参数，得到自己的规定", "NM-24"),
    Step("sh-local-wrong-office", "准入审批机关只能由所指部门设定，其他部门提出即被拒绝", "SH-14"),
    Step("sh-local-bounds", "本地参数超出办法所定范围，指明字段和条款", "SH-16"),
    Step("sh-local-rejected", "本地参数须另一人审批，退回的不生效", "SH-16"),
)
_ASKED = {
    "sh-figure-secondment": "secondment.max_months",
    "sh-figure-housing-fund": "pay.fund_percent",
    "sh-figure-age": "recruitment.age_limit",
}
_UNSAID = ("not_regulated", "national")
_WAGE = "insurance.average_monthly_wage"


def tell(cast: Cast) -> None:
    """Any day: three figures that only the neighbour's regulation has, and what an office may set and may not."""
    account, asker = cast.account, cast.tenant["division.hr.handler"]
    for name, path in _ASKED.items():
        found = _figure(asker, path)
        ok = found["state"] in _UNSAID and found["value"] is None
        operation = f"GET /api/v1/regulation/figures/{path}"
        account.outcome(name, ok, "not_regulated or national", f"{found['label']['zh']}：{found['state']}", operation)
    theirs = _figure(cast.other["kundulun.society.handler"], _ASKED["sh-figure-secondment"])
    ok = (theirs["state"], theirs["article"]) == ("set", "NM-24") and theirs["value"] is not None
    account.outcome("sh-figure-neighbour", ok, "set by NM-24", f"{theirs['value']} {theirs['unit']}")
    _set_locally(cast, asker)


def _set_locally(cast: Cast, asker: Session) -> None:
    account = cast.account
    (division,) = every(asker, "/directory/units", level="league")
    not_theirs = _proposal(division["id"], "admission.approver", [{"department": "human_resources", "level": "league"}])
    account.answer("sh-local-wrong-office", _propose(asker, not_theirs), 409, article="SH-14")
    (wage,) = must(asker.get("/regulation/figures", prefix=_WAGE), 200)
    below = _proposal(division["id"], wage["path"], "0.99")
    account.answer("sh-local-bounds", _propose(asker, below), 422, article="SH-16")
    proposed = must(_propose(asker, below | {"value": "7000.00"}), 201)
    path, said = f"/regulation/local-parameters/{proposed['id']}", {"action": "reject", "comment": "文号有误"}
    must(cast.tenant["division.hr.approver"].post(f"{path}/decisions", said), 200)
    listed = every(asker, "/regulation/local-parameters", unit_id=division["id"], state="rejected")
    kept = must(asker.get(path), 200)
    ok = kept["id"] in {each["id"] for each in listed} and kept["comment"] == said["comment"]
    account.outcome("sh-local-rejected", ok, "rejected, with the reason", kept["comment"], f"POST {path}/decisions")


def _proposal(unit_id: str, path: str, value: Any) -> dict[str, Any]:
    return {
        "path": path,
        "unit_id": unit_id,
        "value": value,
        "valid_from": "2026-01-01",
        "source": "演示文件〔2025〕0号",
        "reason": "演示",
    }


def _propose(asker: Session, body: dict[str, Any]) -> httpx.Response:
    return asker.post("/regulation/local-parameters", body)


def _figure(asker: Session, path: str) -> dict[str, Any]:
    found: dict[str, Any] = must(asker.get(f"/regulation/figures/{path}"), 200)
    return found
