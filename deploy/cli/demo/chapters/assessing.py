"""Probation, training of a year, two yearly assessments with the residents' survey (NM-20, NM-28, NM-37)."""

from typing import Any

import httpx

from deploy.cli.demo.account import Step
from deploy.cli.demo.cast import Cast
from deploy.cli.demo.client import Session, wait_for
from deploy.cli.demo.papers import beside
from deploy.cli.demo.people import every, must

METHOD = (
    Step("method-missing", "考核办法未制定，不得开展年度考核", "NM-28"),
    Step("method", "旗县党委社会工作部门拟定考核办法", "NM-28"),
    Step("method-paper", "考核办法审批事项附征求意见情况"),
    Step("method-approved", "考核办法批准施行", "NM-28"),
)
PROBATION = (
    Step("probation-due", "试用期临近届满，列入待考核", "NM-37"),
    Step("probation-passed", "试用期最后一日作出考核结论", "NM-37"),
)
FIRST_YEAR = (
    Step("cycle-2025", "开展2025年度考核，逐人说明参加与否", "NM-28"),
    Step("self-assessed", "本人自评", "NM-28"),
    Step("scored-out-of-stage", "未到环节不得评分", "NM-28"),
    Step("township-foreign", "街道不得给辖区外人员评分，如同不存在", "NM-28"),
    Step("township-scored", "各街道给本辖区人员评分", "NM-28"),
    Step("county-scored", "旗县评分", "NM-28"),
    Step("satisfaction-scored", "居民满意度不得由官员评分", "NM-28"),
    Step("survey", "开展居民满意度测评，发放一次性凭证", "NM-28"),
    Step("survey-answered", "居民免登录作答", "NM-28"),
    Step("survey-once", "同一凭证只能作答一次", "NM-28"),
    Step("graded-2025", "确认2025年度等次", "NM-28"),
    Step("own-grade", "本人查看自己的等次", "NM-15, NM-28"),
)
SECOND_YEAR = (
    Step("cycle-2026", "开展2026年度考核", "NM-28"),
    Step("graded-2026", "确认2026年度等次", "NM-28"),
)
_TERMS: dict[str, Any] = {
    "components": [
        {"code": "political_quality", "label": "政治素质", "weight": 3000, "stage": "township"},
        {"code": "work_results", "label": "工作实绩", "weight": 4000, "stage": "county"},
        {"code": "satisfaction", "label": "居民满意度", "weight": 3000, "stage": "residents"},
    ],
    "grades": [
        {"code": "excellent", "label": "优秀", "from_score": "90", "outstanding": True},
        {"code": "competent", "label": "合格", "from_score": "70"},
        {"code": "basic", "label": "基本合格", "from_score": "60", "before_score": "75"},
        {"code": "failed", "label": "不合格", "from_score": "0", "before_score": "60", "failing": True},
    ],
    "stages": ["self", "township", "county", "residents", "confirm"],
    "participation": {"months_at_least": 6},
    "survey_minimum": 3,
    "appeal_days": 0,
}
_POINTS = {"secretary.old": "97", "secretary.new": "96", "worker.failing": "20"}
_OTHERS = "85"
_WORDS = "一年来认真履行岗位职责，完成各项社区工作任务。"


def set_method(cast: Cast) -> None:
    """2025-03-10: nobody is assessed before the county has set its method."""
    account, tenant = cast.account, cast.tenant
    handler = tenant["xincheng.society.handler"]
    wait_for(lambda: handler.get("/assessment/cycles").status_code == 200, "the tenant in assessment")
    account.answer("method-missing", handler.post("/assessment/cycles", {"year": 2025}), 409, article="NM-28")
    draft = {"title": "新城区社区工作者年度考核办法", "valid_from": "2025-03-10", "terms": _TERMS}
    made = account.answer("method", handler.post("/assessment/schemes", draft), 201)
    sent = must(handler.post(f"/assessment/schemes/{made['id']}/submit"), 200)
    decision = {"action": "approve", "step": "approval", "comment": "同意"}
    case = f"/assessment/approvals/{sent['case_id']}"
    beside(account, "method-paper", tenant["xincheng.society.approver"], case, "What the townships said")
    account.answer("method-approved", tenant["xincheng.society.approver"].post(f"{case}/decisions", decision), 200)


