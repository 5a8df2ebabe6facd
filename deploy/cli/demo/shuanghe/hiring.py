"""Hiring by the regiment under guidance: no approval of the plan, no age, no publicity (SH-2, SH-5 to SH-8).

2025-02-10 to 2025-03-10, in the community 红柳.
"""

from dataclasses import dataclass
from typing import Any

import httpx

from deploy.cli.demo.account import Step
from deploy.cli.demo.cast import Cast
from deploy.cli.demo.client import Session, wait_for
from deploy.cli.demo.people import id_number, must, register

STEPS = (
    Step("sh-hiring-publicity-unknown", "方案设公示天数：本办法的程序没有公示，不予接收", "SH-8"),
    Step("sh-hiring-plan", "团场制定招聘方案", "SH-7"),
    Step("sh-hiring-no-approval", "方案无须审批，报送即通过；指导意见为待办，不影响办理", "SH-7"),
    Step("sh-hiring-notice", "面向社会发布公告", "SH-8"),
    Step("sh-hiring-guided", "师市民政、人社部门记录指导意见", "SH-7"),
    Step("sh-hiring-signed-up", "三人报名，无须申报其他事项", "SH-8"),
    Step("sh-hiring-no-age", "四十五周岁：没有年龄结论", "SH-6"),
    Step("sh-hiring-unjudged", "须人工认定的条件尚未认定，不得通过", "SH-6"),
    Step("sh-hiring-qualified", "具名认定四项条件后，资格审查通过", "SH-6"),
    Step("sh-hiring-no-college", "无大专学历，不得通过，也无从放宽", "SH-6"),
    Step("sh-hiring-no-college-ended", "审查结论为不合格，注明条款", "SH-6"),
    Step("sh-hiring-ranked", "笔试、面试后按公告的成绩构成确定排名", "SH-8"),
    Step("sh-hiring-order", "未体检不得先政审", "SH-8"),
    Step("sh-hiring-vetting-groundless", "政审不写理由，不予登记", "SH-8"),
    Step("sh-hiring-vetted", "政审由具名人员认定，理由和依据在案", "SH-8"),
    Step("sh-hiring-not-public", "提出录用，没有公示一步", "SH-8"),
    Step("sh-hiring-decided", "团场审批人按程序决定录用", "SH-8"),
    Step("sh-hiring-dossier", "进入花名册：用人、管理在团场，费用在师市，使用在社区", "SH-8, SH-15"),
    Step("sh-hiring-wrong-party", "与师市签订劳动合同，不予办理", "SH-8"),
    Step("sh-hiring-agreement-unrecorded", "无记录依据，不得以服务协议代替劳动合同", "SH-2"),
    Step("sh-hiring-signed", "团场与本人签订劳动合同，合同内容由双方约定", "SH-8"),
    Step("sh-hiring-printed", "打印劳动合同文本（docx）", "SH-8"),
    Step("sh-hiring-duty", "上岗，没有岗前学时要求", "SH-8"),
)
MINE = "/recruitment/my/applications"
REGIMENT, COMMUNITY, DIVISION = "659007491000", "659007491091", "659007"


@dataclass(frozen=True, slots=True)
class Applicant:
    """Somebody who signs up. `birth`: YYYYMMDD; `education_code`: GB/T 4658; scores as imported."""

    user_name: str
    name: str
    birth: str
    education_code: str
    written: str = ""
    interview: str = ""


AGED_45 = Applicant("sh.song.wanqing", "宋晚晴", "19790601", "31", "86.00", "88.00")
YOUNGER = Applicant("sh.jiang.yushan", "江屿山", "19960315", "21", "82.00", "84.00")
NO_COLLEGE = Applicant("sh.luo.xinghe", "骆星河", "19900720", "61")
ALL = (AGED_45, YOUNGER, NO_COLLEGE)


