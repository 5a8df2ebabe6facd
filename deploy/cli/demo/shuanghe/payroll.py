"""Payroll of June 2025 in 雪莲: refused first, then computed, explained, repeated, approved, paid (SH-15, SH-16).

1 July 2025; the amounts are made up, as the document that holds them is not at hand.
"""

from decimal import Decimal
from typing import Any

import httpx

from deploy.cli.demo.account import Step
from deploy.cli.demo.cast import Cast
from deploy.cli.demo.client import Session, wait_for
from deploy.cli.demo.people import every, id_number, must, register

STEPS = (
    Step("sh-pay-refused", "标准、职务和费率均未设定，不予计发，逐项列明", "SH-15, SH-16"),
    Step("sh-pay-set", "师市人社、医保部门设定标准和费率，经办与审批分设", "SH-15, SH-16"),
    Step("sh-pay-reference-missing", "绩效按“两委”哪一职务计算尚未设定，仍不计发", "SH-15"),
    Step("sh-pay-reference", "设定所依据的职务后可以计发", "SH-15"),
    Step("sh-pay-twice", "同月不重复造册", "SH-15"),
    Step("sh-pay-shares", "招聘人员：社区正职基础报酬的60%，绩效的50%，四舍五入到分", "SH-15"),
    Step("sh-pay-allowance", "职业资格补贴300、500元，只按最高一级；高级未定价，计零并提示", "SH-15"),
    Step("sh-pay-insurance", "五项社会保险单位与个人分担，个人部分代扣；基数不低于60%", "SH-16"),
    Step("sh-pay-excluded", "社区民警原身份待遇不变，不在册", "SH-4, SH-15"),
    Step("sh-pay-sums", "每行附条款和依据，各行之和到分相符", "SH-15, SH-16"),
    Step("sh-pay-again", "再次计算，结果相同", "SH-15"),
    Step("sh-pay-approved", "团场（街道）另一人审批", "SH-15"),
    Step("sh-pay-file", "银行代发：每人只列一次，缺账号的另列", "SH-15"),
    Step("sh-pay-slip", "本人查看工资单", "SH-15"),
    Step("sh-pay-correction", "补登证书后另编补发册，只发差额", "SH-15"),
    Step("sh-pay-cost", "费用由师市财政全额承担，街道发放", "SH-15"),
    Step("sh-budget", "师市全额预算：当年支出与下年所需，下年预算登记", "SH-15"),
)
TOWNSHIP, COMMUNITY = "659007091000", "659007091091"
REFERENCE = "pay.performance_reference"
STANDARD = [
    {"role": "secretary", "base": "5000.01", "performance": "1500", "principal": True},
    {"role": "deputy_secretary", "base": "4000", "performance": "1200.05"},
]
_LOCAL: tuple[tuple[str, str, Any], ...] = (
    ("division.hr", "pay.standard", STANDARD),
    ("division.hr", "insurance.average_monthly_wage", "7000"),
    ("division.medical", "insurance.medical_employer_percent", "7.5"),
    ("division.medical", "insurance.maternity_employer_percent", "0.5"),
)
_WHO: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("secretary", "secretary", "committee_member", ()),
    ("both", "staff", "community_staff", ("assistant_social_worker", "social_worker")),
    ("assistant", "staff", "community_staff", ("assistant_social_worker",)),
    ("senior", "staff", "community_staff", ("senior_social_worker",)),
    ("plain", "staff", "community_staff", ()),
    ("police", "police_officer", "community_police", ()),
)
_NAMES = ("宋怀瑾", "唐见微", "陶星野", "汪清川", "魏南乔", "温如山")
_ALLOWANCES = {"both": "500.00", "assistant": "300.00", "senior": "0.00", "plain": None}


