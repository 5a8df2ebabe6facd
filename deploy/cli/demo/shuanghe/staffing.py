"""How many workers a community has by its households, and who sits in its two committees (SH-3 to SH-5, SH-7)."""

from typing import Any

from deploy.cli.demo.account import Step
from deploy.cli.demo.cast import Cast
from deploy.cli.demo.client import wait_for
from deploy.cli.demo.people import id_number, must

STEPS = (
    Step("sh-brackets", "按户数配备：两档之并核对，两档之交建议", "SH-5"),
    Step("sh-no-county", "师直社区不经团场，由师市民政部门登记户数", "SH-5"),
    Step("sh-outside-asks", "一千户定八人不在两档之内，先要说明理由", "SH-5"),
    Step("sh-outside-reason", "“原则上”：说明理由后照定，提示留痕", "SH-5"),
    Step("sh-households", "团场登记社区户数，注明日期和来源", "SH-5"),
    Step("sh-people", "录入“两委”、社区民警和公益性岗位人员", "SH-2, SH-3, SH-4"),
    Step("sh-seat-too-many", "党支部委员已有3名，第4名不予登记", "SH-4"),
    Step("sh-no-extra-deputy", "主任未兼副书记，不得增设副书记", "SH-4"),
    Step("sh-extra-deputy", "居委会主任兼任党支部副书记，增设1名副书记", "SH-4"),
    Step("sh-third-officer", "社区警务人员最多2名", "SH-4"),
    Step("sh-officer-outside", "民警兼任副主任，不占“两委”职数", "SH-4"),
    Step("sh-both-texts", "居委会第4名委员：法律允许，两个条文并列显示，不予阻止", "SH-4, ORG-8"),
    Step("sh-counted", "兼职成员和民警不计入，公益性岗位单列提示，得出可招聘人数", "SH-3, SH-5"),
    Step("sh-no-vacancy", "没有空缺，不需补选", "SH-7"),
    Step("sh-by-election", "委员离任后由团场组织补选", "SH-7"),
)
DAY = "2025-01-06"
SINCE = "2024-06-03"
HONGLIU, MINGZHU = "659007491091", "659007000091"
HOUSEHOLDS = 2_000
READINGS = {
    999: ("5–7", "5–7"),
    1_000: ("5–7 或者 9–12", ""),
    2_000: ("9–15", "12"),
    4_000: ("15–25", "20"),
    4_001: ("20–25", "20–25"),
}
"""Households: the numbers allowed, those proposed (none in common: a human decides)."""
PEOPLE: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("secretary", "艾长青", ("secretary",)),
    ("director", "柏一鸣", ("director",)),
    ("deputy", "曹望舒", ("deputy_secretary",)),
    ("both", "丁若水", ("deputy_director", "branch_member")),
    ("part-time", "范思远", ("branch_member",)),
    ("branch", "葛云舒", ("branch_member",)),
    ("member", "韩清和", ("committee_member",)),
    ("member.second", "江知白", ("committee_member",)),
    ("member.third", "康既白", ("committee_member",)),
    ("officer", "雷远山", ("police_officer",)),
    ("officer.deputy", "骆天行", ("police_officer", "police_deputy_director")),
    ("welfare", "苗青禾", ("public_welfare",)),
)
TERM = {"term_from": DAY, "term_before": "2030-01-06", "instrument": "选举结果报告单2025-1号"}


def tell(cast: Cast) -> None:
    """From the households to a community with its two committees in order."""
    division = cast.tenant["division.civil.approver"]
    # Services hear of a new tenant by event; the first request waits for that.
    wait_for(lambda: division.get("/roster/headcounts").status_code == 200, "the tenant in roster")
    units = must(division.get("/directory/units", limit="200"), 200)["items"]
    cast.units |= {unit["code"]: unit for unit in units}
    _households(cast)
    _committees(cast)
    _counted(cast)
    _by_election(cast)


def _households(cast: Cast) -> None:
    account, division = cast.account, cast.tenant["division.civil.approver"]
    regiment = cast.tenant["hongliu.office.approver"]
    told = {}
    for size in READINGS:
        norm = must(division.get("/roster/community-norm", size=str(size)), 200)
        told[size] = (" 或者 ".join(map(_span, norm["allowed"])), _span(norm["proposed"]))
    words = "；".join(
        f"{size} 户 {allowed or '无'}，建议 {proposed or '人工确定'}" for size, (allowed, proposed) in told.items()
    )
    account.outcome("sh-brackets", told == READINGS, str(READINGS), words, "GET /api/v1/roster/community-norm")
    direct = division.post("/roster/community-sizes", _size(cast, MINGZHU, 999))
    account.answer("sh-no-county", direct, 201, "999 户，5–7 名")
    eight = _size(cast, MINGZHU, 1_000, posts=8)
    account.answer("sh-outside-asks", division.post("/roster/community-sizes", eight), 409, article="SH-5")
    reason = division.post("/roster/community-sizes", eight | {"reason": "年末新交付一栋，按服务半径确定"})
    account.answer("sh-outside-reason", reason, 201, "定 8 名，附理由")
    recorded = regiment.post("/roster/community-sizes", _size(cast, HONGLIU, HOUSEHOLDS))
    account.answer("sh-households", recorded, 201, f"{HOUSEHOLDS} 户，9–15 名，建议 12 名")


