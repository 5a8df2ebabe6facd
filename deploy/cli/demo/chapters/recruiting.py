"""Plan, review, filing, notice, and the sign-up of eight people with their documents (NM-8, NM-9)."""

import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import httpx

from deploy.cli.demo.account import Step
from deploy.cli.demo.cast import Cast
from deploy.cli.demo.client import Session, wait_for
from deploy.cli.demo.papers import PDF, beside, page_with

STEPS = (
    Step("sign-in", "旗县经办人登录（授权码 + PKCE）"),
    Step("refresh", "刷新令牌轮换"),
    Step("plan", "旗县党委社会工作部门制定招聘方案", "NM-8"),
    Step("notice-too-early", "方案未经审核，公告不得发布", "NM-8"),
    Step("plan-not-free", "招聘人数超过社区空额，当即不予办理并列明数字", "NM-5"),
    Step("plan-submitted", "报送方案，先预留职数", "NM-5"),
    Step("plan-reserved", "花名册预留职数后，报盟市党委社会工作部门审核", "NM-5, NM-8"),
    Step("sibling-blind", "相邻旗县看不到该方案"),
    Step("other-league-blind", "其他盟市不得审核，如同不存在"),
    Step("notice-unreviewed", "方案尚在审核，公告不得发布", "NM-8"),
    Step("plan-paper", "旗县在计划审核事项中附会议纪要"),
    Step("plan-reviewed", "盟市党委社会工作部门审核通过", "NM-8"),
    Step("plan-filed", "盟市党委组织部门备案", "NM-8"),
    Step("notice", "发布招聘公告", "NM-8"),
    Step("notice-public", "任何人可查阅公告", "NM-8"),
    Step("composition", "公告载明成绩构成；未写明的用默认值并注明", "NM-8"),
    Step("registered", "报名人自行注册账号"),
    Step("bad-id-number", "身份证号码校验位有误，指出字段", "GB 11643"),
    Step("signed-up", "在线报名，证件号码脱敏显示", "NM-8"),
    Step("signed-up-once", "相同请求重复提交，只报名一次"),
    Step("document", "上传身份证件（PDF）", "NM-8"),
    Step("document-disguised", "内容与所称类型不符的文件不予接收"),
    Step("second-account", "同一人换账号再次报名，不予受理", "NM-8"),
    Step("eight", "八人报名，各自上传材料", "NM-8"),
    Step("document-read", "审查人员查阅材料，内容与上传一致", "NM-8"),
    Step("document-foreign", "看不到他人的报名材料"),
    Step("withdrawn", "截止前可撤销报名", "NM-8"),
    Step("sign-up-closed", "报名截止后不再受理", "NM-8"),
    Step("document-late", "报名截止后，未经要求不再接收材料", "NM-8"),
)
MINE = "/recruitment/my/applications"


@dataclass(frozen=True, slots=True, eq=False)
class Applicant:
    """Somebody who signs up. `birth`: eight digits; `education_code`: GB/T 4658; `hands_in`: kinds of documents."""

    user_name: str
    name: str
    birth: str
    education_code: str
    hands_in: tuple[str, ...] = ("identity_card", "diploma")
    states: tuple[tuple[str, Any], ...] = ()

    @property
    def id_number(self) -> str:
        """Under region 99, which nobody has, with the check digit of GB 11643."""
        digits = f"990101{self.birth}002"
        total = sum(int(digit) * (2 ** (17 - place) % 11) for place, digit in enumerate(digits))
        return digits + "10X98765432"[total % 11]


