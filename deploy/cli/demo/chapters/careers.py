"""Earlier history, elected posts, ranks, retirement, the list of secretaries, transfer (NM-3, 7, 23, 30, 32)."""

from pathlib import Path
from typing import Any

import yaml

from deploy.cli.demo.account import Step
from deploy.cli.demo.cast import Cast
from deploy.cli.demo.chapters.working import CONTENTS
from deploy.cli.demo.client import Session, wait_for
from deploy.cli.demo.people import every, id_number, must, register, until_state

IMPORTS = (
    Step("imported-once", "同一证件号码不得重复建档", "NM-3"),
    Step("one-secretary", "每个社区党组织书记只有一人", "NM-20"),
    Step("imported", "录入已在岗人员的以往经历和任职", "NM-3, NM-23"),
    Step("elected", "登记换届选举结果（书记、主任一人兼任）", "NM-7"),
    Step("contract-renewed", "已在岗人员补签劳动合同，不再约定试用期", "NM-12, LCL-19"),
    Step("ladder-missing", "岗位等级序列尚未制定，不得定级", "NM-23"),
    Step("ladder", "载入样例等级序列，并标明“样例”", "NM-23"),
    Step("ranked-first", "首次定级", "NM-23"),
)
RETIREMENTS = (
    Step("promotion-too-early", "任现等级年限不足，不得晋升", "NM-23"),
    Step("retire-track-open", "未登记退休类别的，只列出、不推算", "RET-1"),
    Step("retirement-list", "按出生年月和类别列出法定退休月份", "NM-30, RET-1"),
    Step("retirement", "街道办理退休手续，当月末离岗", "NM-30"),
)
AFTER_A_YEAR = (
    Step("promoted", "年限和年度考核结果符合，晋升一级（样例序列）", "NM-23, NM-28"),
    Step("directed-list", "连续工作满十年、任书记满一届、考核优秀者列入名单", "NM-32"),
    Step("directed-not-met", "任书记未满一届者不列入，并逐条说明", "NM-32"),
    Step("release", "旗县同意跨盟市流动", "NM-23"),
    Step("reception-too-early", "本人未同意，接收方看不到", "NM-23"),
    Step("transfer-consent", "本人同意", "NM-23"),
    Step("reception", "接收方旗县同意，附工作年限和岗位等级", "NM-23"),
    Step("transferred", "到日自动生效，档案随人转移", "NM-23"),
    Step("rank-recognised", "岗位等级互认", "NM-23"),
    Step("years-added", "工作年限累计计算", "NM-23"),
)
_LADDER = Path(__file__).resolve().parents[4] / "regulations" / "neimenggu" / "samples" / "ladder.yaml"
_SECRETARY = {"political_status": "01", "party_since": "2010-07-01", "education_code": "31"}
_TRACKS = {"retiring.m": "M", "retiring.f55": "F55", "retiring.f50": "F50"}
_MONTHS = {"retiring.m": "2025-05", "retiring.f55": "2025-02", "retiring.f50": "2025-05"}


def enter(cast: Cast) -> None:
    """2024-10-14: who serves already, who was elected, who stands on which grade."""
    _import(cast)
    _elect(cast)
    _sign(cast)
    _place(cast)


def _import(cast: Cast) -> None:
    account, handler = cast.account, cast.tenant["xincheng.society.handler"]
    secretary = [
        {"role": "member", "valid_from": "2016-01-01", "valid_before": "2019-01-01"},
        {
            "role": "secretary",
            "valid_from": "2019-01-01",
            "term_from": "2019-01-01",
            "term_before": "2024-01-01",
        },
    ]
    serving = [
        {"role": "member", "valid_from": "2014-01-01", "valid_before": "2021-07-01"},
        {
            "role": "secretary",
            "valid_from": "2021-07-01",
            "term_from": "2021-07-01",
            "term_before": "2026-07-01",
        },
    ]
    staff = [{"role": "staff", "valid_from": "2021-03-01"}]
    member = [{"role": "member", "valid_from": "2021-07-01"}]
    first = _worker(cast, "白景行", id_number("19780512", "003"), "150102091091", secretary)
    must(handler.post("/roster/dossiers/imports", first), 201)
    again = handler.post("/roster/dossiers/imports", first)
    account.answer("imported-once", again, 409)
    second = _worker(cast, "石望川", id_number("19800203", "001"), "150102091091", [serving[1]])
    account.answer("one-secretary", handler.post("/roster/dossiers/imports", second), 409, article="NM-20")
    others = {
        "secretary.new": _worker(cast, "云清和", id_number("19790609", "002"), "150102092091", serving),
        "worker.moving": _worker(cast, "吴辰远", id_number("19920308", "005"), "150102091092", staff),
        "worker.failing": _worker(cast, "何一舟", id_number("19930715", "007"), "150102091091", staff),
        "member.leaving": _worker(cast, "钱伯言", id_number("19850611", "006"), "150102091092", member),
        "retiring.m": _worker(cast, "赵守成", id_number("19650420", "009"), "150102091092", staff),
        "retiring.f55": _worker(cast, "孙静宜", id_number("19700115", "002"), "150102092091", staff),
        "retiring.f50": _worker(cast, "李素心", id_number("19750318", "004"), "150102092091", staff),
    }
    for name in ("worker.moving", "worker.failing"):
        others[name]["person_id"] = register(cast, name)
    cast.kept["secretary.old"] = _found(handler, "白景行")
    for name, body in others.items():
        made = handler.post("/roster/dossiers/imports", body)
        cast.kept[name] = must(made, 201)
    account.answer("imported", made, 201, f"{len(others) + 1} 人")