def _committees(cast: Cast) -> None:
    account, office = cast.account, cast.tenant["hongliu.office.handler"]
    workers = [
        _worker(cast, number, name, roles, part=key == "part-time") for number, (key, name, roles) in _numbered()
    ]
    entered = office.post("/roster/dossiers/imports/batch", {"workers": workers})
    made = account.answer("sh-people", entered, 200, f"{len(PEOPLE)} 人")
    if made["refused"]:
        raise RuntimeError(f"not everybody was entered: {made}")
    ids = {key: row["dossier"]["id"] for (key, _, _), row in zip(PEOPLE, made["items"], strict=True)}
    cast.kept["sh-staffing"] = ids
    account.answer("sh-seat-too-many", _elect(cast, "member", "branch_member"), 409, article="SH-4")
    account.answer("sh-no-extra-deputy", _elect(cast, "member", "deputy_secretary"), 409, article="SH-4")
    account.answer("sh-extra-deputy", _elect(cast, "director", "deputy_secretary"), 201)
    third = office.post("/roster/dossiers/imports", _worker(cast, 51, "聂云起", ("police_officer",)))
    account.answer("sh-third-officer", third, 409, article="SH-4")
    composed = must(office.get(f"/roster/communities/{cast.units[HONGLIU]['id']}/composition"), 200)
    deputies = next(each for each in composed["seats"] if each["role"] == "deputy_director")
    outside = (composed["persons"], composed["outside"], deputies["held"]) == (9, 2, 1)
    words = f"“两委” {composed['persons']} 人（兼职 {composed['part_time']} 人），警务人员 {composed['outside']} 名"
    account.outcome("sh-officer-outside", outside, "9 persons, 2 officers outside", words, "GET …/composition")
    elected = _elect(cast, "branch", "committee_member")
    account.answer("sh-both-texts", elected, 201, _remark(elected.json()), article="ORG-8")


def _counted(cast: Cast) -> None:
    account, office = cast.account, cast.tenant["hongliu.office.approver"]
    unit = cast.units[HONGLIU]["id"]

    def counted() -> dict[str, Any] | None:
        items = must(office.get("/roster/headcounts", unit_id=unit), 200)["items"]
        found: dict[str, Any] | None = next((each for each in items if each["unit_id"] == unit), None)
        # Each person is news of its own: four stand apart once all have arrived.
        apart = sum(each["persons"] for each in found["apart"]) if found else 0
        return found if found and found["occupied"] == 8 and apart == 4 else None

    seen = wait_for(counted, "the people of the community in its headcount")
    apart = {each["category"]: (each["persons"], each["flagged"]) for each in seen["apart"]}
    expected = {"part_time_member": (1, False), "community_police": (2, False), "public_welfare": (1, True)}
    hire = seen["to_hire"]
    words = f"计入 {seen['occupied']} 人；可招聘 {'、'.join(map(_span, hire))} 人；单列 " + "、".join(
        f"{each['label']} {each['persons']} 人" for each in seen["apart"]
    )
    holds = apart == expected and hire == [{"least": 1, "most": 7}]
    account.outcome("sh-counted", holds, f"{expected}, 1–7 to hire", words, "GET /api/v1/roster/headcounts")


def _by_election(cast: Cast) -> None:
    account, office = cast.account, cast.tenant["hongliu.office.handler"]
    full = _elect(cast, "member", "branch_member", by_election=True)
    account.answer("sh-no-vacancy", full, 409, article="SH-7")
    held = must(office.get(f"/roster/dossiers/{cast.kept['sh-staffing']['part-time']}/posts"), 200)["items"]
    leaving = {"valid_before": DAY, "ground": "change", "reason": "调离本辖区"}
    must(office.post(f"/roster/posts/{held[0]['id']}/leaving", leaving), 200)
    account.answer("sh-by-election", _elect(cast, "member", "branch_member", by_election=True), 201)


def _numbered() -> list[tuple[int, tuple[str, str, tuple[str, ...]]]]:
    return list(enumerate(PEOPLE, 20))


def _worker(cast: Cast, number: int, name: str, roles: tuple[str, ...], *, part: bool = False) -> dict[str, Any]:
    posts = [{"role": role, "valid_from": SINCE, "part_time": part} for role in roles]
    return {
        "full_name": name,
        "id_number": id_number("19860412", f"{number:03d}"),
        "phone": "13900000003",
        "category": "community_staff",
        "community_unit_id": cast.units[HONGLIU]["id"],
        "posts": posts,
        "background": {"education_code": "31"},
    }


def _size(cast: Cast, code: str, households: int, **more: Any) -> dict[str, Any]:
    return {
        "unit_id": cast.units[code]["id"],
        "households": households,
        "counted_on": "2024-12-31",
        "source": "演示数据，2024年末户数统计表",
        "valid_from": DAY,
    } | more


def _elect(cast: Cast, who: str, role: str, **more: Any) -> Any:
    path = f"/roster/dossiers/{cast.kept['sh-staffing'][who]}/elections"
    return cast.tenant["hongliu.office.handler"].post(path, {"role": role} | TERM | more)


def _remark(made: dict[str, Any]) -> str:
    found = [each for each in made.get("findings", []) if each["rule"] == "committee.seat"]
    return "".join(f"{each['message']['zh']}；{each['remarks'][-1]['zh']}" for each in found)


def _span(span: dict[str, int] | None) -> str:
    if span is None:
        return ""
    return str(span["least"]) if span["least"] == span["most"] else f"{span['least']}–{span['most']}"
