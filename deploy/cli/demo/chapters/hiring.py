"""Qualification review, exam and ranking, medical and inspection, publicity, hire (NM-8 to NM-11)."""

from typing import Any

from deploy.cli.demo.account import Step
from deploy.cli.demo.cast import Cast
from deploy.cli.demo.chapters.recruiting import (
    AGED_41,
    BARRED,
    EQUAL,
    IDENTITY_ONLY,
    MINE,
    NO_COLLEGE,
    RELAXED,
    ZHOU,
    Applicant,
    hand_in,
)
from deploy.cli.demo.client import Session, wait_for

STEPS = (
    Step("findings", "逐条给出审查结论和事实", "NM-9, NM-11"),
    Step("review-too-early", "须人工认定的条件尚未认定，不得通过", "NM-9"),
    Step("judged", "政治、道德等条件由具名人员认定并记录理由", "NM-9, NM-11"),
    Step("certificate-checked", "核验社会工作者职业资格证书并记录", "NM-10"),
    Step("qualified", "资格审查通过", "NM-9"),
    Step("aged-41", "41周岁：条文写“一般”，不自动淘汰，由人工认定", "NM-9"),
    Step("aged-41-open", "年龄尚未认定，不得通过", "NM-9"),
    Step("aged-41-judged", "具名认定年龄条件，记录理由和依据", "NM-9"),
    Step("aged-41-qualified", "认定后资格审查通过", "NM-9"),
    Step("no-college", "无大学专科学历，不得通过", "NM-9"),
    Step("no-college-ended", "审查结论为不合格，注明条款", "NM-9"),
    Step("no-college-told", "本人可查看结论和条款", "NM-9"),
    Step("recommendation-not-theirs", "旗县不得代街道推荐", "NM-9"),
    Step("recommendation-missing", "未经街道推荐，不得放宽", "NM-9"),
    Step("recommendation-elsewhere", "其他街道看不到该报名"),
    Step("recommended", "社区所在街道推荐", "NM-9"),
    Step("relaxed", "身份、认定、推荐齐备，在方案限度内放宽年龄和学历", "NM-9"),
    Step("relaxed-qualified", "放宽后资格审查通过，结论注明已放宽", "NM-9"),
    Step("identity-only", "只有所列身份，不得放宽", "NM-9"),
    Step("identity-only-ended", "未放宽，审查结论为不合格", "NM-9"),
    Step("barred", "经查列为失信联合惩戒对象，不得通过", "NM-11"),
    Step("barred-ended", "审查结论为不合格，注明条款", "NM-11"),
    Step("no-ground", "没有不符合的条款，不得认定为不合格", "NM-9"),
    Step("material-missing", "缺少公告要求的材料，不得通过", "NM-8"),
    Step("material-asked", "限期补充材料", "NM-8"),
    Step("material-came", "报名截止后按要求补充材料", "NM-8"),
    Step("seating-too-early", "资格审查未结束，不得编排考场", "NM-8"),
    Step("all-reviewed", "资格审查全部结束", "NM-8, NM-9"),
    Step("wrong-order", "未笔试面试不得先体检", "NM-8"),
    Step("seated", "报名截止、审查结束后编排考场，生成准考证号", "NM-8"),
    Step("ticket", "本人可查看准考证"),
    Step("absent", "登记缺考", "NM-8"),
    Step("score-out-of-range", "成绩超出百分制，整批不导入并指出行号", "NM-8"),
    Step("score-of-absent", "缺考人员不应有成绩，整批不导入", "NM-8"),
    Step("nothing-stored", "有误的成绩一条也未导入", "NM-8"),
    Step("scored", "导入笔试成绩和考官打分，回避的考官不计", "NM-8"),
    Step("exam-by-scores", "笔试面试的结果由成绩产生，不得直接登记合格", "NM-8"),
    Step("ranked", "按公告的成绩构成计算总成绩并确定排名，可由记录重算", "NM-8"),
    Step("tie", "总成绩相同，持社会工作者职业资格证书的在前，说明依据", "NM-10"),
    Step("out-of-turn", "未轮到的人员不得体检", "NM-8"),
    Step("medical-failed", "第一名体检不合格", "NM-8"),
    Step("moved-up", "按名次递补，说明递补何人", "NM-8"),
    Step("out-of-turn-tie", "同分但无优先情形的，仍未轮到", "NM-10"),
    Step("selected", "体检、考察依次记录", "NM-8"),
    Step("publicity", "公示拟聘用人员名单", "NM-8"),
    Step("list-public", "公示名单人人可见，姓名脱敏"),
    Step("objection", "公示期内收到异议，登记在案", "NM-8"),
    Step("objector-sealed", "异议人信息不随异议公开"),
    Step("objection-not-public", "报名人不得查阅异议"),
    Step("hire-too-early", "公示期未满不得决定聘用", "NM-8"),
    Step("objection-holds", "异议未处理，公示期满也不得决定", "NM-8"),
    Step("objection-by-proposer", "提出聘用的人不得自行处理异议", "NM-8"),
    Step("objection-answered", "审批人核查后答复，异议不成立", "NM-8"),
    Step("publicity-ended", "五个工作日公示期满（含调休上班日）", "NM-8"),
    Step("hired", "决定聘用", "NM-8"),
    Step("decided-once", "同一步骤不得再次决定"),
    Step("proposed-once", "同一人不得再次提出聘用", "NM-8"),
)
WRITTEN = {ZHOU: "82.50", EQUAL: "84.00", RELAXED: "90.00"}
INTERVIEW = {ZHOU: ("86.00", "87.01"), EQUAL: ("85.01", "85.01"), RELAXED: ("88.00", "88.00")}
"""Half and half, ZHOU and EQUAL both come to 84.51: (82.50 + 86.51) / 2 and (84.00 + 85.01) / 2, rounded half up."""
ABSENT = AGED_41
SEATING = {
    "place": "新城区第一中学",
    "held_at": "2024-09-22T01:00:00+00:00",
    "rooms": [{"name": "第一考场", "seats": 30}],
}
OBJECTOR = "沈知秋"