def end_probation(cast: Cast) -> None:
    """2025-04-07: the last day of six months from 2024-10-08."""
    account, tenant = cast.account, cast.tenant
    cast.move_to("2025-04-07T01:00:00+00:00")
    approver = tenant["qingsong.office.approver"]
    contract = cast.kept["contract"]

    def due() -> Any:
        listed = every(approver, "/assessment/probations", state="due")
        return next((each for each in listed if each["id"] == contract), None)

    probation = wait_for(due, "the probation on the list")
    last = probation["last_day"]
    account.outcome("probation-due", last == "2025-04-07", "due", f"最后一日 {last}", "GET …/probations")
    body = {"passed": True, "reason": "试用期内能够胜任岗位工作", "evidence": "试用期工作总结和考核表"}
    decided = approver.post(f"/assessment/probations/{contract}/decision", body)
    account.answer("probation-passed", decided, 200)


def first_year(cast: Cast) -> None:
    """December 2025."""
    account, tenant = cast.account, cast.tenant
    cast.move_to("2025-12-01T01:00:00+00:00")
    handler = tenant["xincheng.society.handler"]
    _in_post(cast, handler, "2025-12-01", {"retiring.m", "retiring.f55", "retiring.f50"})
    opened = handler.post("/assessment/cycles", {"year": 2025})
    cycle = must(opened, 201)
    results = _results(cast, handler, cycle["id"])
    out = sum(each["state"] == "out" for each in every(handler, "/assessment/results", cycle_id=cycle["id"]))
    account.answer("cycle-2025", opened, 201, f"参加 {len(results)} 人，不参加 {out} 人")
    mine = _of(results, cast.kept["dossier"]["id"])
    worker = tenant["zhou.xiaolan"]
    spoken = worker.post(f"/assessment/own/results/{mine}/self-assessment", {"statement": _WORDS})
    account.answer("self-assessed", spoken, 200)
    early = handler.post("/assessment/scores", _sheet(cast, results, "work_results"))
    account.answer("scored-out-of-stage", early, 409)
    _run(cast, cycle["id"], results, "2025-12-12", "2025-12-15T01:00:00+00:00", tell=True)
    _confirm(cast, "graded-2025", cycle["id"])
    own = worker.get("/assessment/own/results")
    account.answer("own-grade", own, 200, str(own.json()["items"][0]["grade"]))


def second_year(cast: Cast) -> None:
    """November 2026, so that what follows a second failed year ends within the year."""
    account, tenant = cast.account, cast.tenant
    cast.move_to("2026-10-12T01:00:00+00:00")
    handler = tenant["xincheng.society.handler"]
    _in_post(cast, handler, "2026-10-12", {"worker.moving"})
    cycle = account.answer("cycle-2026", handler.post("/assessment/cycles", {"year": 2026}), 201)
    results = _results(cast, handler, cycle["id"])
    _run(cast, cycle["id"], results, "2026-10-23", "2026-10-26T01:00:00+00:00", tell=False)
    _confirm(cast, "graded-2026", cycle["id"])


def _in_post(cast: Cast, handler: Session, on: str, gone: set[str]) -> None:
    """Assessment hears of posts by event: wait until it knows who has come and who has gone."""
    names = set(_POINTS) | {"dossier", "worker.moving", "member.leaving"}
    here = {cast.kept[name]["id"] for name in names - gone}
    away = {cast.kept[name]["id"] for name in gone}

    def heard() -> bool:
        known = {each["dossier_id"] for each in every(handler, "/assessment/participants", on=on)}
        return here <= known and not away & known

    wait_for(heard, "the posts in assessment")


def _results(cast: Cast, handler: Session, cycle: str) -> list[dict[str, Any]]:
    return every(handler, "/assessment/results", cycle_id=cycle, state="open")


def _of(results: list[dict[str, Any]], dossier: str) -> str:
    return next(str(each["id"]) for each in results if each["dossier_id"] == dossier)


def _sheet(cast: Cast, results: list[dict[str, Any]], component: str) -> dict[str, Any]:
    points = {cast.kept[name]["id"]: given for name, given in _POINTS.items()}
    scores = [
        {"result_id": each["id"], "component": component, "points": points.get(each["dossier_id"], _OTHERS)}
        for each in results
    ]
    return {"scores": scores}