ZHOU = Applicant(
    "zhou.xiaolan",
    "周晓岚",
    "19900101",
    "21",
    ("identity_card", "diploma", "certificate"),
    (("social_work_certificate", True),),
)
"""Who is hired in the end: one of the two with equal totals, the one with the certificate."""
EQUAL = Applicant("tian.shuhe", "田书禾", "19920506", "21", ("identity_card",))
AGED_41 = Applicant("gao.yuanshan", "高远山", "19830315", "31")
RELAXED = Applicant(
    "ren.beichuan",
    "任北川",
    "19801120",
    "61",
    ("identity_card", "diploma", "identity_proof"),
    (("identities", ["veteran"]),),
)
IDENTITY_ONLY = Applicant(
    "shi.moran",
    "石墨然",
    "19880708",
    "61",
    ("identity_card", "diploma", "identity_proof"),
    (("identities", ["resident_volunteer"]),),
)
NO_COLLEGE = Applicant("fang.tingyu", "方听雨", "19950910", "61")
BARRED = Applicant("du.qingyan", "杜清砚", "19911212", "21")
WITHDRAWS = Applicant("ji.nanxing", "纪南星", "19930214", "31")
OTHERS = (EQUAL, AGED_41, RELAXED, IDENTITY_ONLY, NO_COLLEGE, BARRED, WITHDRAWS)
RELAXED_AGE_LIMIT = 45
RELAXED_EDUCATION_CODES = ["61"]
"""How far this plan lets the organiser go: a graduate of senior secondary school of 45."""


def tell(cast: Cast) -> None:
    """From the plan to the closing of the sign-up."""
    account, tenant = cast.account, cast.tenant
    handler = tenant["xincheng.society.handler"]
    account.outcome("sign-in", bool(handler.tokens["id_token"]), "tokens", operation="GET /oauth/authorize")
    before = handler.tokens["refresh_token"]
    renewed = handler.refresh()
    account.answer("refresh", renewed, 200, "" if before != handler.tokens["refresh_token"] else "not rotated")
    units = handler.get("/directory/units", limit="200").json()["items"]
    cast.units |= {unit["code"]: unit for unit in units}
    _plan(cast)
    _notice(cast)
    _sign_up(cast)


def _plan(cast: Cast) -> None:
    account, tenant = cast.account, cast.tenant
    handler = tenant["xincheng.society.handler"]
    # Services hear of a new tenant by event; the first request waits for that.
    wait_for(lambda: handler.get("/recruitment/plans").status_code == 200, "the tenant in recruitment")
    draft: dict[str, Any] = {
        "title": "2024年秋季公开招聘社区专职工作人员方案",
        "publicity_days": 5,
        "publicity_unit": "working",
        "relaxed_age_limit": RELAXED_AGE_LIMIT,
        "relaxed_education_codes": RELAXED_EDUCATION_CODES,
        "items": [
            {
                "community_unit_id": cast.units["150102091091"]["id"],
                "category": "community_staff",
                "post_title": "社区专职工作人员",
                "posts": 1,
            }
        ],
    }
    plan = account.answer("plan", handler.post("/recruitment/plans", draft), 201, "新城区 · 晨光社区 1 人")
    early = handler.post("/recruitment/notices", _notice_text(plan["id"]))
    account.answer("notice-too-early", early, 409, article="NM-8")
    _not_free(cast, handler, draft)
    path = f"/recruitment/plans/{plan['id']}"
    account.answer("plan-submitted", handler.post(f"{path}/submit"), 200)
    sent = wait_for(lambda: _with_case(handler, path), "the reserved posts")
    seat = handler.get(f"/roster/headcounts?unit_id={draft['items'][0]['community_unit_id']}").json()["items"][0]
    held = sent["seats"] == "held" and seat["reserved"] == 1
    words = f"核定 {seat['fixed']} · 预留 {seat['reserved']} · 空额 {seat['free']}"
    account.outcome("plan-reserved", held, "posts are held", words, f"GET /api/v1{path}")
    sibling = tenant["huimin.society.handler"].get(f"/recruitment/plans/{plan['id']}")
    account.answer("sibling-blind", sibling, 404)
    cast.kept["plan"] = plan["id"]
    case = f"/recruitment/approvals/{sent['case_id']}"
    review = {"action": "approve", "step": "league_review", "comment": "同意"}
    elsewhere = tenant["baotou.society.approver"].post(f"{case}/decisions", review)
    account.answer("other-league-blind", elsewhere, 404)
    unreviewed = handler.post("/recruitment/notices", _notice_text(plan["id"]))
    account.answer("notice-unreviewed", unreviewed, 409, article="NM-8")
    beside(account, "plan-paper", handler, case, "The minutes of the county")
    account.answer("plan-reviewed", tenant["hohhot.society.approver"].post(f"{case}/decisions", review), 200)
    filing = {"action": "acknowledge", "step": "league_filing"}
    account.answer("plan-filed", tenant["hohhot.organization.handler"].post(f"{case}/decisions", filing), 200)