def tell(cast: Cast) -> None:
    """From the review to the hire."""
    _review(cast)
    _review_others(cast)
    _relax(cast)
    _refuse(cast)
    _complete(cast)
    _select(cast)
    _hire(cast)


def _application(cast: Cast, who: Applicant) -> str:
    return f"/recruitment/applications/{cast.kept['applications'][who]}"


def _judge(cast: Cast, name: str, who: Applicant, reasons: dict[str, str] | None = None) -> int:
    """Judge every rule that is still open; how many. `name`: the step that a refusal breaks."""
    handler = cast.tenant["xincheng.society.handler"]
    path = _application(cast, who)
    explained = handler.get(f"{path}/eligibility").json()
    open_rules = [each["rule"] for each in explained["findings"] if each["outcome"] == "needs_judgement"]
    for rule in open_rules:
        reason = (reasons or {}).get(rule, "经走访和查阅材料，符合要求")
        body = {"rule": rule, "outcome": "met", "reason": reason, "evidence": "走访记录第3号"}
        judged = handler.post(f"{path}/determinations", body)
        if judged.status_code != 201:
            cast.account.answer(name, judged, 201)
    return len(open_rules)


def _establish(cast: Cast, who: Applicant, fact: str, value: object, reason: str) -> Any:
    body = {"fact": fact, "value": value, "reason": reason, "evidence": "核查记录第5号"}
    return cast.tenant["xincheng.society.handler"].post(f"{_application(cast, who)}/facts", body)


def _conclude(cast: Cast, who: Applicant, outcome: str) -> Any:
    return cast.tenant["xincheng.society.handler"].post(f"{_application(cast, who)}/conclude", {"outcome": outcome})


def _finding(result: dict[str, Any], rule: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in result["findings"] if each["rule"] == rule)
    return found


