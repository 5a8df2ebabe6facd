"""Two yearly assessments of a regiment: seven stages, the quarter, the seal, two failed years (SH-20…23, SH-25)."""

from dataclasses import dataclass
from typing import Any

import httpx

from deploy.cli.demo.account import Step
from deploy.cli.demo.cast import Cast
from deploy.cli.demo.client import Session, wait_for
from deploy.cli.demo.people import every, id_number, must, register

FIRST_YEAR = (
    Step("sh-weights-short", "居民满意度占39.99%的考核办法不予通过", "SH-21"),
    Step("sh-method", "居民满意度占40.00%的考核办法施行，无需审批", "SH-21"),
    Step("sh-method-guided", "师市民政部门的指导记录在案，不作为前置条件", "SH-20"),
    Step("sh-bureau-assessment", "民政局自行组织考核，不予受理", "SH-20, SH-23"),
    Step("sh-cycle-2024", "开展2024年度考核，逐人说明参加与否", "SH-20, SH-22"),
    Step("sh-self-assessed", "第一步：个人自评", "SH-22"),
    Step("sh-out-of-order", "“两委”评议之前，团场不得评分", "SH-22"),
    Step("sh-committees", "第二步：“两委”成员评议", "SH-22"),
    Step("sh-regiment", "第三步：团场考评日常工作和业务知识", "SH-21, SH-22"),
    Step("sh-survey-missing", "未开展居民测评，不得进入确认", "SH-21, SH-22"),
    Step("sh-residents", "第四步：居民免登录测评", "SH-21, SH-22"),
    Step("sh-confirmed-2024", "第五步：考评委员会确认等次，4人参加，优秀最多1人", "SH-22, SH-23"),
    Step("sh-filing-early", "公示未满，不得备案", "SH-22"),
    Step("sh-objection", "第六步：公示，对异议进行处理", "SH-22"),
    Step("sh-appeal", "本人申诉，由未参与评分的师市民政部门复核", "SH-22"),
    Step("sh-filed-2024", "第七步：备案，考核结果封存", "SH-22"),
    Step("sh-sealed", "封存后不得更改", "SH-22"),
)
SECOND_YEAR = (
    Step("sh-batch", "一次录入43人，逐行反馈，重复者不予录入", "SH-2"),
    Step("sh-cycle-2025", "开展2025年度考核，47人参加", "SH-20, SH-22"),
    Step("sh-tie", "优秀最多11人，同分处于边缘的均不列入", "SH-23"),
    Step("sh-over-the-cap", "突破比例的等次不予确认", "SH-23"),
    Step("sh-confirmed-2025", "确认2025年度等次", "SH-22, SH-23"),
    Step("sh-filed-2025", "公示期满后备案、封存", "SH-22"),
    Step("sh-failed-twice", "连续两年不合格，列为退出情形", "SH-25"),
)
_FIRST_COMMUNITY, _SECOND_COMMUNITY = "659007492091", "659007492092"
_BRANCHES = {_FIRST_COMMUNITY: "huyang.community.party", _SECOND_COMMUNITY: "baiyang.community.party"}
_COMPONENTS = (
    ("peer_review", "“两委”成员评议", 1000, "committees"),
    ("daily_work", "日常考核", 3000, "township"),
    ("professional_knowledge", "业务知识", 2000, "township"),
    ("residents_rating", "居民满意度", 4000, "residents"),
)
_TERMS: dict[str, Any] = {
    "components": [
        {"code": code, "label": label, "weight": weight, "stage": stage} for code, label, weight, stage in _COMPONENTS
    ],
    "grades": [
        {"code": "excellent", "label": "优秀", "from_score": "90", "outstanding": True},
        {"code": "competent", "label": "合格", "from_score": "70"},
        {"code": "basic", "label": "基本合格", "from_score": "60", "before_score": "70"},
        {"code": "failed", "label": "不合格", "from_score": "0", "before_score": "60", "failing": True},
    ],
    "stages": ["self", "committees", "township", "residents", "confirm"],
    "participation": {"months_at_least": 6},
    "survey_minimum": 2,
    "appeal_days": 5,
    "publicity_days": 7,
    "publicity_unit": "calendar",
}
_WORDS = "一年来认真履行岗位职责，走访居民，完成各项社区工作任务。"
_BEST, _SECOND, _FAIR, _FAILING, _OFFICER = "陶乐山", "凌青舟", "尹望舒", "卫长安", "纪巡之"


