"""A recruitment in a made-up county, as far as a test needs it: plan, notice, sign-ups, review, stages, hire."""

from datetime import UTC, date, datetime
from typing import Any

import httpx

from kernel.testing.service_client import ServiceUnderTest, TestTenant
from kernel.testing.tree import Caller, person

BASE = "/api/v1/recruitment"
START = datetime(2024, 9, 10, 1, 0, tzinfo=UTC)
CLOSES = datetime(2024, 9, 20, 9, 30, tzinfo=UTC)
AFTER_PUBLICITY = datetime(2024, 10, 30, 1, 0, tzinfo=UTC)
REFERENCE = date(2024, 9, 30)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
DECLARATIONS: dict[str, Any] = {
    "citizen": True,
    "criminal_penalty": False,
    "criminal_case_open": False,
    "joint_punishment_listed": False,
    "identities": [],
}
JUDGED = (
    "eligibility.politics",
    "eligibility.conduct",
    "eligibility.fitness",
    "eligibility.post",
    "bar.state_security",
    "bar.statements",
    "bar.expelled",
    "bar.other",
)


def id_number(birth: date, number: int = 1) -> str:
    """A made-up ID number of the region 99, with a right check digit (GB 11643)."""
    head = f"990101{birth:%Y%m%d}{number:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(head, WEIGHTS, strict=True))
    return head + "10X98765432"[total % 11]


class Journey:
    """One tenant with the officials of the story. Every step answers the response; `made` insists on success."""

    def __init__(self, tenant: TestTenant, posts: dict[str, Caller]) -> None:
        self.tenant = tenant
        self.posts = posts

    @classmethod
    async def begin(cls, service: ServiceUnderTest, pack: str) -> "Journey":
        tenant = await service.new_tenant(pack, now=START)
        posts = {
            "handler": await tenant.appoint("county", "society_work"),
            "approver": await tenant.appoint("county", "society_work", "approver"),
            "league": await tenant.appoint("league", "society_work", "approver"),
            "league_handler": await tenant.appoint("league", "society_work"),
            "organization": await tenant.appoint("league", "organization"),
            "township": await tenant.appoint("township", "township_office"),
            "sibling": await tenant.appoint("sibling_county", "society_work"),
        }
        return cls(tenant, posts)

    async def call(
        self, who: str | Caller | None, method: str, path: str, body: Any = None, **more: Any
    ) -> httpx.Response:
        caller = self.posts[who] if isinstance(who, str) else who
        return await self.tenant.call(caller, method, BASE + path, body, **more)

    async def made(self, who: str | Caller, method: str, path: str, body: Any = None, **more: Any) -> dict[str, Any]:
        response = await self.call(who, method, path, body, **more)
        assert response.is_success, response.text
        answered: dict[str, Any] = response.json()
        return answered

    def plan_body(self, **changes: Any) -> dict[str, Any]:
        body = {
            "title": "2024年社区专职工作人员招聘方案",
            "publicity_days": 5,
            "publicity_unit": "working",
            "relaxed_age_limit": 45,
            "relaxed_education_codes": ["41", "61"],
            "items": [
                {
                    "community_unit_id": str(self.tenant.tree["community"].id),
                    "category": "community_staff",
                    "post_title": "社区专职工作人员",
                    "posts": 1,
                }
            ],
        }
        return body | changes

    async def draft(self, who: str = "handler", **changes: Any) -> dict[str, Any]:
        return await self.made(who, "POST", "/plans", self.plan_body(**changes))

    async def decide(self, who: str, case_id: str, action: str, step: str | None = None, **more: Any) -> httpx.Response:
        body = {"action": action, "step": step} | more
        return await self.call(who, "POST", f"/approvals/{case_id}/decisions", body)

    async def approved_plan(self, **changes: Any) -> dict[str, Any]:
        plan = await self.draft(**changes)
        plan = await self.made("handler", "POST", f"/plans/{plan['id']}/submit")
        assert (await self.decide("league", plan["case_id"], "approve", "league_review")).is_success
        return plan

    def notice_body(self, plan: dict[str, Any], **changes: Any) -> dict[str, Any]:
        body = {
            "plan_id": plan["id"],
            "title": "社区专职工作人员招聘公告",
            "conditions": "见《办法》第九条、第十一条",
            "materials": ["身份证", "学历证书"],
            "closes_at": CLOSES.isoformat(),
            "age_reference_date": REFERENCE.isoformat(),
            "birth_from": "1983-10-01",
            "birth_until": "2006-09-30",
        }
        return body | changes

    def correction_body(self, **changes: Any) -> dict[str, Any]:
        body = self.notice_body({"id": None}, reason="更正", **changes)
        del body["plan_id"]
        return body

    async def notice(self, **plan_changes: Any) -> dict[str, Any]:
        plan = await self.approved_plan(**plan_changes)
        return await self.made("handler", "POST", "/notices", self.notice_body(plan))

    def sign_up_body(self, notice: dict[str, Any], **changes: Any) -> dict[str, Any]:
        body = {
            "item_id": notice["items"][0]["id"],
            "name": "张三丰",
            "id_number": id_number(date(1995, 3, 1)),
            "phone": "13900000001",
            "education_code": "31",
            "declarations": DECLARATIONS,
        }
        return body | changes

    async def applied(
        self, notice: dict[str, Any], who: Caller | None = None, **changes: Any
    ) -> tuple[Caller, dict[str, Any]]:
        applicant = who or person()
        body = self.sign_up_body(notice, **changes)
        return applicant, await self.made(applicant, "POST", "/my/applications", body)

    async def judge_all(self, application_id: str, *, leave_out: str = "") -> None:
        for rule in JUDGED:
            if rule != leave_out:
                await self.judge(application_id, rule)

    async def judge(self, application_id: str, rule: str, outcome: str = "met") -> dict[str, Any]:
        body = {"rule": rule, "outcome": outcome, "reason": "经核查", "evidence": "核查记录"}
        return await self.made("handler", "POST", f"/applications/{application_id}/determinations", body)

    async def establish(self, who: str, application_id: str, fact: str, value: Any) -> httpx.Response:
        body = {"fact": fact, "value": value, "reason": "经走访", "evidence": "走访记录"}
        return await self.call(who, "POST", f"/applications/{application_id}/facts", body)

    async def conclude(self, application_id: str, outcome: str = "qualified") -> httpx.Response:
        return await self.call("handler", "POST", f"/applications/{application_id}/conclude", {"outcome": outcome})

    async def stage(self, application_id: str, step: str, outcome: str = "passed") -> httpx.Response:
        body = {"step": step, "outcome": outcome, "evidence": "记录一号"}
        return await self.call("handler", "POST", f"/applications/{application_id}/stages", body)

    async def ready(self, notice: dict[str, Any], **changes: Any) -> tuple[Caller, dict[str, Any]]:
        """An applicant who is qualified and passed every stage."""
        applicant, application = await self.applied(notice, **changes)
        await self.judge_all(application["id"])
        assert (await self.conclude(application["id"])).is_success
        for step in ("exam", "medical", "inspection"):
            assert (await self.stage(application["id"], step)).is_success
        return applicant, application

    async def propose(self, application: dict[str, Any]) -> httpx.Response:
        return await self.call("handler", "POST", "/hires", {"application_id": application["id"]})