def _review(cast: Cast) -> None:
    account = cast.account
    handler = cast.tenant["xincheng.society.handler"]
    account.answer("findings", handler.get(f"{_application(cast, ZHOU)}/eligibility"), 200)
    account.answer("review-too-early", _conclude(cast, ZHOU, "qualified"), 409, article="NM-9")
    judged = _judge(cast, "judged", ZHOU)
    account.outcome("judged", judged > 0, "each recorded", f"{judged} 项", "POST …/determinations")
    checked = _establish(cast, ZHOU, "social_work_certificate", True, "证书编号经发证机构网站核验属实")
    account.answer("certificate-checked", checked, 201)
    result = account.answer("qualified", _conclude(cast, ZHOU, "qualified"), 200)
    cast.kept["findings"] = result["findings"]


def _review_others(cast: Cast) -> None:
    """Over 40 a human decides; without a college diploma nobody does."""
    account = cast.account
    handler = cast.tenant["xincheng.society.handler"]
    explained = handler.get(f"{_application(cast, AGED_41)}/eligibility").json()
    age = _finding(explained, "eligibility.age")
    open_age = age["outcome"] == "needs_judgement" and age["value"] == 41
    words = f"{age['value']} 周岁 · {age['article']} · {age['words']}"
    account.outcome("aged-41", open_age, "41, needs a judgement", words, "GET …/eligibility")
    account.answer("aged-41-open", _conclude(cast, AGED_41, "qualified"), 409, article="NM-9(2)")
    reason = "从事社区服务十二年，岗位急需，年龄可以例外"
    _judge(cast, "aged-41-judged", AGED_41, {"eligibility.age": reason})
    known = handler.get(f"{_application(cast, AGED_41)}/eligibility").json()["determinations"]
    recorded = [each for each in known if each["subject"] == "eligibility.age"]
    kept = [each["reason"] for each in recorded] == [reason] and bool(recorded[0]["user_id"])
    account.outcome("aged-41-judged", kept, "who and why", reason, "POST …/determinations")
    account.answer("aged-41-qualified", _conclude(cast, AGED_41, "qualified"), 200)
    account.answer("no-college", _conclude(cast, NO_COLLEGE, "qualified"), 409, article="NM-9(4)")
    account.answer("no-college-ended", _conclude(cast, NO_COLLEGE, "not_qualified"), 200, "NM-9(4)", "NM-9(4)")
    told = cast.tenant[NO_COLLEGE.user_name].get(f"{MINE}/{cast.kept['applications'][NO_COLLEGE]}/eligibility")
    account.answer("no-college-told", told, 200, article="NM-9(4)")


def _relax(cast: Cast) -> None:
    """Identity, finding and recommendation together open the organiser's discretion, within the plan's bounds."""
    account, tenant = cast.account, cast.tenant
    path = _application(cast, RELAXED)
    not_theirs = _establish(cast, RELAXED, "township_recommended", True, "已与街道沟通")
    account.answer("recommendation-not-theirs", not_theirs, 403, article="NM-9")
    found = _establish(cast, RELAXED, "quality_found", True, "政治素质好、服务能力强，群众口碑较好")
    grounds = "社区退役军人，群众基础好"
    early = _establish(cast, RELAXED, "relaxation_decision", "granted", grounds)
    account.answer("recommendation-missing", found if found.status_code != 201 else early, 409, article="NM-9")
    recommendation = {"recommended": True, "reason": "长期参加社区志愿服务", "evidence": "街道党工委会议纪要"}
    elsewhere = tenant["yunshan.office.handler"].post(f"{path}/recommendation", recommendation)
    account.answer("recommendation-elsewhere", elsewhere, 404)
    given = tenant["qingsong.office.handler"].post(f"{path}/recommendation", recommendation)
    account.answer("recommended", given, 201)
    account.answer("relaxed", _establish(cast, RELAXED, "relaxation_decision", "granted", grounds), 201)
    _judge(cast, "relaxed-qualified", RELAXED)
    result = account.answer("relaxed-qualified", _conclude(cast, RELAXED, "qualified"), 200, "年龄、学历已按规定放宽")
    relaxed = [each["rule"] for each in result["findings"] if each["outcome"] == "relaxed"]
    if relaxed != ["eligibility.age", "eligibility.education"]:
        account.outcome("relaxed-qualified", False, "age and education relaxed", str(relaxed))


