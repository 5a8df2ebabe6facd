"""Qualification review, exam and ranking, medical and inspection, publicity, hire (NM-8, NM-9, NM-11)."""

from deploy.cli.demo.account import Step
from deploy.cli.demo.cast import Cast
from deploy.cli.demo.client import Session, wait_for

STEPS = (
    Step("findings", "逐条给出审查结论和事实", "NM-9, NM-11"),
    Step("review-too-early", "须人工认定的条件尚未认定，不得通过", "NM-9"),
    Step("judged", "政治、道德等条件由具名人员认定并记录理由", "NM-9, NM-11"),
    Step("qualified", "资格审查通过", "NM-9"),
    Step("wrong-order", "未笔试面试不得先体检", "NM-8"),
    Step("seated", "报名截止、审查结束后编排考场，生成准考证号", "NM-8"),
    Step("score-out-of-range", "成绩超出百分制，整批不导入并指出行号", "NM-8"),
    Step("scored", "导入笔试成绩和考官打分，回避的考官不计", "NM-8"),
    Step("exam-by-scores", "笔试面试的结果由成绩产生，不得直接登记合格", "NM-8"),
    Step("ranked", "按公告的成绩构成计算总成绩并确定排名，可由记录重算", "NM-8"),
    Step("selected", "体检、考察依次记录", "NM-8"),
    Step("publicity", "公示拟聘用人员名单", "NM-8"),
    Step("list-public", "公示名单人人可见，姓名脱敏"),
    Step("hire-too-early", "公示期未满不得决定聘用", "NM-8"),
    Step("publicity-ended", "五个工作日公示期满（含调休上班日）", "NM-8"),
    Step("hired", "决定聘用", "NM-8"),
    Step("decided-once", "同一步骤不得再次决定"),
)


def tell(cast: Cast) -> None:
    """From the review to the hire."""
    _review(cast)
    _select(cast)
    _hire(cast)


def _review(cast: Cast) -> None:
    account = cast.account
    handler = cast.tenant["xincheng.society.handler"]
    application = f"/recruitment/applications/{cast.kept['application']}"
    explained = account.answer("findings", handler.get(f"{application}/eligibility"), 200)
    early = handler.post(f"{application}/conclude", {"outcome": "qualified"})
    account.answer("review-too-early", early, 409, article="NM-9")
    open_rules = [f["rule"] for f in explained["findings"] if f["outcome"] == "needs_judgement"]
    for rule in open_rules:
        judged = handler.post(
            f"{application}/determinations",
            {"rule": rule, "outcome": "met", "reason": "经走访和查阅材料，符合要求", "evidence": "走访记录第3号"},
        )
        if judged.status_code != 201:
            account.answer("judged", judged, 201)
    account.outcome("judged", bool(open_rules), "each recorded", f"{len(open_rules)} 项", "POST …/determinations")
    done = handler.post(f"{application}/conclude", {"outcome": "qualified"})
    result = account.answer("qualified", done, 200)
    cast.kept["findings"] = result["findings"]


def _select(cast: Cast) -> None:
    account = cast.account
    handler = cast.tenant["xincheng.society.handler"]
    stages = f"/recruitment/applications/{cast.kept['application']}/stages"
    order = [stage["step"] for stage in handler.get(stages).json()["stages"]]
    early = handler.post(stages, {"step": order[1], "outcome": "passed", "evidence": "体检表"})
    account.answer("wrong-order", early, 409, article="NM-8")
    _examine(cast, order[0])
    for step in order[1:]:
        recorded = handler.post(stages, {"step": step, "outcome": "passed", "evidence": f"{step} 结果表"})
        if recorded.status_code != 200:
            account.answer("selected", recorded, 200)
    account.outcome("selected", True, "each recorded", " → ".join(order), "POST …/stages")


def _examine(cast: Cast, exam_step: str) -> None:
    """Seats, both parts, the ranking."""
    account = cast.account
    handler = cast.tenant["xincheng.society.handler"]
    notice = f"/recruitment/notices/{cast.kept['notice']['id']}"
    rooms = [{"name": "第一考场", "seats": 30}]
    seating = {"place": "新城区第一中学", "held_at": "2024-09-22T01:00:00+00:00", "rooms": rooms}
    account.answer("seated", handler.post(f"{notice}/exam", seating), 200)
    ticket = handler.get(f"{notice}/exam/candidates").json()["items"][0]["ticket"]
    wrong = handler.post(f"{notice}/exam/written/scores", {"rows": [{"ticket": ticket, "score": "100.50"}]})
    account.answer("score-out-of-range", wrong, 422, article="第1行")
    written = handler.post(f"{notice}/exam/written/scores", {"rows": [{"ticket": ticket, "score": "82.50"}]})
    account.answer("scored", written, 200)
    account.answer("scored", handler.post(f"{notice}/exam/written/close"), 200)
    marks = [
        {"examiner": "考官一", "score": "86.00"},
        {"examiner": "考官二", "score": "87.01"},
        {"examiner": "考官三", "recused": True, "reason": "与考生有亲属关系"},
    ]
    panel = handler.post(f"{notice}/exam/interview/scores", {"rows": [{"ticket": ticket, "marks": marks}]})
    account.answer("scored", panel, 200)
    stages = f"/recruitment/applications/{cast.kept['application']}/stages"
    by_hand = handler.post(stages, {"step": exam_step, "outcome": "passed", "evidence": "成绩单"})
    account.answer("exam-by-scores", by_hand, 409, article="NM-8")
    account.answer("ranked", handler.post(f"{notice}/ranking"), 200)
    ranking = handler.get(f"{notice}/ranking").json()
    line = ranking["items"][0]["lines"][0]
    account.outcome(
        "ranked",
        bool(ranking["reproduced"]) and line["rank"] == 1,
        "rank 1, reproduced from the record",
        f"笔试 {line['written']} 面试 {line['interview']} 总成绩 {line['total']} 第{line['rank']}名",
        f"GET /api/v1{notice}/ranking",
    )


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
    approver = tenant["xincheng.society.approver"]
    case = f"/recruitment/approvals/{hire['case_id']}"
    decision = {"action": "approve", "step": "decision", "comment": "同意聘用"}
    account.answer("hire-too-early", approver.post(f"{case}/decisions", decision), 409)
    cast.move_to("2024-09-30T01:00:00+00:00")
    wait_for(lambda: _open(approver, case, "decision"), "the end of the publicity")
    account.outcome("publicity-ended", True, "the decision is open", f"{hire['public_from']} – {hire['public_until']}")
    account.answer("hired", approver.post(f"{case}/decisions", decision), 200)
    account.answer("decided-once", approver.post(f"{case}/decisions", decision), 409)


def _open(session: Session, case: str, step: str) -> bool:
    steps = session.get(case).json()["steps"]
    return any(each["step"] == step and each["state"] == "open" for each in steps)