def _worker(cast: Cast, name: str, number: str, community: str, posts: list[dict[str, str]]) -> dict[str, Any]:
    office = posts[-1]["role"] != "staff"
    return {
        "full_name": name,
        "id_number": number,
        "phone": "13900000001",
        "category": "committee_member" if office else "community_staff",
        "community_unit_id": cast.units[community]["id"],
        "posts": posts,
        "background": _SECRETARY if office else {"education_code": "31"},
    }


def _found(handler: Session, name: str) -> dict[str, Any]:
    return next(each for each in every(handler, "/roster/dossiers") if each["full_name"] == name)


def _elect(cast: Cast) -> None:
    account, office = cast.account, cast.tenant["qingsong.office.handler"]
    path = f"/roster/dossiers/{cast.kept['secretary.old']['id']}/elections"
    term = {"term_from": "2024-10-14", "term_before": "2029-10-14", "instrument": "选举结果报告单2024-7号"}
    must(office.post(path, {"role": "secretary"} | term), 201)
    account.answer("elected", office.post(path, {"role": "director"} | term), 201)


def _sign(cast: Cast) -> None:
    """The labour contract under which one of them goes on serving."""
    office = cast.tenant["qingsong.office.handler"]
    terms = {
        "dossier_id": cast.kept["worker.failing"]["id"],
        "employer_unit_id": cast.units["150102091000"]["id"],
        "term": {"kind": "fixed", "valid_from": "2024-10-14", "valid_before": "2027-10-14"},
        "probation_months": 0,
        "contents": CONTENTS,
    }
    contract = must(office.post("/roster/contracts", terms), 201)
    must(office.post(f"/roster/contracts/{contract['id']}/sign"), 200)
    signed = cast.tenant["worker.failing"].post(f"/roster/own/contracts/{contract['id']}/sign")
    cast.account.answer("contract-renewed", signed, 200)


def _place(cast: Cast) -> None:
    account, handler = cast.account, cast.tenant["xincheng.society.handler"]
    dossier = f"/roster/dossiers/{cast.kept['worker.moving']['id']}"
    placement = {"grade": 1, "valid_from": "2024-10-14", "reason": "首次定级"}
    early = handler.post(f"{dossier}/ranks", placement)
    account.answer("ladder-missing", early, 409, article="NM-23")
    ladder = yaml.safe_load(_LADDER.read_text(encoding="utf-8"))
    loaded = cast.tenant["region.society.approver"].post("/roster/ladders", ladder)
    shown = account.answer("ladder", loaded, 201, "样例，非自治区规定")
    if not shown["sample"]:
        account.outcome("ladder", False, "marked as a sample")
    account.answer("ranked-first", handler.post(f"{dossier}/ranks", placement), 201, "一级（样例）")


def retire(cast: Cast) -> None:
    """2025-03-10: the list of those who reach the statutory month, and the papers for them."""
    account, tenant = cast.account, cast.tenant
    cast.move_to("2025-03-10T01:00:00+00:00")
    handler = tenant["xincheng.society.handler"]
    promotions = f"/roster/dossiers/{cast.kept['worker.moving']['id']}/promotions"
    soon = handler.post(promotions, {"valid_from": "2025-03-10", "reason": "按序列晋升"})
    account.answer("promotion-too-early", soon, 409, article="NM-23")
    dossiers = {cast.kept[name]["id"]: name for name in _TRACKS}
    offices = dict.fromkeys(_TRACKS, tenant["qingsong.office.handler"])
    offices["retiring.f55"] = offices["retiring.f50"] = tenant["yunshan.office.handler"]

    def listed() -> dict[str, str | None]:
        due = every(handler, "/roster/retirements")
        return {dossiers[each["dossier_id"]]: each["month"] for each in due if each["dossier_id"] in dossiers}

    before = listed()
    open_still = set(before) == set(_TRACKS) and not any(before.values())
    account.outcome(
        "retire-track-open", open_still, "listed without a month", operation="GET /api/v1/roster/retirements"
    )
    for name, track in _TRACKS.items():
        path = f"/roster/dossiers/{cast.kept[name]['id']}/retire-track"
        must(offices[name].post(path, {"track": track, "source": "岗位认定表2025-1号"}), 201)
    months = listed()
    words = "、".join(f"{_TRACKS[name]} {months.get(name)}" for name in _TRACKS)
    account.outcome("retirement-list", months == _MONTHS, str(_MONTHS), words, "GET /api/v1/roster/retirements")
    ends = []
    for name, office in offices.items():
        handled = office.post("/roster/retirements", {"dossier_id": cast.kept[name]["id"]})
        ends.append(str(must(handled, 201)["ends_before"]))
    in_order = ends == ["2025-06-01", "2025-04-01", "2025-06-01"]
    place = "POST /api/v1/roster/retirements"
    account.outcome("retirement", in_order, "the month's end", f"自 {'、'.join(ends)} 起离岗", place)