def _refuse(cast: Cast) -> None:
    """The identity alone relaxes nothing; a listed debtor is barred."""
    account = cast.account
    granted = _establish(cast, IDENTITY_ONLY, "relaxation_decision", "granted", "本社区居民志愿者")
    account.answer("identity-only", granted, 409, article="NM-9")
    ended = _conclude(cast, IDENTITY_ONLY, "not_qualified")
    account.answer("identity-only-ended", ended, 200, "NM-9(4)", article="NM-9(4)")
    listed = _establish(cast, BARRED, "joint_punishment_listed", True, "经信用信息共享平台查询，在列")
    refused = listed if listed.status_code != 201 else _conclude(cast, BARRED, "qualified")
    account.answer("barred", refused, 409, article="NM-11(5)")
    account.answer("barred-ended", _conclude(cast, BARRED, "not_qualified"), 200, "NM-11(5)", "NM-11(5)")


def _complete(cast: Cast) -> None:
    """The last review waits for a document."""
    account = cast.account
    handler = cast.tenant["xincheng.society.handler"]
    account.answer("no-ground", _conclude(cast, EQUAL, "not_qualified"), 409)
    _judge(cast, "material-missing", EQUAL)
    account.answer("material-missing", _conclude(cast, EQUAL, "qualified"), 409)
    asked = {"kinds": ["diploma"], "reason": "缺少学历证书", "deadline": "2024-09-22T10:00:00+00:00"}
    request = handler.post(f"{_application(cast, EQUAL)}/material-requests", asked)
    account.answer("material-asked", request, 201, "学历证书，九月二十二日前")
    account.answer("material-came", hand_in(cast, EQUAL, "diploma"), 201)
    notice = f"/recruitment/notices/{cast.kept['notice']['id']}"
    account.answer("seating-too-early", handler.post(f"{notice}/exam", SEATING), 409, article="NM-8")
    account.answer("all-reviewed", _conclude(cast, EQUAL, "qualified"), 200)


def _select(cast: Cast) -> None:
    account = cast.account
    handler = cast.tenant["xincheng.society.handler"]
    stages = f"{_application(cast, ZHOU)}/stages"
    order = [stage["step"] for stage in handler.get(stages).json()["stages"]]
    account.answer("wrong-order", _stage(cast, ZHOU, order[1]), 409, article="NM-8")
    tickets = _seat(cast)
    _examine(cast, tickets, order[0])
    _rank(cast)
    _turns(cast, order[1])
    for step in order[1:]:
        recorded = _stage(cast, ZHOU, step)
        if recorded.status_code != 200:
            account.answer("selected", recorded, 200)
    account.outcome("selected", True, "each recorded", " → ".join(order), "POST …/stages")


def _stage(cast: Cast, who: Applicant, step: str, outcome: str = "passed", reason: str | None = None) -> Any:
    body = {"step": step, "outcome": outcome, "reason": reason, "evidence": f"{step} 结果表"}
    return cast.tenant["xincheng.society.handler"].post(f"{_application(cast, who)}/stages", body)


def _seat(cast: Cast) -> dict[Applicant, str]:
    """The tickets by candidate."""
    account = cast.account
    handler = cast.tenant["xincheng.society.handler"]
    exam = f"/recruitment/notices/{cast.kept['notice']['id']}/exam"
    account.answer("seated", handler.post(exam, SEATING), 200, f"{len(WRITTEN) + 1} 人")
    listed = handler.get(f"{exam}/candidates").json()["items"]
    by_application = {each["application_id"]: each["ticket"] for each in listed}
    own = cast.tenant[ZHOU.user_name].get(f"{MINE}/{cast.kept['application']}/ticket")
    account.answer("ticket", own, 200, article=by_application[cast.kept["application"]])
    tickets = {who: by_application[cast.kept["applications"][who]] for who in (*WRITTEN, ABSENT)}
    missed = handler.post(f"{exam}/written/attendance", {"absent": [tickets[ABSENT]]})
    account.answer("absent", missed, 200, ABSENT.name)
    return tickets