def _not_free(cast: Cast, handler: Session, draft: dict[str, Any]) -> None:
    """One post more than the community has."""
    item = draft["items"][0]
    known = f"/roster/headcounts?unit_id={item['community_unit_id']}"
    free = handler.get(known).json()["items"][0]["free"]
    larger = handler.post("/recruitment/plans", draft | {"items": [item | {"posts": free + 1}]}).json()

    def refused() -> Any:
        # Until recruitment has heard of the numbers it answers that none is fixed.
        answer = handler.post(f"/recruitment/plans/{larger['id']}/submit")
        return answer if "NM-5" in answer.text else None

    cast.account.answer("plan-not-free", wait_for(refused, "the numbers in recruitment"), 409, article="NM-5")


def _with_case(handler: Session, path: str) -> dict[str, Any] | None:
    plan: dict[str, Any] = handler.get(path).json()
    return plan if plan["case_id"] else None


def _notice_text(plan_id: str) -> dict[str, Any]:
    return {
        "plan_id": plan_id,
        "title": "新城区2024年公开招聘社区专职工作人员公告",
        "conditions": "符合《内蒙古自治区社区工作者管理办法（试行）》第九条规定的基本条件。",
        "materials": [
            {"kind": "identity_card", "title": "身份证件", "required": True},
            {"kind": "diploma", "title": "学历证书", "required": True},
            {"kind": "certificate", "title": "社会工作者职业资格证书"},
            {"kind": "identity_proof", "title": "党员、志愿者、退役军人等身份证明"},
        ],
        # Half and half, unlike the usual here: what the notice writes holds, the rest is the pack's default.
        "exam": {"written_weight": 5000, "interview_weight": 5000, "interview_ratio": 3, "replacement_rounds": 1},
        "closes_at": "2024-09-20T10:00:00+00:00",
        "age_reference_date": "2024-09-02",
    }


def _notice(cast: Cast) -> None:
    account, tenant = cast.account, cast.tenant
    handler = tenant["xincheng.society.handler"]
    made = handler.post("/recruitment/notices", _notice_text(cast.kept["plan"]))
    notice = account.answer("notice", made, 201)
    shown = account.answer("notice-public", tenant.public(f"/recruitment/notices/{notice['id']}"), 200)
    cast.kept["notice"] = shown
    exam = shown["exam"]
    stated = (exam["written_weight"], exam["interview_weight"]) == (5000, 5000) and "written_weight" not in exam["ours"]
    words = f"笔试面试各半；默认：{'、'.join(exam['ours'])}"
    account.outcome("composition", stated and bool(exam["ours"]), "as the notice writes", words, "GET /public/…")


def _sign_up(cast: Cast) -> None:
    account, tenant = cast.account, cast.tenant
    applicant = tenant.newcomer(ZHOU.user_name, _password())
    account.outcome("registered", bool(applicant.tokens["access_token"]), "tokens", operation="POST /oauth/register")
    body = _form(cast, ZHOU)
    wrong = body | {"id_number": "990101199001010020"}
    account.answer("bad-id-number", applicant.post(MINE, wrong), 422, words="/id_number", article="/id_number")
    key = "sign-up-of-zhou-xiaolan"
    first = applicant.post(MINE, body, key=key)
    application = account.answer("signed-up", first, 201, first.json().get("id_number", ""))
    again = applicant.post(MINE, body, key=key)
    same = again.status_code == 201 and again.content == first.content
    account.outcome("signed-up-once", same, "the same answer", operation="POST /api/v1/recruitment/my/applications")
    cast.kept["application"] = application["id"]
    cast.kept["applications"] = {ZHOU: application["id"]}
    _hand_in(cast, applicant)
    _others(cast)
    cast.move_to("2024-09-21T01:00:00+00:00")
    late = tenant["applicant.second"].post(MINE, body | {"name": "郑远行", "id_number": "990101198501010010"})
    account.answer("sign-up-closed", late, 409, article="NM-8")
    account.answer("document-late", hand_in(cast, ZHOU, "diploma"), 409)


