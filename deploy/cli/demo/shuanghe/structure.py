"""One branch and four centres, the public page, and the admission of matters (SH-9 to SH-14, SH-23).

2025-02-03, in the community 沙枣.
"""

from typing import Any

import httpx

from deploy.cli.demo.account import Step
from deploy.cli.demo.cast import Cast
from deploy.cli.demo.client import Session, wait_for
from deploy.cli.demo.people import every, id_number, must, register

STEPS = (
    Step("sh-structure-missing", "在岗人员尚未编入“一支部四中心”，逐人列出，民警在内", "SH-10"),
    Step("sh-structure-unknown", "没有第五个中心", "SH-9"),
    Step("sh-structure-assigned", "全员编入“一支部四中心”", "SH-9, SH-10"),
    Step("sh-structure-twice", "一人同时只编入一处", "SH-10"),
    Step("sh-structure-own", "本人查看自己编入哪个中心", "SH-10"),
    Step("sh-structure-published", "社区公开职责和服务承诺", "SH-10, SH-11"),
    Step("sh-structure-page", "居民免登录查阅各中心职责和人数，不列姓名", "SH-11"),
    Step("sh-structure-changed", "社区修改服务承诺，公开页随之更新", "SH-11"),
    Step("sh-admission-unbound", "准入审批机关尚未设定，不予受理", "SH-14"),
    Step("sh-admission-bound", "师市民政部门依文件设定审批机关，经办与审批分设", "SH-14"),
    Step("sh-admission-unfunded", "短期进入而不带人员、经费，不予准入", "SH-13"),
    Step("sh-admission-late", "经费晚于工作到位，不予准入", "SH-13"),
    Step("sh-admission-barred", "不得将社区作为城市管理的责任主体", "SH-12"),
    Step("sh-admission-own-assessment", "部门不得单独考核社区工作", "SH-23"),
    Step("sh-admission-applied", "带经费协助核对，受理", "SH-13, SH-14"),
    Step("sh-admission-admitted", "审批机关批准准入", "SH-14"),
    Step("sh-admission-declined", "社区拒绝承担未经准入的事项", "SH-12"),
    Step("sh-admission-not-declined", "已经准入的事项，不得以未准入为由拒绝", "SH-12"),
)
COMMUNITY, DIVISION = "659007491092", "659007"
TODAY = "2025-02-03"
_PEOPLE = (
    ("蓝静川", "secretary", "committee_member", "branch"),
    ("鲁西原", "staff", "community_staff", "party_building"),
    ("麦知雨", "staff", "community_staff", "social_affairs"),
    ("闵若溪", "public_welfare", "public_welfare", "masses"),
    ("乔守望", "police_officer", "community_police", "stability"),
)
"""Name, post, category, and where each is assigned."""
_ACCOUNT, _HOLDER = "sh.worker.assigned", "鲁西原"
_ADMITTED = "财政补贴信息核对"
_MEANS = {
    "stationing": "short_term",
    "sends_funds": True,
    "ready_on": TODAY,
    "facilities": True,
    "training": True,
}


def tell(cast: Cast) -> None:
    """3 February 2025."""
    cast.move_to(f"{TODAY}T01:00:00+00:00")
    office = cast.tenant["hongliu.office.handler"]
    if DIVISION not in cast.units:
        # A regiment does not see the units above it.
        units = every(cast.tenant["division.civil.handler"], "/directory/units", limit="200")
        cast.units |= {unit["code"]: unit for unit in units}
    _assign(cast, office)
    _publish(cast)
    _bind(cast)
    _refuse(cast)
    _admit(cast)


def _assign(cast: Cast, office: Session) -> None:
    account, community = cast.account, cast.units[COMMUNITY]["id"]
    accounts = {_HOLDER: {"person_id": register(cast, _ACCOUNT)}}
    rows = [
        {
            "full_name": name,
            "id_number": id_number("19870611", str(301 + number)),
            "phone": "13900000001",
            "category": category,
            "community_unit_id": community,
            "posts": [{"role": role, "valid_from": "2022-03-01"}],
            "background": {"education_code": "31"},
        }
        | accounts.get(name, {})
        for number, (name, role, category, _) in enumerate(_PEOPLE)
    ]
    entered = must(office.post("/roster/dossiers/imports/batch", {"workers": rows}), 200)
    dossiers = {name: item["dossier"]["id"] for (name, *_), item in zip(_PEOPLE, entered["items"], strict=True)}
    place = "GET /api/v1/roster/structure"
    seen = must(office.get("/roster/structure", community_unit_id=community), 200)
    missing = {each["full_name"] for each in seen["missing"]}
    listed = missing == set(dossiers) and seen["finding"]["article"] == "SH-10"
    account.outcome("sh-structure-missing", listed, "all five are missing", "、".join(sorted(missing)), place)
    path = "/roster/structure-assignments"
    for name, _, _, centre in _PEOPLE:
        body = {"dossier_id": dossiers[name], "place": centre, "valid_from": TODAY}
        if name == _PEOPLE[0][0]:
            unknown = office.post(path, body | {"place": "fifth_centre"})
            account.answer("sh-structure-unknown", unknown, 422, article="SH-9")
        made = must(office.post(path, body), 201)
    must(office.get(f"{path}/{made['id']}"), 200)
    after = must(office.get("/roster/structure", community_unit_id=community), 200)
    words = "、".join(f"{each['label_zh']} {len(each['people'])} 人" for each in after["places"])
    whole = after["finding"]["outcome"] == "met" and not after["missing"]
    account.outcome("sh-structure-assigned", whole, "nobody is missing", words, place)
    account.answer("sh-structure-twice", office.post(path, body | {"place": "masses"}), 409)
    own = cast.tenant[_ACCOUNT].get("/roster/own/structure-assignments")
    account.answer("sh-structure-own", own, 200, own.json()["items"][0]["label_zh"])