def _examine(cast: Cast, tickets: dict[Applicant, str], exam_step: str) -> None:
    """Both parts: imports are taken whole or not at all."""
    account = cast.account
    handler = cast.tenant["xincheng.society.handler"]
    exam = f"/recruitment/notices/{cast.kept['notice']['id']}/exam"
    right = [{"ticket": tickets[who], "score": score} for who, score in WRITTEN.items()]
    over = [right[0], right[1] | {"score": "100.50"}, right[2]]
    account.answer("score-out-of-range", handler.post(f"{exam}/written/scores", {"rows": over}), 422, article="第2行")
    absent = [*right, {"ticket": tickets[ABSENT], "score": "60.00"}]
    account.answer("score-of-absent", handler.post(f"{exam}/written/scores", {"rows": absent}), 422, article="第4行")
    stored = [each["written"] for each in handler.get(f"{exam}/candidates").json()["items"]]
    operation = "GET /api/v1/recruitment/notices/{id}/exam/candidates"
    account.outcome("nothing-stored", not any(stored), "no score", f"{len(stored)} 人均无成绩", operation)
    account.answer("scored", handler.post(f"{exam}/written/scores", {"rows": right}), 200)
    account.answer("scored", handler.post(f"{exam}/written/close"), 200)
    recused = {"examiner": "考官三", "recused": True, "reason": "与考生有亲属关系"}
    panel = [
        {
            "ticket": tickets[who],
            "marks": [{"examiner": "考官一", "score": one}, {"examiner": "考官二", "score": two}, recused],
        }
        for who, (one, two) in INTERVIEW.items()
    ]
    account.answer("scored", handler.post(f"{exam}/interview/scores", {"rows": panel}), 200, f"{len(panel)} 人进入面试")
    account.answer("exam-by-scores", _stage(cast, ZHOU, exam_step), 409, article="NM-8")


def _rank(cast: Cast) -> None:
    account = cast.account
    handler = cast.tenant["xincheng.society.handler"]
    path = f"/recruitment/notices/{cast.kept['notice']['id']}/ranking"
    account.answer("ranked", handler.post(path), 200)
    ranking = handler.get(path).json()
    lines = {each["application_id"]: each for each in ranking["items"][0]["lines"]}
    placed = {who: lines[cast.kept["applications"][who]] for who in (RELAXED, ZHOU, EQUAL, ABSENT)}
    ranks = [line["rank"] for line in placed.values()]
    words = "；".join(f"{who.name} 总成绩 {line['total']} 第{line['rank']}名" for who, line in list(placed.items())[:3])
    right = bool(ranking["reproduced"]) and ranks == [1, 2, 3, None]
    account.outcome("ranked", right, "ranks 1 to 3, reproduced from the record", words, f"GET /api/v1{path}")
    first, second = placed[ZHOU], placed[EQUAL]
    why = next((each for each in first["explanation"] if each["article"] == "NM-10(1)"), None)
    tied = first["total"] == second["total"] and why is not None
    account.outcome("tie", tied, "equal totals, NM-10(1)", why["zh"] if why else str(first), f"GET /api/v1{path}")