def tell(cast: Cast) -> None:
    """1 July 2025."""
    cast.move_to("2025-07-01T01:00:00+00:00")
    office = cast.tenant["xuelian.office.handler"]
    units = {unit["code"]: unit["id"] for unit in every(cast.tenant["division.hr.handler"], "/directory/units")}
    dossiers = _enter(cast, office, units[COMMUNITY])
    run = _set(cast, office, units)
    _explain(cast, office, run, dossiers)
    _pay(cast, office, run, dossiers)
    _correct(cast, office, units[TOWNSHIP], dossiers)


def _enter(cast: Cast, office: Session, community: str) -> dict[str, str]:
    """Who serves there, with wage bases, certificates verified by another, and two bank accounts."""
    rows = [
        {
            "full_name": name,
            "id_number": id_number("19881123", str(701 + number)),
            "phone": "13900000001",
            "category": category,
            "community_unit_id": community,
            "posts": [{"role": role, "valid_from": "2022-03-01"}],
            "background": {"education_code": "31"},
        }
        for number, (name, (_, role, category, _)) in enumerate(zip(_NAMES, _WHO, strict=True))
    ]
    rows[1]["person_id"] = register(cast, "xuelian.worker")
    entered = must(office.post("/roster/dossiers/imports/batch", {"workers": rows}), 200)
    dossiers = {who[0]: item["dossier"]["id"] for who, item in zip(_WHO, entered["items"], strict=True)}
    for name, dossier in dossiers.items():
        if name != "police":
            wage = "3500" if name == "plain" else "5000"
            body = {"year": 2025, "wage": wage, "source": "2024年工资表（演示）"}
            must(office.post(f"/roster/dossiers/{dossier}/pay-years", body), 200)
    for number, (name, _, _, kinds) in enumerate(_WHO):
        for kind in kinds:
            _certify(cast, dossiers[name], kind, f"SW2024{number:04d}{kind[0].upper()}")
    for name, account in (("both", "6222000000000000001"), ("assistant", "6222000000000000002")):
        body = {"bank": "某银行（演示）", "account": account}
        must(office.post(f"/roster/dossiers/{dossiers[name]}/bank-account", body), 200)
    return dossiers


def _certify(cast: Cast, dossier: str, kind: str, number: str) -> None:
    body = {"kind": kind, "number": number, "issued_on": "2024-10-01"}
    made = must(cast.tenant["xuelian.office.handler"].post(f"/roster/dossiers/{dossier}/certificates", body), 201)
    seen = {"document": "全国社会工作者登记平台查询结果（演示）"}
    path = f"/roster/certificates/{made['id']}/verification"
    must(cast.tenant["xuelian.office.approver"].post(path, seen), 200)


def _set(cast: Cast, office: Session, units: dict[str, str]) -> dict[str, Any]:
    account = cast.account
    body = {"unit_id": units[TOWNSHIP], "month": "2025-06-01", "pays_on": "2025-07-10"}

    def asked() -> httpx.Response:
        return office.post("/roster/pay-runs", body)

    first = account.answer("sh-pay-refused", asked(), 409, article="SH-16")
    if len(first["errors"]) != len(_LOCAL) + 1:
        account.outcome("sh-pay-refused", False, "five figures named", str(first["errors"]))
    for place, (desk, path, value) in enumerate(_LOCAL, 1):
        decided = _locally(cast, desk, units["659007"], path, value)
        if place == len(_LOCAL):
            account.answer("sh-pay-set", decided, 200, f"{len(_LOCAL)} 项，均为演示数据")
        must(decided, 200)

    def only_the_reference() -> httpx.Response | None:
        answer = asked()
        open_still = [each["rule"] for each in answer.json().get("errors", [])]
        return answer if open_still == [REFERENCE] else None

    missing = wait_for(only_the_reference, "the local figures in roster")
    account.answer("sh-pay-reference-missing", missing, 409, article="SH-15")
    must(_locally(cast, "division.hr", units["659007"], REFERENCE, "deputy_secretary"), 200)

    def computed() -> httpx.Response | None:
        answer = asked()
        return answer if answer.status_code == 201 else None

    made = wait_for(computed, "the reference post in roster")
    run: dict[str, Any] = account.answer("sh-pay-reference", made, 201, "按社区党支部副书记（演示）")
    account.answer("sh-pay-twice", asked(), 409)
    return run


