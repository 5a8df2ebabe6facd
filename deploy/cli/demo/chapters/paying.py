"""The league makes its pay standard with finance and human resources; no one office sets it alone (NM-16, P7)."""

from typing import Any

from deploy.cli.demo.account import Step
from deploy.cli.demo.cast import Cast
from deploy.cli.demo.client import wait_for
from deploy.cli.demo.people import every, must

STEPS = (
    Step("pay-alone", "薪酬标准须会同制定，一个部门不得自行设定", "NM-16"),
    Step("pay-proposed", "盟市党委社会工作部门提出薪酬标准（演示数据）", "NM-16"),
    Step("pay-returned", "退回修改后更正，原事项再次提交", "NM-16"),
    Step("pay-too-early", "财政、人力资源社会保障部门未会同，牵头部门不得批准", "NM-16"),
    Step("pay-approved", "会同部门同意后，牵头部门批准", "NM-16"),
    Step("pay-holds", "标准成为本地参数，注明所经事项", "NM-16"),
)
FROM = "2024-09-02"
FIGURE = "pay.standard"
ROWS: list[dict[str, Any]] = [
    {"role": "secretary", "base": "5000", "performance": "1500"},
    {"role": "staff", "base": "4000", "performance": "1000"},
]
"""Made-up amounts: the text names none."""
LEAGUE = "150100"
PARTNERS = ("hohhot.finance.approver", "hohhot.people.approver")


def tell(cast: Cast) -> None:
    """From a refusal to a standard that holds."""
    account, tenant = cast.account, cast.tenant
    handler, lead = tenant["hohhot.society.handler"], tenant["hohhot.society.approver"]
    said = {"valid_from": FROM, "source": "演示文件〔2024〕1号", "reason": "演示数据，并非实际标准"}
    unit = {"unit_id": cast.units[LEAGUE]["id"]}
    alone = {"path": FIGURE, "value": ROWS} | unit
    account.answer("pay-alone", handler.post("/regulation/local-parameters", alone | said), 409, article="NM-16")
    first = {"figures": [{"path": FIGURE, "value": ROWS[:1]}]} | unit | said
    made = account.answer("pay-proposed", handler.post("/roster/pay-standards", first), 201)
    case = f"/roster/approvals/{made['case_id']}/decisions"
    back = {"action": "return", "step": "making", "comment": "缺工作人员的标准"}
    must(lead.post(case, back), 200)
    whole = {"figures": [{"path": FIGURE, "value": ROWS}]} | said
    corrected = handler.call("PUT", f"/roster/pay-standards/{made['id']}", whole, version=made["version"])
    must(corrected, 200)
    account.answer("pay-returned", handler.post(case, {"action": "submit", "comment": "已补齐"}), 200)
    approval = {"action": "approve", "step": "making", "comment": "同意"}
    account.answer("pay-too-early", lead.post(case, approval), 409)
    for partner in PARTNERS:
        must(tenant[partner].post(case, {"action": "sign", "step": "making", "comment": "同意"}), 200)
    account.answer("pay-approved", lead.post(case, approval), 200)

    def held() -> Any:
        listed = every(handler, "/regulation/local-parameters", state="in_force", **unit)
        return next((each for each in listed if each["path"] == FIGURE), None)

    found = wait_for(held, "the standard as a local parameter")
    ok = (found["case_id"], found["value"]) == (made["case_id"], ROWS)
    account.outcome("pay-holds", ok, "the case is cited", found["source"], "GET /api/v1/regulation/local-parameters")