def tell(cast: Cast) -> None:
    """From the plan to the first day in post."""
    cast.move_to("2025-02-10T01:00:00+00:00")
    office = cast.tenant["hongliu.office.handler"]
    if DIVISION not in cast.units:
        found = must(cast.tenant["division.civil.handler"].get("/directory/units", limit="200"), 200)["items"]
        cast.units |= {unit["code"]: unit for unit in found}
    notice = _notice(cast, office, _plan(cast, office))
    applications = _sign_up(cast, notice)
    cast.move_to("2025-03-03T01:00:00+00:00")
    _review(cast, office, applications)
    _examine(cast, office, notice["id"], applications)
    _select(cast, office, applications[AGED_45])
    _hire(cast, office, applications[AGED_45])
    _contract(cast, office, _dossier(cast))


def _plan(cast: Cast, office: Session) -> dict[str, Any]:
    account = cast.account
    item = {
        "community_unit_id": cast.units[COMMUNITY]["id"],
        "category": "community_staff",
        "post_title": "社区工作人员",
        "posts": 1,
    }
    reason = "社区工作人员辞职后出现空岗"
    draft = {"title": "红柳团2025年公开招聘社区工作人员方案", "over_reason": reason, "items": [item]}
    wished = draft | {"publicity_days": 5, "publicity_unit": "working"}
    account.answer("sh-hiring-publicity-unknown", office.post("/recruitment/plans", wished), 422, article="公示")
    plan = account.answer("sh-hiring-plan", office.post("/recruitment/plans", draft), 201, "红柳社区 1 人")
    path = f"/recruitment/plans/{plan['id']}"

    def submitted() -> httpx.Response | None:
        # Until recruitment has heard of the community's size it answers that no number follows.
        answer = office.post(f"{path}/submit")
        return answer if answer.status_code != 409 else None

    must(wait_for(submitted, "the numbers in recruitment"), 200)

    def passed() -> dict[str, Any] | None:
        seen: dict[str, Any] = must(office.get(path), 200)
        return seen if seen["state"] == "approved" else None

    approved: dict[str, Any] = wait_for(passed, "the plan that needs no approval")
    case = must(office.get(f"/recruitment/approvals/{approved['case_id']}"), 200)
    steps = {each["kind"]: each["blocks"] for each in case["steps"]}
    states = {each["state"] for each in case["steps"]}
    free = steps == {"guide": False} and states == {"open"}
    words = "、".join(each["department"] for each in case["steps"])
    account.outcome("sh-hiring-no-approval", free, "guidance alone, open", words, f"GET /api/v1{path}")
    return approved


def _notice(cast: Cast, office: Session, plan: dict[str, Any]) -> dict[str, Any]:
    account, tenant = cast.account, cast.tenant
    text = {
        "plan_id": plan["id"],
        "title": "红柳团2025年公开招聘社区工作人员公告",
        "conditions": "符合《第五师双河市社区工作者管理办法》第六条规定的基本条件。",
        "materials": [{"kind": "identity_card", "title": "身份证件"}, {"kind": "diploma", "title": "学历证书"}],
        # The text composes no score and names no ratio: the notice does.
        "exam": {"written_weight": 5000, "interview_weight": 5000, "interview_ratio": 3, "replacement_rounds": 1},
        "closes_at": "2025-02-24T10:00:00+00:00",
    }
    notice = account.answer("sh-hiring-notice", office.post("/recruitment/notices", text), 201)
    shown = tenant.public(f"/recruitment/notices/{notice['id']}")
    if shown.status_code != 200:
        account.answer("sh-hiring-notice", shown, 200)
    case = f"/recruitment/approvals/{plan['case_id']}/decisions"
    guides = {"division.civil.handler": "civil_affairs_guidance", "division.hr.handler": "human_resources_guidance"}
    for user, step in guides.items():
        said = {"action": "guide", "step": step, "comment": "公告应写明岗位职责，笔试面试全程留存记录"}
        answer = tenant[user].post(case, said)
        if answer.status_code != 200 or user == "division.hr.handler":
            account.answer("sh-hiring-guided", answer, 200, "公告已发布，意见照常记录")
    found: dict[str, Any] = notice
    return found