def _locally(cast: Cast, desk: str, unit_id: str, path: str, value: Any) -> httpx.Response:
    proposal = {
        "path": path,
        "unit_id": unit_id,
        "value": value,
        "valid_from": "2025-01-01",
        "source": "演示文件〔2025〕1号",
        "reason": "演示数据，并非实际标准",
    }
    proposed = must(cast.tenant[f"{desk}.handler"].post("/regulation/local-parameters", proposal), 201)
    said = {"action": "approve", "comment": "同意"}
    return cast.tenant[f"{desk}.approver"].post(f"/regulation/local-parameters/{proposed['id']}/decisions", said)


def _explain(cast: Cast, office: Session, run: dict[str, Any], dossiers: dict[str, str]) -> None:
    account, place = cast.account, "GET /api/v1/roster/pay-runs/{run_id}/slips"
    by_dossier = {slip["dossier_id"]: slip for slip in every(office, f"/roster/pay-runs/{run['id']}/slips")}
    slips = {name: by_dossier[dossier] for name, dossier in dossiers.items() if dossier in by_dossier}
    lines = {name: {line["code"]: line for line in slip["lines"]} for name, slip in slips.items()}
    plain = lines["plain"]
    shares = [plain[code]["amount"] for code in ("base.share", "performance.share")]
    words = f"5000.01×60% → {shares[0]}；1200.05×50% → {shares[1]}"
    account.outcome("sh-pay-shares", shares == ["3000.01", "600.03"], "3000.01 and 600.03", words, place)
    paid = {name: lines[name].get("certificate_allowance", {}).get("amount") for name in _ALLOWANCES}
    flagged = slips["senior"]["flags"] == ["certificate_not_priced"]
    words = f"两证 {paid['both']}、助理 {paid['assistant']}、高级 {paid['senior']}（未定价）"
    account.outcome("sh-pay-allowance", paid == _ALLOWANCES and flagged, "500, 300, 0", words, place)
    kinds = {code.split(".")[0] for code in plain if code.endswith(".employer")}
    split = (slips["plain"]["base"], plain["pension.employer"]["amount"], plain["pension.worker"]["amount"])
    right = split == ("4200.00", "672.00", "336.00") and len(kinds) == 5
    words = f"工资3500 → 基数 {split[0]}；养老：单位 {split[1]}、个人 {split[2]}"
    account.outcome("sh-pay-insurance", right, "base 4,200; five kinds", words, place)
    outside = run["excluded"] == {"community_police": 1} and "police" not in slips
    words = f"社区民警 {run['excluded'].get('community_police')} 人不在册"
    account.outcome("sh-pay-excluded", outside, "police apart", words, place)
    explained = all(line["article"] and line["words"] for each in lines.values() for line in each.values())
    added = all(_net(slip) == Decimal(slip["net"]) for slip in slips.values())
    total = sum((Decimal(slip["net"]) for slip in slips.values()), Decimal(0))
    words = f"{len(slips)} 人，{sum(map(len, lines.values()))} 行，实发 {run['net']} 元"
    account.outcome("sh-pay-sums", explained and added and total == Decimal(run["net"]), "equal", words, place)


def _net(slip: dict[str, Any]) -> Decimal:
    signs = {"income": 1, "withheld": -1, "employer": 0}
    return sum((signs[line["side"]] * Decimal(line["amount"]) for line in slip["lines"]), Decimal(0))