def _hand_in(cast: Cast, applicant: Session) -> None:
    account = cast.account
    for kind in ZHOU.hands_in:
        taken = hand_in(cast, ZHOU, kind)
        if taken.status_code != 201 or kind == ZHOU.hands_in[0]:
            account.answer("document", taken, 201, f"{taken.json().get('size')} 字节")
    path = f"{MINE}/{cast.kept['application']}/documents"
    disguised = applicant.upload(path, b"MZ not a document", PDF, name="证书.pdf", kind="diploma")
    account.answer("document-disguised", disguised, 415)


def _others(cast: Cast) -> None:
    """Seven more, each with an account of their own."""
    account, tenant = cast.account, cast.tenant
    with ThreadPoolExecutor() as crowd:
        sessions = list(crowd.map(lambda each: tenant.newcomer(each.user_name, _password()), OTHERS))
    for each, session in zip(OTHERS, sessions, strict=True):
        if each is EQUAL:
            twice = session.post(MINE, _form(cast, each) | {"id_number": ZHOU.id_number})
            account.answer("second-account", twice, 409, article="NM-8")
        signed = session.post(MINE, _form(cast, each))
        if signed.status_code != 201:
            account.answer("eight", signed, 201)
        cast.kept["applications"][each] = signed.json()["id"]
        for kind in each.hands_in:
            taken = hand_in(cast, each, kind)
            if taken.status_code != 201:
                account.answer("eight", taken, 201)
    handler = tenant["xincheng.society.handler"]
    listed = handler.get("/recruitment/applications", notice_id=cast.kept["notice"]["id"])
    names = [each["name"] for each in listed.json()["items"]]
    account.outcome(
        "eight", len(names) == 1 + len(OTHERS), "8", "、".join(names), "GET /api/v1/recruitment/applications"
    )
    kept = f"/recruitment/applications/{cast.kept['application']}/documents"
    document = next(each for each in handler.get(kept).json()["documents"] if each["kind"] == "diploma")
    read = handler.get(f"{kept}/{document['id']}/contents")
    account.answer("document-read", read, 200, document["name"])
    if read.content != page_with("diploma"):
        account.outcome("document-read", False, "the bytes that were handed in", f"{len(read.content)}")
    foreign = tenant[EQUAL.user_name].get(f"{MINE}/{cast.kept['application']}/documents")
    account.answer("document-foreign", foreign, 404)
    given_up = tenant[WITHDRAWS.user_name].post(f"{MINE}/{cast.kept['applications'][WITHDRAWS]}/withdraw")
    account.answer("withdrawn", given_up, 200, WITHDRAWS.name)


def hand_in(cast: Cast, who: Applicant, kind: str) -> httpx.Response:
    """Upload a document of that kind for the applicant's own application."""
    path = f"{MINE}/{cast.kept['applications'][who]}/documents"
    return cast.tenant[who.user_name].upload(path, page_with(kind), PDF, name=f"{who.name}.pdf", kind=kind)


def _password() -> str:
    """What an applicant chooses for the own account."""
    return f"Aa1!{secrets.token_urlsafe(12)}"


def _form(cast: Cast, who: Applicant) -> dict[str, Any]:
    notice = cast.kept["notice"]
    stated = {asked["name"]: _stated(asked) for asked in notice["declarations"] if asked["required"]}
    return {
        "item_id": notice["items"][0]["id"],
        "name": who.name,
        "id_number": who.id_number,
        "phone": "19900000001",
        "education_code": who.education_code,
        "declarations": stated | dict(who.states),
    }


def _stated(asked: dict[str, Any]) -> Any:
    """What the applicant states of a fact that the notice asks for: a citizen, nothing against them."""
    if asked["name"] == "citizen":
        return True
    return {"bool": False, "texts": [], "int": 0, "text": "", "date": "2024-09-02"}[asked["kind"]]