def _sign_up(cast: Cast, notice: dict[str, Any]) -> dict[Applicant, str]:
    """The application's id by applicant."""
    account = cast.account
    made: dict[Applicant, str] = {}
    for place, who in enumerate(ALL):
        register(cast, who.user_name)
        form = {
            "item_id": notice["items"][0]["id"],
            "name": who.name,
            "id_number": id_number(who.birth, f"90{place}"),
            "phone": f"1990000030{place}",
            "education_code": who.education_code,
        }
        signed = cast.tenant[who.user_name].post(MINE, form)
        if signed.status_code != 201 or who is ALL[-1]:
            account.answer("sh-hiring-signed-up", signed, 201, "、".join(each.name for each in ALL))
        made[who] = signed.json()["id"]
    return made


def _review(cast: Cast, office: Session, applications: dict[Applicant, str]) -> None:
    account = cast.account
    path = f"/recruitment/applications/{applications[AGED_45]}"
    found = must(office.get(f"{path}/eligibility"), 200)["findings"]
    articles = [each["article"] for each in found]
    ageless = articles == [f"SH-6({number})" for number in range(1, 6)] and "age_years" not in str(found)
    words = "结论仅有：" + "、".join(articles)
    account.outcome("sh-hiring-no-age", ageless, "SH-6(1) to (5) and no age", words, f"GET /api/v1{path}/eligibility")
    qualified = {"outcome": "qualified"}
    account.answer("sh-hiring-unjudged", office.post(f"{path}/conclude", qualified), 409, article="SH-6(1)")
    open_rules = [each["rule"] for each in found if each["outcome"] == "needs_judgement"]
    for who in ALL:
        theirs = f"/recruitment/applications/{applications[who]}"
        # Without college no judgement helps, so none is asked.
        for rule in open_rules if who is not NO_COLLEGE else []:
            judged = {
                "rule": rule,
                "outcome": "met",
                "reason": "经走访和查阅材料，符合要求",
                "evidence": "走访记录第3号",
            }
            must(office.post(f"{theirs}/determinations", judged), 201)
        answer = office.post(f"{theirs}/conclude", qualified)
        if who is NO_COLLEGE:
            account.answer("sh-hiring-no-college", answer, 409, who.name, article="SH-6(5)")
            ended = office.post(f"{theirs}/conclude", {"outcome": "not_qualified"})
            account.answer("sh-hiring-no-college-ended", ended, 200, "SH-6(5)", article="SH-6(5)")
        elif who is YOUNGER or answer.status_code != 200:
            account.answer("sh-hiring-qualified", answer, 200, f"{AGED_45.name}、{YOUNGER.name}")


def _examine(cast: Cast, office: Session, notice_id: str, applications: dict[Applicant, str]) -> None:
    exam = f"/recruitment/notices/{notice_id}/exam"
    rooms = [{"name": "第一考场", "seats": 30}]
    seating = {"place": "红柳团中学", "held_at": "2025-03-03T02:00:00+00:00", "rooms": rooms}
    must(office.post(exam, seating), 200)
    sitting = (AGED_45, YOUNGER)
    written = [{"application_id": applications[who], "score": who.written} for who in sitting]
    must(office.post(f"{exam}/written/scores", {"rows": written}), 200)
    must(office.post(f"{exam}/written/close"), 200)
    marks = [
        {"application_id": applications[who], "marks": [{"examiner": "考官一", "score": who.interview}]}
        for who in sitting
    ]
    must(office.post(f"{exam}/interview/scores", {"rows": marks}), 200)
    ranked = office.post(f"/recruitment/notices/{notice_id}/ranking")
    cast.account.answer("sh-hiring-ranked", ranked, 200, f"{AGED_45.name} 87.00，{YOUNGER.name} 83.00")