@dataclass(frozen=True, slots=True)
class _Person:
    name: str
    order: int
    points: str
    community: str = _FIRST_COMMUNITY
    role: str = "staff"


_STAYING = (
    _Person(_BEST, 101, "96"),
    _Person(_SECOND, 102, "94"),
    _Person(_FAIR, 103, "80"),
    _Person(_FAILING, 104, "10"),
)
_POLICE = _Person(_OFFICER, 105, "", role="police_officer")


def _newcomers() -> list[_Person]:
    """Seven that stand out beside two of last year, three that tie at the edge of the quarter, thirty-three others."""
    points = [str(99 - place) for place in range(7)] + ["85"] * 3 + ["70"] * 33
    communities = (_FIRST_COMMUNITY, _SECOND_COMMUNITY)
    return [
        _Person(
            f"{'甲乙丙丁戊己庚辛壬癸'[number % 10]}{'东南西北中'[number // 10]}",
            201 + number,
            given,
            communities[number % 2],
        )
        for number, given in enumerate(points)
    ]


def first_year(cast: Cast) -> None:
    """January 2025: the grade of 2024."""
    account, tenant = cast.account, cast.tenant
    cast.move_to("2025-01-10T01:00:00+00:00")
    office = tenant["huyang.office.handler"]
    cast.units |= {unit["code"]: unit for unit in every(office, "/directory/units", limit="200")}
    person = register(cast, "sh.worker.assessed")
    _enter(cast, office, [*_STAYING, _POLICE], {_SECOND: person})
    _set_method(cast, office)
    cycle, results = _open(cast, office, 2024, "sh-cycle-2024", len(_STAYING))
    path = f"/assessment/cycles/{cycle['id']}"
    worker = tenant["sh.worker.assessed"]
    mine = next(each["id"] for each in results if each["dossier_id"] == cast.kept["assessed"][_SECOND])
    spoken = worker.post(f"/assessment/own/results/{mine}/self-assessment", {"statement": _WORDS})
    account.answer("sh-self-assessed", spoken, 200)
    _advance(office, path, "self")
    early = office.post("/assessment/scores", _sheet(cast, results, _STAYING, "daily_work"))
    account.answer("sh-out-of-order", early, 409, article="SH-22")
    branch = tenant[_BRANCHES[_FIRST_COMMUNITY]]
    reviewed = branch.post("/assessment/scores", _sheet(cast, results, _STAYING, "peer_review"))
    account.answer("sh-committees", reviewed, 200)
    _advance(office, path, "committees")
    sheet = _sheet(cast, results, _STAYING, "daily_work", "professional_knowledge")
    account.answer("sh-regiment", office.post("/assessment/scores", sheet), 200)
    _advance(office, path, "township")
    missing = office.post(f"{path}/advance", {"stage": "residents"})
    account.answer("sh-survey-missing", missing, 409, article="SH-22")
    answered = _survey(cast, office, path, "2025-01-10", [_FIRST_COMMUNITY])
    account.answer("sh-residents", answered, 201)
    cast.move_to("2025-01-13T01:00:00+00:00")
    _advance(office, path, "residents")
    confirmed = tenant["huyang.board.approver"].post(f"{path}/confirm", {"choices": []})
    case = must(confirmed, 200)["case_id"]
    grades = _grades(cast, office, cycle["id"])
    wanted = {_BEST: "优秀", _SECOND: "合格", _FAIR: "合格", _FAILING: "不合格"}
    account.answer("sh-confirmed-2024", confirmed, 200, "、".join(f"{name} {grade}" for name, grade in grades.items()))
    if grades != wanted:
        account.outcome("sh-confirmed-2024", False, str(wanted), str(grades))
    _object(cast, office, case)
    _appeal(cast, worker, mine)
    cast.move_to("2025-01-21T01:00:00+00:00")
    _file(cast, office, "sh-filed-2024", path, case)
    late = office.post("/assessment/scores", _sheet(cast, results, _STAYING[:1], "daily_work"))
    account.answer("sh-sealed", late, 409)