def _turns(cast: Cast, medical: str) -> None:
    """One fails, the next in rank moves up, and nobody else."""
    account = cast.account
    handler = cast.tenant["xincheng.society.handler"]
    account.answer("out-of-turn", _stage(cast, ZHOU, medical), 409, article="NM-8")
    failed = _stage(cast, RELAXED, medical, "failed", "体检结论为不合格")
    account.answer("medical-failed", failed, 200, RELAXED.name)
    path = f"/recruitment/notices/{cast.kept['notice']['id']}/ranking"
    lines = handler.get(path).json()["items"][0]["lines"]
    turn = next(each["turn"] for each in lines if each["application_id"] == cast.kept["application"])
    up = turn is not None and turn["round"] == 1 and turn["replaces"] == cast.kept["applications"][RELAXED]
    account.outcome("moved-up", up, "the first replacement", turn["zh"] if turn else "", f"GET /api/v1{path}")
    account.answer("out-of-turn-tie", _stage(cast, EQUAL, medical), 409, article="NM-10(1)")


def _hire(cast: Cast) -> None:
    account, tenant = cast.account, cast.tenant
    handler = tenant["xincheng.society.handler"]
    cast.move_to("2024-09-23T01:00:00+00:00")
    proposed = handler.post("/recruitment/hires", {"application_id": cast.kept["application"]})
    hire = account.answer("publicity", proposed, 201)
    public = tenant.public("/recruitment/publicity")
    listed = account.answer("list-public", public, 200, hire["masked_name"])
    if "990101" in public.text or not listed["items"]:
        account.outcome("list-public", False, "a masked name and no number", public.text[:300])
    objections = f"/recruitment/hires/{hire['id']}/objections"
    objection = _object(cast, objections)
    approver = tenant["xincheng.society.approver"]
    case = f"/recruitment/approvals/{hire['case_id']}"
    decision = {"action": "approve", "step": "decision", "comment": "同意聘用"}
    account.answer("hire-too-early", approver.post(f"{case}/decisions", decision), 409)
    cast.move_to("2024-09-30T01:00:00+00:00")
    held = next(each for each in approver.get(case).json()["steps"] if each["step"] == "publicity")
    told = f"公示期至 {held['ends_on']}，异议待处理"
    account.answer("objection-holds", approver.post(f"{case}/decisions", decision), 409, told)
    if held["state"] != "open" or [each["state"] for each in held["objections"]] != ["open"]:
        account.outcome("objection-holds", False, "an open objection in an open publicity", str(held))
    answer = {"upheld": False, "answer": "经核查证书真实有效，反映的情况不属实。"}
    account.answer("objection-by-proposer", handler.post(f"{objections}/{objection}/answer", answer), 409)
    answered = approver.post(f"{objections}/{objection}/answer", answer)
    account.answer("objection-answered", answered, 200, "反映的情况不属实")
    wait_for(lambda: _open(approver, case, "decision"), "the end of the publicity")
    account.outcome("publicity-ended", True, "the decision is open", f"{hire['public_from']} – {hire['public_until']}")
    account.answer("hired", approver.post(f"{case}/decisions", decision), 200)
    account.answer("decided-once", approver.post(f"{case}/decisions", decision), 409)
    again = handler.post("/recruitment/hires", {"application_id": cast.kept["application"]})
    account.answer("proposed-once", again, 409, article="NM-8")


def _object(cast: Cast, path: str) -> str:
    """An objection in writing; its id."""
    account, tenant = cast.account, cast.tenant
    handed_in = {
        "objector": OBJECTOR,
        "contact": "19900000099",
        "text": "反映其社会工作者职业资格证书不实。",
        "received_on": "2024-09-23",
    }
    taken = account.answer("objection", tenant["xincheng.society.handler"].post(path, handed_in), 201)
    shown = tenant["xincheng.society.approver"].get(path)
    sealed = shown.status_code == 200 and len(shown.json()["items"]) == 1 and OBJECTOR not in shown.text
    account.outcome("objector-sealed", sealed, "the text without its author", operation=f"GET /api/v1{path}")
    account.answer("objection-not-public", tenant[EQUAL.user_name].get(path), 403)
    return str(taken["id"])


def _open(session: Session, case: str, step: str) -> bool:
    steps = session.get(case).json()["steps"]
    return any(each["step"] == step and each["state"] == "open" for each in steps)