def _select(cast: Cast, office: Session, application_id: str) -> None:
    account = cast.account
    path = f"/recruitment/applications/{application_id}/stages"
    vetting = {"step": "vetting", "outcome": "passed", "reason": "档案齐全，走访属实", "evidence": "政审表第1号"}
    account.answer("sh-hiring-order", office.post(path, vetting), 409, article="SH-8(4)")
    must(office.post(path, {"step": "medical", "outcome": "passed", "evidence": "体检结论表"}), 200)
    groundless = office.post(path, vetting | {"reason": None})
    account.answer("sh-hiring-vetting-groundless", groundless, 422, article="SH-8(4)")
    stages = account.answer("sh-hiring-vetted", office.post(path, vetting), 200, vetting["reason"])["stages"]
    kept = next(each for each in stages if each["step"] == "vetting")
    if not (kept["user_id"] and kept["reason"] == vetting["reason"]):
        account.outcome("sh-hiring-vetted", False, "who determined it and why", str(kept))


def _hire(cast: Cast, office: Session, application_id: str) -> None:
    account, tenant = cast.account, cast.tenant
    hire = must(office.post("/recruitment/hires", {"application_id": application_id}), 201)
    listed = must(tenant.public("/recruitment/publicity"), 200)["items"]
    bare = hire["public_until"] is None and not listed
    account.outcome("sh-hiring-not-public", bare, "no list", operation="GET /public/…/recruitment/publicity")
    decision = {"action": "approve", "step": "decision", "comment": "同意录用"}
    case = f"/recruitment/approvals/{hire['case_id']}/decisions"
    account.answer("sh-hiring-decided", tenant["hongliu.office.approver"].post(case, decision), 200)


def _dossier(cast: Cast) -> dict[str, Any]:
    """The dossier that the hire opens."""
    worker = cast.tenant[AGED_45.user_name]

    def opened() -> dict[str, Any] | None:
        answer = worker.get("/roster/own/dossier")
        return answer.json() if answer.status_code == 200 else None

    dossier: dict[str, Any] = wait_for(opened, "the dossier")
    parties = {"employer": REGIMENT, "payer": DIVISION, "manager": REGIMENT, "user": COMMUNITY}
    right = all(dossier["parties"][f"{party}_unit_id"] == cast.units[code]["id"] for party, code in parties.items())
    account = cast.account
    account.outcome("sh-hiring-dossier", right, "four parties", AGED_45.name, "GET /api/v1/roster/own/dossier")
    return dossier


def _contract(cast: Cast, office: Session, dossier: dict[str, Any]) -> None:
    account = cast.account
    terms = {
        "dossier_id": dossier["id"],
        "employer_unit_id": cast.units[REGIMENT]["id"],
        "term": {"kind": "fixed", "valid_from": "2025-03-03", "valid_before": "2028-03-03"},
        "probation_months": 2,
        "contents": {"duties": "承担社区民生保障和群众服务工作。", "pay": "按师市有关规定执行。"},
    }
    division = terms | {"employer_unit_id": cast.units[DIVISION]["id"]}
    account.answer("sh-hiring-wrong-party", office.post("/roster/contracts", division), 409, article="SH-8(5)")
    agreement = office.post("/roster/contracts", terms | {"relation": "service_agreement", "probation_months": 0})
    account.answer("sh-hiring-agreement-unrecorded", agreement, 422, article="SH-2")
    contract = must(office.post("/roster/contracts", terms), 201)
    must(office.post(f"/roster/contracts/{contract['id']}/sign"), 200)
    worker = cast.tenant[AGED_45.user_name]
    own = worker.post(f"/roster/own/contracts/{contract['id']}/sign")
    account.answer("sh-hiring-signed", own, 200, "三年期，试用期二个月")
    printed = office.get(f"/roster/contracts/{contract['id']}/document")
    account.answer("sh-hiring-printed", printed, 200, f"{len(printed.content)} 字节")
    begun = office.post("/roster/duties", {"dossier_id": dossier["id"], "starts_on": "2025-03-03"})
    account.answer("sh-hiring-duty", begun, 201, "2025-03-03")
