"""How many posts there are: ceiling of the league, totals of its counties, numbers of communities (NM-5, NM-6)."""

from typing import Any

from deploy.cli.demo.account import Step
from deploy.cli.demo.cast import Cast
from deploy.cli.demo.client import Session, wait_for

STEPS = (
    Step("population", "盟市登记城镇常住人口，注明年份和来源", "NM-5"),
    Step("ceiling", "审定后得出配备上限（每万人18人，不进位）", "NM-5"),
    Step("totals-proposed", "按最大余数法给出各旗县总量建议，标出高于自身下限者", "NM-5, NM-6"),
    Step("totals-not-theirs", "旗县不得自行核定总量", "NM-6"),
    Step("totals-over", "各旗县总量合计超过上限，不予核定", "NM-5"),
    Step("totals-fixed", "盟市党委社会工作部门核定各旗县总量", "NM-6"),
    Step("numbers-over", "各社区人数合计超过核定总量，不予办理", "NM-6"),
    Step("numbers-proposed", "旗县党委社会工作部门提出各社区人数", "NM-6"),
    Step("numbers-wrong-order", "党委未批准，政府不得先批", "NM-6"),
    Step("numbers-sibling-blind", "相邻旗县看不到该事项"),
    Step("numbers-approved", "旗县党委、政府先后批准", "NM-6"),
    Step("numbers-filed", "报盟市党委社会工作部门备案", "NM-6"),
    Step("numbers-hold", "各社区人数生效，可查核定数", "NM-6"),
)
FROM = "2024-09-02"
COUNTIES = {"150102": 5_555, "150103": 11_110}
"""Made-up populations: what the story shows is the counting."""
CEILING = 29
"""Eighteen to each ten thousand would be 29.997: no fraction is a person."""
COMMUNITIES = {"150102091091": 4, "150102091092": 3, "150102092091": 3}


def tell(cast: Cast) -> None:
    """From the population to numbers that hold."""
    tenant = cast.tenant
    league = tenant["hohhot.society.handler"]
    # Services hear of a new tenant by event; the first request waits for that.
    wait_for(lambda: league.get("/roster/headcounts").status_code == 200, "the tenant in roster")
    units = league.get("/directory/units", limit="200").json()["items"]
    cast.units |= {unit["code"]: unit for unit in units}
    _ceiling(cast, league)
    _totals(cast)
    _numbers(cast)


def _ceiling(cast: Cast, league: Session) -> None:
    account, approver = cast.account, cast.tenant["hohhot.society.approver"]
    body = {
        "year": 2023,
        "population": sum(COUNTIES.values()),
        "source": "演示数据，非官方统计",
        "valid_from": FROM,
        "parts": [{"unit_id": cast.units[code]["id"], "population": number} for code, number in COUNTIES.items()],
    }
    made = account.answer("population", league.post("/roster/populations", body), 201)
    decision = {"action": "approve", "step": "approval", "comment": "同意"}
    approver.post(f"/roster/approvals/{made['case_id']}/decisions", decision)
    shown = league.get(f"/roster/populations/{made['id']}")
    ceiling = shown.json()["ceiling"]
    words = f"{body['population']} 人 → {ceiling} 人"
    holds = shown.json()["state"] == "in_force" and ceiling == CEILING
    account.outcome("ceiling", holds, f"{CEILING}, in force", words, "GET /api/v1/roster/populations")
    spread = account.answer("totals-proposed", league.get("/roster/headcount-totals/proposal"), 200, "见建议")
    cast.kept["totals"] = {each["code"]: each["posts"] for each in spread["items"]}


def _totals(cast: Cast) -> None:
    account, approver = cast.account, cast.tenant["hohhot.society.approver"]
    totals = dict(cast.kept["totals"])
    county = cast.tenant["xincheng.society.approver"]
    account.answer("totals-not-theirs", county.post("/roster/headcount-totals", _body(cast, totals)), 403)
    over = totals | {"150103": totals["150103"] + 1}
    refused = approver.post("/roster/headcount-totals", _body(cast, over))
    account.answer("totals-over", refused, 409, article="NM-5")
    fixed = approver.post("/roster/headcount-totals", _body(cast, totals))
    told = "、".join(f"{cast.units[code]['title']} {posts} 人" for code, posts in totals.items())
    account.answer("totals-fixed", fixed, 200, told)


def _numbers(cast: Cast) -> None:
    account, tenant = cast.account, cast.tenant
    handler = tenant["xincheng.society.handler"]
    reason = {"reason": "按社区规模和服务需要分配"}
    over = COMMUNITIES | {"150102091091": COMMUNITIES["150102091091"] + 1}
    refused = handler.post("/roster/headcount-proposals", _body(cast, over) | reason)
    account.answer("numbers-over", refused, 409, article="NM-6")
    proposed = handler.post("/roster/headcount-proposals", _body(cast, COMMUNITIES) | reason)
    made = account.answer("numbers-proposed", proposed, 201, f"{sum(COMMUNITIES.values())} 人，3 个社区")
    case = f"/roster/approvals/{made['case_id']}/decisions"
    early = {"action": "approve", "step": "government", "comment": "同意"}
    account.answer("numbers-wrong-order", tenant["xincheng.government.approver"].post(case, early), 409)
    sibling = tenant["huimin.society.handler"].get(f"/roster/approvals/{made['case_id']}")
    account.answer("numbers-sibling-blind", sibling, 404)
    for user, step in (("xincheng.party.approver", "party_committee"), ("xincheng.government.approver", "government")):
        decided = tenant[user].post(case, {"action": "approve", "step": step, "comment": "同意"})
        if decided.status_code != 200 or step == "government":
            account.answer("numbers-approved", decided, 200)
    filing = {"action": "acknowledge", "step": "league_filing"}
    account.answer("numbers-filed", tenant["hohhot.society.handler"].post(case, filing), 200)
    shown = {each["unit_id"]: each for each in handler.get("/roster/headcounts", limit="200").json()["items"]}
    seen = {code: shown[cast.units[code]["id"]] for code in COMMUNITIES if cast.units[code]["id"] in shown}
    hold = {code: line["fixed"] for code, line in seen.items()} == COMMUNITIES
    words = "、".join(
        f"{cast.units[code]['title']} 核定 {line['fixed']} 空额 {line['free']}" for code, line in seen.items()
    )
    account.outcome("numbers-hold", hold, "the approved numbers", words, "GET /api/v1/roster/headcounts")


def _body(cast: Cast, numbers: dict[str, int]) -> dict[str, Any]:
    items = [{"unit_id": cast.units[code]["id"], "posts": posts} for code, posts in numbers.items()]
    return {"valid_from": FROM, "items": items}