def _pay(cast: Cast, office: Session, run: dict[str, Any], dossiers: dict[str, str]) -> None:
    account, path = cast.account, f"/roster/pay-runs/{run['id']}"
    again = must(office.post(f"{path}/recomputation"), 200)
    same = (again["digest"], again["net"]) == (run["digest"], run["net"])
    place = "POST /api/v1/roster/pay-runs/{run_id}/recomputation"
    account.outcome("sh-pay-again", same, "the same digest", f"摘要 {run['digest'][:12]}…", place)
    account.answer("sh-pay-approved", _approve(cast, office, run), 200)
    made = must(office.post(f"{path}/bank-files"), 200)
    names = {each["full_name"] for each in made["missing"]}
    opened = office.post(f"{path}/bank-files/1/content", {"reason": "报送银行代发（演示）"})
    rows = opened.text.strip().splitlines() if opened.status_code == 200 else []
    listed = len(rows) == 3 and made["people"] == 2 and len(names) == 3
    words = f"代发 {made['people']} 人 {made['total']} 元；缺账号：{'、'.join(sorted(names))}"
    account.outcome("sh-pay-file", listed, "two paid, three missing", words, "POST …/bank-files")
    mine = every(cast.tenant["xuelian.worker"], "/roster/own/pay-slips")
    own = [each["dossier_id"] for each in mine] == [dossiers["both"]]
    words = f"实发 {mine[0]['net']} 元，{len(mine[0]['lines'])} 行" if mine else ""
    account.outcome("sh-pay-slip", own, "the own slip alone", words, "GET /api/v1/roster/own/pay-slips")


def _approve(cast: Cast, office: Session, run: dict[str, Any]) -> httpx.Response:
    sent = must(office.post(f"/roster/pay-runs/{run['id']}/submission", {"digest": run["digest"]}), 200)
    decision = {"action": "approve", "step": "township", "comment": "同意发放"}
    return cast.tenant["xuelian.office.approver"].post(f"/roster/approvals/{sent['case_id']}/decisions", decision)


def _correct(cast: Cast, office: Session, township: str, dossiers: dict[str, str]) -> None:
    account = cast.account
    _certify(cast, dossiers["plain"], "assistant_social_worker", "SW20240099A")
    body = {"unit_id": township, "month": "2025-06-01", "pays_on": "2025-07-10", "reason": "补登职业资格证书"}
    more = account.answer("sh-pay-correction", office.post("/roster/pay-corrections", body), 201, "差额 300.00 元")
    if (more["people"], more["net"]) != (1, "300.00"):
        account.outcome("sh-pay-correction", False, "300.00 for one", f"{more['people']} · {more['net']}")
    must(_approve(cast, office, more), 200)
    (cost,) = every(cast.tenant["division.hr.handler"], "/roster/pay-costs", year="2025")
    borne = cost["borne_by"] == ["league"] and cost["paid_by"] == "township"
    words = f"应发 {cost['income']} + 单位缴纳 {cost['employer']} = {cost['total']} 元；下年按此 {cost['next_year']} 元"
    account.outcome("sh-pay-cost", borne, "borne by the division-city", words, "GET /api/v1/roster/pay-costs")
    _budget(cast)


def _budget(cast: Cast) -> None:
    """The division-city bears the whole, and enters next year's need."""
    finance = cast.tenant["division.finance.handler"]

    def pay() -> dict[str, Any]:
        lines = must(finance.get("/roster/budgets", year="2025"), 200)["items"]
        return next(dict(each) for each in lines if each["cost"] == "pay")

    before = pay()
    entry = {"unit_id": before["unit_id"], "year": 2026, "cost": "pay", "amount": before["needed"]}
    must(finance.post("/roster/budget-entries", entry | {"document": "师市2026年度预算（演示）"}), 201)
    after = pay()
    words = f"全额 {before['percent']}%：已支出 {before['actual']} 元，下年 {after['next_entered']} 元"
    owed = (before["percent"], before["open"], after["open"]) == ("100", True, False)
    place = "GET /api/v1/roster/budgets"
    cast.account.outcome("sh-budget", owed, "the whole, open until entered", words, place)