def _run(cast: Cast, cycle: str, results: list[dict[str, Any]], closes_on: str, after: str, *, tell: bool) -> None:
    """Every stage up to the confirmation."""
    account, tenant = cast.account, cast.tenant
    handler = tenant["xincheng.society.handler"]
    _advance(handler, cycle, "self")
    for user, township in (("qingsong.office.handler", "150102091"), ("yunshan.office.handler", "150102092")):
        here = [each for each in results if _code(cast, each).startswith(township)]
        scored = tenant[user].post("/assessment/scores", _sheet(cast, here, "political_quality"))
        must(scored, 200)
    if tell:
        foreign = tenant["yunshan.office.handler"].post(
            "/assessment/scores", _sheet(cast, results, "political_quality")
        )
        account.answer("township-foreign", foreign, 404)
        account.answer("township-scored", scored, 200)
    _advance(handler, cycle, "township")
    scored = handler.post("/assessment/scores", _sheet(cast, results, "work_results"))
    if tell:
        account.answer("county-scored", scored, 200)
        by_hand = handler.post("/assessment/scores", _sheet(cast, results, "satisfaction"))
        account.answer("satisfaction-scored", by_hand, 422)
    else:
        must(scored, 200)
    _advance(handler, cycle, "county")
    _survey(cast, cycle, results, closes_on, tell=tell)
    cast.move_to(after)
    _advance(handler, cycle, "residents")


def _survey(cast: Cast, cycle: str, results: list[dict[str, Any]], closes_on: str, *, tell: bool) -> None:
    account, tenant = cast.account, cast.tenant
    questions = [{"code": "service", "text": "社区服务是否及时", "best": 5}]
    opening = {"title": "居民满意度测评", "questions": questions, "closes_on": closes_on}
    survey = must(tenant["xincheng.society.handler"].post(f"/assessment/cycles/{cycle}/survey", opening), 201)
    communities = {each["community_unit_id"]: _code(cast, each) for each in results}
    used = None
    for unit, code in sorted(communities.items(), key=lambda each: each[1]):
        office = "qingsong.office.handler" if code.startswith("150102091") else "yunshan.office.handler"
        order = {"community_unit_id": unit, "count": 5}
        sheet = tenant[office].post(f"/assessment/surveys/{survey['id']}/tokens", order)
        tokens = must(sheet, 201)["tokens"]
        for token in tokens[:4]:
            used = {"token": token, "marks": {"service": 4}}
            answered = _answer(cast, survey["id"], used)
            must(answered, 201)
    if tell:
        account.answer("survey", sheet, 201, f"{len(communities)} 个社区，每个 5 份")
        account.answer("survey-answered", answered, 201)
        account.answer("survey-once", _answer(cast, survey["id"], used), 409)


def _answer(cast: Cast, survey: str, body: Any) -> httpx.Response:
    """As a resident: no account, no token of sign-in."""
    return cast.tenant.tell(f"/assessment/surveys/{survey}/answers", body)


def _code(cast: Cast, result: dict[str, Any]) -> str:
    return next(code for code, unit in cast.units.items() if unit["id"] == result["community_unit_id"])


def _advance(handler: Session, cycle: str, stage: str) -> None:
    must(handler.post(f"/assessment/cycles/{cycle}/advance", {"stage": stage}), 200)


def _confirm(cast: Cast, step: str, cycle: str) -> None:
    approver = cast.tenant["xincheng.society.approver"]
    confirmed = approver.post(f"/assessment/cycles/{cycle}/confirm", {"choices": []})
    must(confirmed, 200)
    graded = every(approver, "/assessment/results", cycle_id=cycle, state="sealed")
    cast.account.answer(step, confirmed, 200, _told(graded))
    if not _as_meant(cast, graded):
        cast.account.outcome(step, False, "grades by score", _told(graded))


def _told(graded: list[dict[str, Any]]) -> str:
    labels = {grade["code"]: grade["label"] for grade in _TERMS["grades"]}
    return "、".join(f"{float(each['composite']):.2f} {labels[each['grade']]}" for each in graded)


def _as_meant(cast: Cast, graded: list[dict[str, Any]]) -> bool:
    wanted = {"secretary.old": "excellent", "secretary.new": "excellent", "worker.failing": "failed"}
    meant = {cast.kept[name]["id"]: grade for name, grade in wanted.items()}
    return bool(graded) and all(each["grade"] == meant.get(each["dossier_id"], "competent") for each in graded)
