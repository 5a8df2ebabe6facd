"""Leave, absence against the limits, and the exit that counted absence opens (SH-17, SH-25).

2025-06-20, in the community 梭梭.
"""

from typing import Any

from deploy.cli.demo.account import Step
from deploy.cli.demo.cast import Cast
from deploy.cli.demo.client import Session
from deploy.cli.demo.people import every, id_number, must

STEPS = (
    Step("sh-leave-home", "探亲假三十天，团场批准", "SH-17"),
    Step("sh-leave-home-once", "探望配偶每年一次，同年再请不予办理", "SH-17"),
    Step("sh-leave-never-absence", "经批准的假期不得认定为旷工", "SH-25"),
    Step("sh-absence-fifteen", "连续旷工十五个自然日，不构成情形", "SH-25"),
    Step("sh-absence-review", "十六个自然日而工作日未超过十五天，须审查认定", "SH-25"),
    Step("sh-absence-holidays", "地区节日不计工作日：二十七个自然日仍为十五个工作日", "SH-25"),
    Step("sh-absence-ground", "满十六个工作日，构成退出情形，自动列入", "SH-25"),
    Step("sh-absence-by-hand", "旷工情形由计数产生，不能自行提出", "SH-25"),
    Step("sh-absence-served", "书面送达理由，听取陈述", "SH-25"),
    Step("sh-absence-decider", "认定旷工的经办人不能决定退出", "SH-25"),
    Step("sh-absence-decided", "另一人决定解除劳动合同", "SH-25"),
    Step("sh-absence-2024", "2024年地区放假安排未载入，不予按工作日计数", "SH-25"),
    Step("sh-absence-2024-calendar", "同一年度的自然日仍可计数", "SH-25"),
)
COMMUNITY = "659007491093"
TODAY = "2025-06-20"
_STAGES = (
    ("sh-absence-fifteen", "2025-05-16", "2025-05-31", 15, 11, "none"),
    ("sh-absence-review", "2025-05-31", "2025-06-01", 16, 11, "review"),
    ("sh-absence-holidays", "2025-06-01", "2025-06-12", 27, 15, "review"),
    ("sh-absence-ground", "2025-06-12", "2025-06-13", 28, 16, "ground"),
)
"""Step, days determined, and what then stands: calendar days and working days in a row, and what they make."""


def tell(cast: Cast) -> None:
    """20 June 2025, looking back on May and June."""
    cast.move_to(f"{TODAY}T01:00:00+00:00")
    office = cast.tenant["hongliu.office.handler"]
    if COMMUNITY not in cast.units:
        cast.units |= {unit["code"]: unit for unit in every(office, "/directory/units", limit="200")}
    visiting, absent = _enter(cast, office)
    _leave(cast, office, visiting)
    _count(cast, office, absent)
    _exit(cast, office, absent)
    _years(cast, office, absent)


def _enter(cast: Cast, office: Session) -> list[str]:
    rows = [
        {
            "full_name": name,
            "id_number": id_number(birth, order),
            "phone": "13900000001",
            "category": "community_staff",
            "community_unit_id": cast.units[COMMUNITY]["id"],
            "posts": [{"role": "staff", "valid_from": "2021-03-01"}],
            "background": {"education_code": "31"},
        }
        for name, birth, order in (("秦望舒", "19890412", "401"), ("邱远帆", "19910825", "403"))
    ]
    entered = must(office.post("/roster/dossiers/imports/batch", {"workers": rows}), 200)
    return [item["dossier"]["id"] for item in entered["items"]]


def _leave(cast: Cast, office: Session, dossier: str) -> None:
    account = cast.account
    asked = {
        "dossier_id": dossier,
        "kind": "home_spouse",
        "valid_from": "2025-05-19",
        "valid_before": "2025-06-18",
    }
    made = must(office.post("/roster/leaves", asked), 201)
    decision = {"action": "approve", "step": "township", "comment": "同意"}
    case = f"/roster/approvals/{made['case_id']}/decisions"
    approved = cast.tenant["hongliu.office.approver"].post(case, decision)
    account.answer("sh-leave-home", approved, 200, f"{made['days']} 天")
    again = asked | {"valid_from": "2025-07-01", "valid_before": "2025-07-03"}
    account.answer("sh-leave-home-once", office.post("/roster/leaves", again), 409, article="SH-17")
    during = _determination(dossier, "2025-06-03", "2025-06-05")
    account.answer("sh-leave-never-absence", office.post("/roster/absences", during), 409, article="SH-25")


def _determination(dossier: str, valid_from: str, valid_before: str) -> dict[str, str]:
    reason = "未到岗且未请假，经通知不归"
    return {"dossier_id": dossier, "valid_from": valid_from, "valid_before": valid_before, "reason": reason}


def _count(cast: Cast, office: Session, dossier: str) -> None:
    path = f"/roster/dossiers/{dossier}/absence-counters"
    for step, valid_from, valid_before, days, working, standing in _STAGES:
        must(office.post("/roster/absences", _determination(dossier, valid_from, valid_before)), 201)
        seen = must(office.get(path), 200)
        words = f"连续 {seen['longest_run']} 个自然日、{seen['longest_working_run']} 个工作日"
        found = (seen["longest_run"], seen["longest_working_run"], seen["standing"])
        cast.account.outcome(step, found == (days, working, standing), standing, words, f"GET /api/v1{path}")


def _exit(cast: Cast, office: Session, dossier: str) -> None:
    account, approver = cast.account, cast.tenant["hongliu.office.approver"]
    by_hand = {"dossier_id": dossier, "ground": "absence", "evidence": "考勤记录"}
    account.answer("sh-absence-by-hand", office.post("/roster/exits", by_hand), 409, article="SH-25")
    [case] = every(office, "/roster/exits", dossier_id=dossier)
    path = f"/roster/exits/{case['id']}"
    reasons = {"served_on": TODAY, "served_to": "worker", "reasons": "连续旷工超过十五个工作日"}
    must(office.post(f"{path}/reasons", reasons), 200)
    heard = {"heard_on": TODAY, "statement": "本人对考勤记录无异议。"}
    account.answer("sh-absence-served", office.post(f"{path}/answer", heard), 200)
    decision = {"outcome": "exit", "last_day": TODAY, "reason": "连续旷工超过规定天数"}
    account.answer("sh-absence-decider", office.post(f"{path}/decision", decision), 403)
    decided: dict[str, Any] = account.answer("sh-absence-decided", approver.post(f"{path}/decision", decision), 200)
    if decided["state"] != "decided" or decided["ground"] != "absence":
        account.outcome("sh-absence-decided", False, "decided on absence", str(decided))


def _years(cast: Cast, office: Session, dossier: str) -> None:
    path = f"/roster/dossiers/{dossier}/absence-counters"
    account = cast.account
    account.answer("sh-absence-2024", office.get(path, year="2024"), 409, article="calendar-missing")
    plain = account.answer("sh-absence-2024-calendar", office.get(path, year="2024", unit="calendar"), 200)
    if plain["days_in_year"] != 0 or plain["working_days_in_year"] is not None:
        account.outcome("sh-absence-2024-calendar", False, "no day, working days unknown", str(plain))


__all__ = ["STEPS", "tell"]
