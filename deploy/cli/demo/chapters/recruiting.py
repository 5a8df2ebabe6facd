"""Plan, review, filing, notice, sign-up (NM-8)."""

from typing import Any

from deploy.cli.demo.account import Step
from deploy.cli.demo.cast import Cast
from deploy.cli.demo.client import Session, wait_for

STEPS = (
    Step("sign-in", "旗县经办人登录（授权码 + PKCE）"),
    Step("refresh", "刷新令牌轮换"),
    Step("plan", "旗县党委社会工作部门制定招聘方案", "NM-8"),
    Step("notice-too-early", "方案未经审核，公告不得发布", "NM-8"),
    Step("plan-not-free", "招聘人数超过社区空额，当即不予办理并列明数字", "NM-5"),
    Step("plan-submitted", "报送方案，先预留职数", "NM-5"),
    Step("plan-reserved", "花名册预留职数后，报盟市党委社会工作部门审核", "NM-5, NM-8"),
    Step("sibling-blind", "相邻旗县看不到该方案"),
    Step("plan-reviewed", "盟市党委社会工作部门审核通过", "NM-8"),
    Step("plan-filed", "盟市党委组织部门备案", "NM-8"),
    Step("notice", "发布招聘公告", "NM-8"),
    Step("notice-public", "任何人可查阅公告", "NM-8"),
    Step("registered", "报名人自行注册账号"),
    Step("bad-id-number", "身份证号码校验位有误，指出字段", "GB 11643"),
    Step("signed-up", "在线报名，证件号码脱敏显示", "NM-8"),
    Step("signed-up-once", "相同请求重复提交，只报名一次"),
    Step("sign-up-closed", "报名截止后不再受理", "NM-8"),
)


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
    draft = {
        "title": "2024年秋季公开招聘社区专职工作人员方案",
        "publicity_days": 5,
        "publicity_unit": "working",
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
    account.outcome("plan-reserved", sent["seats"] == "held", "posts are held", operation=f"GET /api/v1{path}")
    sibling = tenant["huimin.society.handler"].get(f"/recruitment/plans/{plan['id']}")
    account.answer("sibling-blind", sibling, 404)
    cast.kept["plan"] = plan["id"]
    case = f"/recruitment/approvals/{sent['case_id']}"
    review = {"action": "approve", "step": "league_review", "comment": "同意"}
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
        "materials": [{"kind": "diploma", "title": "学历证书"}],
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


def _sign_up(cast: Cast) -> None:
    account, tenant = cast.account, cast.tenant
    notice = cast.kept["notice"]
    applicant = tenant.newcomer("zhou.xiaolan", "Wulan-cha 2024!")
    account.outcome("registered", bool(applicant.tokens["access_token"]), "tokens", operation="POST /oauth/register")
    body = {
        "item_id": notice["items"][0]["id"],
        "name": "周晓岚",
        "id_number": "990101199001010020",
        "phone": "19900000001",
        "education_code": "21",
        "declarations": {asked["name"]: _stated(asked) for asked in notice["declarations"]},
    }
    wrong = applicant.post("/recruitment/my/applications", body)
    account.answer("bad-id-number", wrong, 422, words="/id_number", article="/id_number")
    body["id_number"] = "990101199001010027"
    key = "sign-up-of-zhou-xiaolan"
    first = applicant.post("/recruitment/my/applications", body, key=key)
    application = account.answer("signed-up", first, 201, first.json().get("id_number", ""))
    again = applicant.post("/recruitment/my/applications", body, key=key)
    same = again.status_code == 201 and again.content == first.content
    account.outcome("signed-up-once", same, "the same answer", operation="POST /api/v1/recruitment/my/applications")
    cast.kept["application"] = application["id"]
    cast.move_to("2024-09-21T01:00:00+00:00")
    late = tenant["applicant.second"].post(
        "/recruitment/my/applications", {**body, "name": "郑远行", "id_number": "990101198501010010"}
    )
    account.answer("sign-up-closed", late, 409, article="NM-8")


def _stated(asked: dict[str, Any]) -> Any:
    """What the applicant states of a fact that the notice asks for: a citizen, nothing against them."""
    if asked["name"] == "citizen":
        return True
    return {"bool": False, "texts": [], "int": 0, "text": "", "date": "2024-09-02"}[asked["kind"]]