def second_year(cast: Cast) -> None:
    """December 2025: the grade of 2025, with forty-seven people."""
    account, tenant = cast.account, cast.tenant
    cast.move_to("2025-12-08T01:00:00+00:00")
    office = tenant["huyang.office.handler"]
    newcomers = _newcomers()
    everybody = [*_STAYING, *newcomers]
    # The first of those who are here already stands in the list once more.
    outcome = _enter(cast, office, [*newcomers, _STAYING[0]], {}, step="sh-batch")
    last = outcome["items"][-1]
    if (outcome["entered"], last["state"], last["problem"]["status"]) != (43, "refused", 409):
        account.outcome("sh-batch", False, "43 entered, the one entered twice refused", str(last))
    cycle, results = _open(cast, office, 2025, "sh-cycle-2025", len(everybody))
    path = f"/assessment/cycles/{cycle['id']}"
    _advance(office, path, "self")
    for code, branch in _BRANCHES.items():
        here = [each for each in everybody if each.community == code]
        must(tenant[branch].post("/assessment/scores", _sheet(cast, results, here, "peer_review")), 200)
    _advance(office, path, "committees")
    sheet = _sheet(cast, results, everybody, "daily_work", "professional_knowledge")
    must(office.post("/assessment/scores", sheet), 200)
    _advance(office, path, "township")
    _survey(cast, office, path, "2025-12-08", list(_BRANCHES))
    cast.move_to("2025-12-09T01:00:00+00:00")
    _advance(office, path, "residents")
    case = _confirm_second(cast, office, path)
    cast.move_to("2025-12-17T01:00:00+00:00")
    _file(cast, office, "sh-filed-2025", path, case)
    failing = cast.kept["assessed"][_FAILING]

    def opened() -> Any:
        return next(iter(every(office, "/roster/exits", dossier_id=failing)), None)

    ground = wait_for(opened, "the ground in roster")
    words = f"{ground['ground']}：{ground['facts']['first_year']}、{ground['facts']['second_year']} 年度"
    right = ground["ground"] == "failed_two_years" and ground["state"] == "opened"
    account.outcome("sh-failed-twice", right, "the ground is open", words, "GET /api/v1/roster/exits")


def _enter(
    cast: Cast, office: Session, people: list[_Person], accounts: dict[str, str], step: str | None = None
) -> dict[str, Any]:
    """Enter people who serve already, all in one request."""
    rows = [
        {
            "full_name": each.name,
            "id_number": id_number("19900307", str(each.order)),
            "phone": "13900000001",
            "category": "community_staff" if each.role == "staff" else "community_police",
            "community_unit_id": cast.units[each.community]["id"],
            "posts": [{"role": each.role, "valid_from": "2021-03-01"}],
            "background": {"education_code": "31"},
        }
        | ({"person_id": accounts[each.name]} if each.name in accounts else {})
        for each in people
    ]
    answer = office.post("/roster/dossiers/imports/batch", {"workers": rows})
    outcome: dict[str, Any] = must(answer, 200)
    for each, item in zip(people, outcome["items"], strict=True):
        if item["dossier"] is not None:
            cast.kept.setdefault("assessed", {})[each.name] = item["dossier"]["id"]
    if step is not None:
        cast.account.answer(step, answer, 200, f"录入 {outcome['entered']} 人，退回 {outcome['refused']} 行")
    return outcome


