"""Contract as a document, leave, secondment, admission of matters (NM-12, 21, 22, 24, 27)."""

from deploy.cli.demo.account import Step
from deploy.cli.demo.cast import Cast
from deploy.cli.demo.papers import beside
from deploy.cli.demo.people import until_state

DOCUMENTS = (
    Step("contract-printed", "打印劳动合同文本（docx）", "NM-12"),
    Step("matter-refused", "要求社区作行政执法责任主体，不予准入", "NM-22"),
    Step("matter-help", "请社区协助，不因事项被拒绝", "NM-22"),
    Step("matter-paper", "旗县党委社会工作部门附书面说明"),
    Step("matter-admitted", "旗县党委社会工作部门批准准入", "NM-21"),
    Step("matters-public", "准入事项目录人人可查阅", "NM-21"),
)
LEAVE = (
    Step("leave-asked", "本人申请婚假", "NM-27"),
    Step("leave-approved", "街道批准", "NM-27"),
)
RETURN = (Step("leave-returned", "假满销假，无超假", "NM-27"),)
SECONDMENT = (
    Step("secondment-county", "旗县级机关借调社区工作者，不予办理", "NM-24"),
    Step("secondment-too-long", "借调超过三个月，不予办理", "NM-24"),
    Step("secondment", "街道确需借调，申请三个月", "NM-24"),
    Step("secondment-approved", "旗县党委社会工作部门批准借调", "NM-24"),
    Step("secondment-ended", "期满自动结束", "NM-24"),
)
CALENDAR = (Step("calendar-missing", "按工作日计的假期跨入2027年，日历未载入，不予计算", "AL-3"),)


def papers(cast: Cast) -> None:
    """2024-10-14: the contract on paper; what departments may bring to a community."""
    account, tenant = cast.account, cast.tenant
    office = tenant["qingsong.office.handler"]
    printed = office.get(f"/roster/contracts/{cast.kept['contract']}/document")
    account.answer("contract-printed", printed, 200, f"{len(printed.content)} 字节")
    if "openxml" not in printed.headers["content-type"] or not printed.content.startswith(b"PK"):
        account.outcome("contract-printed", False, "a docx", printed.headers["content-type"])
    _matters(cast)


def _matters(cast: Cast) -> None:
    account, tenant = cast.account, cast.tenant
    organ = tenant["xincheng.organization.handler"]
    asked = {
        "community_unit_id": cast.units["150102091091"]["id"],
        "register_kind": "matter",
        "matter": "administrative_enforcement",
        "role": "responsible_body",
        "title": "占道经营执法",
        "content": "由社区负责辖区占道经营的执法和处罚。",
        "valid_from": "2024-10-14",
        "valid_before": "2025-10-14",
    }
    account.answer("matter-refused", organ.post("/roster/admissions", asked), 409, article="NM-22")
    help_asked = asked | {"role": "help", "content": "请社区协助宣传有关规定，执法由主管部门负责。"}
    made = account.answer("matter-help", organ.post("/roster/admissions", help_asked), 201)
    decision = {"action": "approve", "step": "society_work", "comment": "同意"}
    case = f"/roster/approvals/{made['case_id']}"
    beside(account, "matter-paper", tenant["xincheng.society.approver"], case, "Why help is needed")
    account.answer("matter-admitted", tenant["xincheng.society.approver"].post(f"{case}/decisions", decision), 200)
    shown = account.answer("matters-public", tenant.public("/roster/admitted-matters"), 200, asked["title"])
    if [each["title"] for each in shown["items"]] != [asked["title"]]:
        account.outcome("matters-public", False, "the one matter", str(shown))


def ask_leave(cast: Cast) -> None:
    """2025-03-24: the worker asks for leave."""
    account, tenant = cast.account, cast.tenant
    cast.move_to("2025-03-24T01:00:00+00:00")
    wish = {"kind": "marriage", "valid_from": "2025-04-01", "valid_before": "2025-04-19"}
    leave = account.answer("leave-asked", tenant["zhou.xiaolan"].post("/roster/own/leaves", wish), 201)
    decision = {"action": "approve", "step": "township"}
    case = f"/roster/approvals/{leave['case_id']}/decisions"
    account.answer("leave-approved", tenant["qingsong.office.approver"].post(case, decision), 200)
    cast.kept["leave"] = leave["id"]


def come_back(cast: Cast) -> None:
    """2025-04-19: back from leave on the first day after it."""
    account, office = cast.account, cast.tenant["qingsong.office.handler"]
    cast.move_to("2025-04-19T01:00:00+00:00")
    path = f"/roster/leaves/{cast.kept['leave']}/return"
    back = account.answer("leave-returned", office.post(path, {"returned_on": "2025-04-19"}), 200)
    if back["overstayed_days"] != 0:
        account.outcome("leave-returned", False, "nothing overstayed", str(back["overstayed_days"]))


def second(cast: Cast) -> None:
    """April to August 2025: a secondment to the township, which ends by itself."""
    account, tenant = cast.account, cast.tenant
    office = tenant["qingsong.office.handler"]
    cast.move_to("2025-04-25T01:00:00+00:00")
    wish = {
        "dossier_id": cast.kept["dossier"]["id"],
        "borrower_unit_id": cast.units["150102091000"]["id"],
        "borrower_name": "街道党政办公室",
        "task": "人口抽样调查集中工作",
        "valid_from": "2025-05-01",
        "valid_before": "2025-08-01",
    }
    county = wish | {"borrower_unit_id": cast.units["150102"]["id"], "borrower_name": "新城区某局"}
    account.answer("secondment-county", office.post("/roster/secondments", county), 409, article="NM-24")
    longer = office.post("/roster/secondments", wish | {"valid_before": "2025-08-02"})
    account.answer("secondment-too-long", longer, 409, article="NM-24")
    made = account.answer("secondment", office.post("/roster/secondments", wish), 201)
    decision = {"action": "approve", "step": "society_work", "comment": "同意"}
    case = f"/roster/approvals/{made['case_id']}/decisions"
    account.answer("secondment-approved", tenant["xincheng.society.approver"].post(case, decision), 200)
    cast.move_to("2025-08-01T01:00:00+00:00")
    ended = until_state(office, f"/roster/secondments/{made['id']}", "ended")
    words = f"{ended['began_on']} 至 {ended['last_day']}"
    account.outcome("secondment-ended", True, "ended by itself", words, f"GET /api/v1/roster/secondments/{made['id']}")


def count_into_2027(cast: Cast) -> None:
    """November 2026: working days of a year whose arrangement is not published are not guessed."""
    wish = {"kind": "annual", "valid_from": "2026-12-30", "valid_before": "2027-01-05"}
    refused = cast.tenant["zhou.xiaolan"].post("/roster/own/leaves", wish)
    cast.account.answer("calendar-missing", refused, 409, article="2027")