def advance(cast: Cast) -> None:
    """January to March 2026: promotion, the list of secretaries, a transfer to another league."""
    cast.move_to("2026-01-05T01:00:00+00:00")
    account, handler = cast.account, cast.tenant["xincheng.society.handler"]
    for name in _TRACKS:
        until_state(handler, f"/roster/dossiers/{cast.kept[name]['id']}", "left")
    graded = [cast.kept[name]["id"] for name in ("worker.moving", "secretary.old", "secretary.new")]

    def heard() -> bool:
        return all(must(handler.get(f"/roster/dossiers/{each}/ranks"), 200)["results"] for each in graded)

    wait_for(heard, "the yearly grades in roster")
    path = f"/roster/dossiers/{cast.kept['worker.moving']['id']}"
    raised = handler.post(f"{path}/promotions", {"valid_from": "2026-01-05", "reason": "年度考核合格，按序列晋升"})
    grade = account.answer("promoted", raised, 201, "一级 → 二级（样例）")
    if grade["grade"] != 2 or not grade["sample"]:
        account.outcome("promoted", False, "grade 2 of the sample", str(grade))
    _directed(cast, handler)
    _transfer(cast, handler)


def _directed(cast: Cast, handler: Session) -> None:
    account = cast.account
    kind = {"kind": "secretary_to_institution"}
    met = every(handler, "/roster/directed-candidates", **kind)
    names = [each["full_name"] for each in met]
    place = "GET /api/v1/roster/directed-candidates"
    account.outcome("directed-list", names == ["白景行"], "the one who qualifies", "、".join(names), place)
    everybody = every(handler, "/roster/directed-candidates", **kind, all="true")
    other = next(each for each in everybody if each["full_name"] == "云清和")
    unmet = [each for each in other["findings"] if each["outcome"] == "not_met"]
    words = "；".join(each["message"]["zh"] for each in unmet)
    only_the_term = [each["rule"] for each in unmet] == ["directed.full_term"]
    account.outcome("directed-not-met", only_the_term, "the term alone is missing", words, place)


def _transfer(cast: Cast, handler: Session) -> None:
    account, tenant = cast.account, cast.tenant
    dossier = cast.kept["worker.moving"]["id"]
    before = must(handler.get(f"/roster/dossiers/{dossier}/service-years"), 200)
    receiver = tenant["kundulun.society.handler"]
    # Nobody sees the communities of another league: the receiving side names its own.
    target = next(each["id"] for each in every(receiver, "/directory/units") if each["code"] == "150203091091")
    body = {
        "dossier_id": dossier,
        "to_community_unit_id": target,
        "role": "staff",
        "effective_on": "2026-03-02",
        "reason": "随配偶工作调动",
    }
    made = account.answer("release", handler.post("/roster/transfers", body), 201)
    reception = f"/roster/receptions/{made['id']}"
    account.answer("reception-too-early", receiver.get(reception), 404)
    worker = tenant["worker.moving"]
    agreed = worker.post(f"/roster/own/transfers/{made['id']}/consent", {"agree": True})
    account.answer("transfer-consent", agreed, 200)
    offered = must(receiver.get(reception), 200)["evidence"]
    words = f"累计 {offered['cumulative_years']} 年 · {offered['rank']['label']['zh']}"
    account.answer("reception", receiver.post(f"{reception}/decision", {"accept": True}), 200, words)
    until_state(handler, f"/roster/transfers/{made['id']}", "accepted")
    cast.move_to("2026-03-02T01:00:00+00:00")
    until_state(handler, f"/roster/transfers/{made['id']}", "effective")
    gone = handler.get(f"/roster/dossiers/{dossier}")
    account.answer("transferred", gone, 404, "转出方不再可见")
    ranks = must(receiver.get(f"/roster/dossiers/{dossier}/ranks"), 200)["items"]
    held = next(each for each in ranks if each["valid_before"] is None)
    recognised = held["grade"] == 2 and held["ground"] == "recognised"
    account.outcome("rank-recognised", recognised, "grade 2 recognised", held["label"]["zh"], "GET …/ranks")
    years = must(receiver.get(f"/roster/dossiers/{dossier}/service-years"), 200)
    words = f"{before['cumulative_years']} → {years['cumulative_years']} 年（2021-03-01 起，流动不间断）"
    grown = years["cumulative_years"] == before["cumulative_years"] + 1 == 5
    account.outcome("years-added", grown, "five years", words, "GET …/service-years")