def _set_method(cast: Cast, office: Session) -> None:
    account, tenant = cast.account, cast.tenant
    wait_for(lambda: office.get("/assessment/cycles").status_code == 200, "the tenant in assessment")
    draft = {"title": "胡杨团社区工作者考核评价办法", "valid_from": "2025-01-10", "terms": _TERMS}
    weights = {"professional_knowledge": 2001, "residents_rating": 3999}
    short = [each | {"weight": weights.get(each["code"], each["weight"])} for each in _TERMS["components"]]
    refused = office.post("/assessment/schemes", draft | {"terms": _TERMS | {"components": short}})
    account.answer("sh-weights-short", refused, 422, article="SH-21")
    made = must(office.post("/assessment/schemes", draft), 201)
    sent = office.post(f"/assessment/schemes/{made['id']}/submit")
    if account.answer("sh-method", sent, 200)["state"] != "approved":
        account.outcome("sh-method", False, "in force at once", sent.text)
    bureau = tenant["division.civil.handler"]
    advice = {"action": "guide", "step": "civil_affairs", "comment": "指标设置符合要求，建议细化日常考核台账"}
    guided = bureau.post(f"/assessment/approvals/{sent.json()['case_id']}/decisions", advice)
    account.answer("sh-method-guided", guided, 200)
    own = bureau.post("/assessment/cycles", {"year": 2024})
    account.answer("sh-bureau-assessment", own, 409, article="SH-23")