def _publish(cast: Cast) -> None:
    account = cast.account
    body: dict[str, Any] = {
        "community_unit_id": cast.units[COMMUNITY]["id"],
        "commitments": [
            {"place": "masses", "text": "居民来访当日答复，三日内办结或者说明"},
            {"place": "social_affairs", "text": "救助申请一次告知所需材料"},
        ],
    }
    branch = cast.tenant["shazao.community.party"]
    made = branch.post("/roster/duty-pages", body)
    page = account.answer("sh-structure-published", made, 201)
    answer = cast.tenant.public(f"/roster/duty-pages/{page['id']}")
    shown = must(answer, 200)
    cited = [each["duties_article"] for each in shown["places"]]
    complete = cited == [None, "SH-11(1)", "SH-11(2)", "SH-11(3)", "SH-11(4)"]
    counted = all(each["people"] == 1 for each in shown["places"])
    nameless = not any(name in answer.text for name, *_ in _PEOPLE)
    words = "；".join(f"{each['label_zh']}：{len(each['duties'])} 项职责" for each in shown["places"][1:])
    account.outcome(
        "sh-structure-page",
        complete and counted and nameless,
        "duties of four centres, numbers, no names",
        words,
        "GET /public/…/roster/duty-pages/{page_id}",
    )
    kept = {"commitments": [*body["commitments"], {"text": "首问负责，一次告知"}]}
    changed = branch.call("PUT", f"/roster/duty-pages/{page['id']}", kept, version=page["version"])
    account.answer("sh-structure-changed", changed, 200)


def _apply(cast: Cast, **changes: Any) -> httpx.Response:
    body = {
        "community_unit_id": cast.units[COMMUNITY]["id"],
        "register_kind": "matter",
        "matter": "other",
        "role": "help",
        "title": _ADMITTED,
        "content": "协助通知居民核对补贴信息",
        "valid_from": TODAY,
        "valid_before": "2025-08-01",
        "means": _MEANS,
    }
    return cast.tenant["division.finance.handler"].post("/roster/admissions", body | changes)


def _bind(cast: Cast) -> None:
    account, tenant = cast.account, cast.tenant
    account.answer("sh-admission-unbound", _apply(cast), 409, article="SH-14")
    proposal = {
        "path": "admission.approver",
        "unit_id": cast.units[DIVISION]["id"],
        "value": [{"department": "party_committee", "level": "league"}],
        "valid_from": TODAY,
        "source": "师市稳平安组〔2021〕5号（演示摘录）",
        "reason": "依文件设定准入审批机关（演示）",
    }
    proposed = must(tenant["division.civil.handler"].post("/regulation/local-parameters", proposal), 201)
    path = f"/regulation/local-parameters/{proposed['id']}/decisions"
    decided = tenant["division.civil.approver"].post(path, {"action": "approve"})
    account.answer("sh-admission-bound", decided, 200, "审批机关：师市党委（演示）")


def _refuse(cast: Cast) -> None:
    account = cast.account
    bare = {"stationing": "short_term", "facilities": True, "training": True}
    account.answer("sh-admission-unfunded", _apply(cast, means=bare), 409, article="SH-13")
    late = _apply(cast, means=_MEANS | {"ready_on": "2025-02-04"})
    account.answer("sh-admission-late", late, 409, article="SH-13")
    barred = _apply(cast, matter="city_management", role="responsible_body")
    account.answer("sh-admission-barred", barred, 409, article="SH-12")
    own = _apply(cast, matter="own_assessment", title="财政系统社区工作评比")
    account.answer("sh-admission-own-assessment", own, 409, article="SH-23")


def _admit(cast: Cast) -> None:
    account, tenant = cast.account, cast.tenant

    def taken() -> httpx.Response | None:
        """The answer once roster has heard who admits; until then nothing is kept of what was refused."""
        answer = _apply(cast)
        unheard = answer.status_code == 409 and answer.json()["type"] == "/problems/parameter-not-set"
        return None if unheard else answer

    made = account.answer("sh-admission-applied", wait_for(taken, "the approver in roster"), 201)
    path = f"/roster/approvals/{made['case_id']}/decisions"
    decided = tenant["division.party.approver"].post(path, {"action": "approve", "step": "approver"})
    account.answer("sh-admission-admitted", decided, 200)
    branch = tenant["shazao.community.party"]
    asked = {
        "asked_by": "某局（演示）",
        "register_kind": "matter",
        "title": "代收物业费用",
        "reason": "未经批准准入",
    }
    account.answer("sh-admission-declined", branch.post("/roster/declined-matters", asked), 201, article="SH-12")
    known = asked | {"title": _ADMITTED, "admission_id": made["id"]}
    account.answer("sh-admission-not-declined", branch.post("/roster/declined-matters", known), 409, article="SH-12")
