"""Exit after two failed years, resignation (NM-29, NM-37; LCL-37, LCL-40)."""

from typing import Any

from deploy.cli.demo.account import Step
from deploy.cli.demo.cast import Cast
from deploy.cli.demo.client import wait_for
from deploy.cli.demo.people import every, must, until_state

STEPS = (
    Step("exit-opened", "连续两年考核不合格，列为退出情形", "NM-37"),
    Step("exit-too-early", "未送达理由，不得作出决定", "NM-37"),
    Step("reasons-served", "书面送达理由", "NM-37"),
    Step("answer-heard", "听取本人陈述申辩", "NM-37"),
    Step("exit-no-training", "未经培训或者调整岗位，不得解除劳动合同", "LCL-40"),
    Step("exit-trained", "经培训仍不能胜任，由具名人员认定", "LCL-40"),
    Step("exit-notice-short", "提前通知不足三十日，不得解除", "LCL-40"),
    Step("exit-decided", "决定解除劳动合同，提前三十日书面通知", "NM-37, LCL-40"),
    Step("office-not-ended", "选任人员不得以决定直接终止任职", "NM-37"),
    Step("office-recall", "选任人员只启动罢免、免职程序", "NM-37"),
    Step("resigned", "合同制人员书面辞职，无需批准，三十日届满", "NM-29, LCL-37"),
    Step("left-by-exit", "通知期满，自动离岗", "NM-37"),
    Step("left-by-resignation", "三十日届满，劳动合同解除", "LCL-37"),
    Step("end-certified", "本人领取解除劳动合同证明书", "LCL-50"),
)
_LAST_DAY = "2026-12-30"


def tell(cast: Cast) -> None:
    """From the second failed year to the last days, October to December 2026."""
    _exit(cast)
    _recall(cast)
    _resign(cast)
    cast.move_to("2026-12-31T01:00:00+00:00")
    office = cast.tenant["qingsong.office.handler"]
    for name, step in (("worker.failing", "left-by-exit"), ("dossier", "left-by-resignation")):
        path = f"/roster/dossiers/{cast.kept[name]['id']}"
        left = until_state(office, path, "left")
        cast.account.outcome(
            step, left["left_on"] == "2026-12-31", "left", f"{left['left_on']} 起", f"GET /api/v1{path}"
        )
    worker = cast.tenant["zhou.xiaolan"]
    *_, contract = every(worker, "/roster/own/contracts")
    printed = worker.get(f"/roster/own/contracts/{contract['id']}/end-certificate")
    cast.account.answer("end-certified", printed, 200, f"{len(printed.content)} 字节")


def _exit(cast: Cast) -> None:
    account, tenant = cast.account, cast.tenant
    office, approver = tenant["qingsong.office.handler"], tenant["qingsong.office.approver"]
    dossier = cast.kept["worker.failing"]["id"]

    def opened() -> Any:
        return next(iter(every(office, "/roster/exits", dossier_id=dossier)), None)

    case = wait_for(opened, "the exit")
    years = f"{case['facts']['first_year']}、{case['facts']['second_year']} 年度"
    account.outcome("exit-opened", case["ground"] == "failed_two_years", "opened", years, "GET /api/v1/roster/exits")
    path = f"/roster/exits/{case['id']}"
    decision = {"outcome": "exit", "last_day": _LAST_DAY, "notice": "days", "reason": "经培训仍不能胜任工作"}
    account.answer("exit-too-early", approver.post(f"{path}/decision", decision), 409, article="NM-37")
    reasons = {"served_on": "2026-10-26", "served_to": "worker", "reasons": "2025、2026年度考核均为不合格"}
    account.answer("reasons-served", office.post(f"{path}/reasons", reasons), 200)
    statement = {"statement": "对考核结果无异议，希望给予培训机会。"}
    spoken = tenant["worker.failing"].post(f"/roster/own/exits/{case['id']}/answer", statement)
    account.answer("answer-heard", spoken, 200)
    account.answer("exit-no-training", approver.post(f"{path}/decision", decision), 409, article="LCL-40")
    cast.move_to("2026-11-30T01:00:00+00:00")
    fitness = {
        "measure": "training",
        "began_on": "2026-10-27",
        "ended_on": "2026-11-27",
        "still_unfit": True,
        "reason": "培训考核未通过，仍不能胜任",
    }
    account.answer("exit-trained", approver.post(f"{path}/fitness", fitness), 200)
    hasty = approver.post(f"{path}/decision", decision | {"last_day": "2026-12-29"})
    account.answer("exit-notice-short", hasty, 409, article="LCL-40")
    decided = account.answer("exit-decided", approver.post(f"{path}/decision", decision), 200, f"最后一日 {_LAST_DAY}")
    if decided["last_day"] != _LAST_DAY:
        account.outcome("exit-decided", False, _LAST_DAY, str(decided["last_day"]))


def _recall(cast: Cast) -> None:
    """Whoever was elected: the township opens the procedure, and the electors decide."""
    account, tenant = cast.account, cast.tenant
    office, approver = tenant["qingsong.office.handler"], tenant["qingsong.office.approver"]
    dossier = cast.kept["member.leaving"]["id"]
    ground = {"dossier_id": dossier, "ground": "serious_breach_management", "evidence": "考勤记录和谈话记录"}
    path = f"/roster/exits/{must(office.post('/roster/exits', ground), 201)['id']}"
    reasons = {"served_on": "2026-11-30", "served_to": "worker", "reasons": "多次无故脱岗，严重违反日常管理制度"}
    must(office.post(f"{path}/reasons", reasons), 200)
    must(office.post(f"{path}/answer", {"heard_on": "2026-11-30", "waived": True}), 200)
    finding = {"parts": {"serious_breach_management": True}, "reason": "事实清楚，材料齐全"}
    must(approver.post(f"{path}/finding", finding), 200)
    decision = {"outcome": "exit", "reason": "按照规定启动罢免程序"}
    ended = approver.post(f"{path}/decision", decision | {"last_day": _LAST_DAY})
    account.answer("office-not-ended", ended, 409, article="NM-37")
    opened = account.answer("office-recall", approver.post(f"{path}/decision", decision), 200, "任职不由系统终止")
    still = must(office.get(f"/roster/dossiers/{dossier}"), 200)
    if opened["state"] != "procedure_opened" or still["state"] != "on_duty":
        account.outcome("office-recall", False, "opened, and still in office", str(opened))


def _resign(cast: Cast) -> None:
    worker = cast.tenant["zhou.xiaolan"]
    given = worker.post("/roster/own/resignations", {"notice": "本人因个人原因申请辞职"})
    body = must(given, 201)
    cast.account.answer("resigned", given, 201, f"{body['given_on']} 提出，最后一日 {body['last_day']}", "LCL-37")
    if body["last_day"] != _LAST_DAY:
        cast.account.outcome("resigned", False, _LAST_DAY, str(body["last_day"]))