def _open(
    cast: Cast, office: Session, year: int, step: str, wanted: int
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Open the year once assessment has heard of everybody's post; the cycle, and who takes part."""

    def heard() -> bool:
        return len(every(office, "/assessment/participants", limit="200")) == wanted + 1

    wait_for(heard, "the posts in assessment")
    answer = office.post("/assessment/cycles", {"year": year})
    cycle = must(answer, 201)
    listed = every(office, "/assessment/results", cycle_id=cycle["id"], limit="200")
    out = [each for each in listed if each["state"] == "out"]
    taking_part = [each for each in listed if each["state"] == "open"]
    words = f"参加 {len(taking_part)} 人；民警：{out[0]['explained']['zh']}" if out else ""
    cast.account.answer(step, answer, 201, words)
    if (len(taking_part), len(out)) != (wanted, 1):
        cast.account.outcome(step, False, f"{wanted} take part, one does not", f"{len(taking_part)}, {len(out)}")
    return cycle, taking_part


def _sheet(cast: Cast, results: list[dict[str, Any]], people: Any, *components: str) -> dict[str, Any]:
    found = {each["dossier_id"]: each["id"] for each in results}
    scores = [
        {"result_id": found[cast.kept["assessed"][each.name]], "component": component, "points": each.points}
        for each in people
        for component in components
    ]
    return {"scores": scores}


def _survey(cast: Cast, office: Session, path: str, closes_on: str, communities: list[str]) -> httpx.Response:
    """Tokens for each community, and two residents of each who answer; the last answer."""
    questions = [{"code": "service", "text": "社区服务是否及时", "best": 5}]
    opening = {"title": "居民满意度测评", "questions": questions, "closes_on": closes_on}
    survey = must(office.post(f"{path}/survey", opening), 201)["id"]
    answers = f"/assessment/surveys/{survey}/answers"
    answered = None
    for code in communities:
        order = {"community_unit_id": cast.units[code]["id"], "count": 2}
        for token in must(office.post(f"/assessment/surveys/{survey}/tokens", order), 201)["tokens"]:
            answered = cast.tenant.tell(answers, {"token": token, "marks": {"service": 5}})
            must(answered, 201)
    if answered is None:
        raise ValueError("a survey needs a community")
    return answered


def _object(cast: Cast, office: Session, case: str) -> None:
    """An objection holds the publicity until it is handled; nothing is filed before."""
    account, tenant = cast.account, cast.tenant
    decisions = f"/assessment/approvals/{case}/decisions"
    filing = {"action": "acknowledge", "step": "filing"}
    account.answer("sh-filing-early", tenant["division.civil.handler"].post(decisions, filing), 409, article="SH-22")
    words = {"action": "object", "step": "publicity", "comment": "有居民反映日常考核记录有遗漏"}
    objected = must(tenant["division.organization.handler"].post(decisions, words), 200)
    step = next(each for each in objected["steps"] if each["step"] == "publicity")
    handling = {"action": "handle_objection", "step": "publicity", "comment": "经核实，记录完整", "upheld": False}
    handled = office.post(decisions, handling | {"objection": step["objections"][0]["id"]})
    account.answer("sh-objection", handled, 200, "异议不成立，公示继续")


def _appeal(cast: Cast, worker: Session, result: str) -> None:
    """Ours: the text writes of no appeal."""
    grounds = {"grounds": "本人得分在优秀等次以内，请求复核等次。"}
    appeal = must(worker.post(f"/assessment/own/results/{result}/appeals", grounds), 201)
    decision = {"upheld": False, "reason": "优秀名额以内得分高者列入，评分有据，维持原等次"}
    reviewed = cast.tenant["division.civil.approver"].post(f"/assessment/appeals/{appeal['id']}/decision", decision)
    cast.account.answer("sh-appeal", reviewed, 200, "维持原等次")


def _confirm_second(cast: Cast, office: Session, path: str) -> str:
    """Forty-seven assessed: eleven places, nine above the tie at the edge."""
    account = cast.account
    standing = must(office.get(f"{path}/standing"), 200)
    top = [each for each in standing["items"] if each["grade"] == "excellent"]
    tied = [each for each in standing["items"] if each["capped"]]
    words = f"{standing['pool']} 人参加，优秀名额 {standing['places']} 个，列入 {len(top)} 人，边缘同分 {len(tied)} 人"
    counted = (standing["pool"], standing["places"], len(top), len(tied)) == (47, 11, 9, 3)
    account.outcome("sh-tie", counted, "47, 11, 9 and 3", words, "GET …/standing")
    board = cast.tenant["huyang.board.approver"]
    reason = "考评委员会研究"
    choices = [{"result_id": each["result_id"], "grade": "excellent", "reason": reason} for each in tied]
    account.answer("sh-over-the-cap", board.post(f"{path}/confirm", {"choices": choices}), 409, article="SH-23")
    confirmed = account.answer("sh-confirmed-2025", board.post(f"{path}/confirm", {"choices": []}), 200)
    return str(confirmed["case_id"])


def _file(cast: Cast, office: Session, step: str, path: str, case: str) -> None:
    """The timer ends the publicity on its day; then the filing is registered, and the results are sealed."""
    bureau = cast.tenant["division.civil.handler"]
    filing = {"action": "acknowledge", "step": "filing", "comment": "已登记备案"}

    def filed() -> httpx.Response | None:
        answer = bureau.post(f"/assessment/approvals/{case}/decisions", filing)
        return answer if answer.status_code != 409 else None

    answer = wait_for(filed, "the end of publicity")
    state = must(office.get(path), 200)["state"]
    cast.account.answer(step, answer, 200, "已备案，结果封存")
    if state != "sealed":
        cast.account.outcome(step, False, "sealed", state)


def _grades(cast: Cast, office: Session, cycle: str) -> dict[str, str]:
    found = every(office, "/assessment/results", cycle_id=cycle, limit="200")
    names = {dossier: name for name, dossier in cast.kept["assessed"].items()}
    labels = {grade["code"]: grade["label"] for grade in _TERMS["grades"]}
    return {names[each["dossier_id"]]: labels[each["grade"]] for each in found if each["grade"] is not None}


def _advance(office: Session, path: str, stage: str) -> None:
    must(office.post(f"{path}/advance", {"stage": stage}), 200)
