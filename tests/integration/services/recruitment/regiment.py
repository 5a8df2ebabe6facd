"""A recruitment that a regiment runs: as the journey of a county, with the officials, conditions and stages of SH."""

from datetime import UTC, date, datetime
from typing import Any

import httpx

from kernel.testing.service_client import ServiceUnderTest
from kernel.testing.tree import THREE_LEVELS, Tree, numbered
from tests.integration.services.recruitment.journey import Journey

START = datetime(2025, 2, 10, 1, 0, tzinfo=UTC)
CLOSES = datetime(2025, 2, 24, 9, 30, tzinfo=UTC)
EXAM = datetime(2025, 3, 3, 1, 0, tzinfo=UTC)
JUDGED = ("eligibility.politics", "eligibility.conduct", "eligibility.devotion", "eligibility.ability")
FREE = 20


class Regiment(Journey):
    """One tenant under SH: the regiment's office, the two departments that guide it, and a regiment beside it."""

    @classmethod
    async def begin(cls, service: ServiceUnderTest, pack: str) -> "Regiment":
        tenant = await service.new_tenant(pack, now=START, tree=Tree(numbered(THREE_LEVELS)))
        posts = {
            "handler": await tenant.appoint("township", "township_office"),
            "approver": await tenant.appoint("township", "township_office", "approver"),
            "civil": await tenant.appoint("league", "civil_affairs"),
            "human": await tenant.appoint("league", "human_resources"),
            "finance": await tenant.appoint("league", "finance"),
            "sibling": await tenant.appoint("sibling_township", "township_office"),
            "sibling_approver": await tenant.appoint("sibling_township", "township_office", "approver"),
        }
        regiment = cls(tenant, posts)
        for unit in ("community", "other_community"):
            await regiment.tell_headcount(unit, fixed=FREE)
        return regiment

    def plan_body(self, **changes: Any) -> dict[str, Any]:
        item = {
            "community_unit_id": str(self.tenant.tree["community"].id),
            "category": "community_staff",
            "post_title": "社区工作人员",
            "posts": 1,
        }
        return {"title": "2025年社区工作人员招聘方案", "items": [item]} | changes

    async def approved_plan(self, **changes: Any) -> dict[str, Any]:
        return await self.submitted(await self.draft(**changes))

    def notice_body(self, plan: dict[str, Any], **changes: Any) -> dict[str, Any]:
        body = {
            "plan_id": plan["id"],
            "title": "社区工作人员招聘公告",
            "conditions": "见《办法》第六条",
            "materials": [{"kind": "identity_card", "title": "身份证"}],
            "exam": {"written_weight": 5000, "interview_weight": 5000, "interview_ratio": 3, "replacement_rounds": 1},
            "closes_at": CLOSES.isoformat(),
        }
        return body | changes

    def sign_up_body(self, notice: dict[str, Any], **changes: Any) -> dict[str, Any]:
        return super().sign_up_body(notice, **({"declarations": {}} | changes))

    async def judge_all(self, application_id: str, *, leave_out: str = "") -> None:
        for rule in JUDGED:
            if rule != leave_out:
                await self.judge(application_id, rule)

    async def seated(self, notice: dict[str, Any], **changes: Any) -> dict[str, str]:
        await self.tenant.move_to(EXAM)
        body = {"place": "团部中学", "held_at": EXAM.isoformat(), "rooms": [{"name": "一考场", "seats": 30}]}
        await self.made("handler", "POST", f"/notices/{notice['id']}/exam", body | changes)
        return await self.tickets(notice)

    async def vet(self, application_id: str, who: str = "handler", **changes: Any) -> httpx.Response:
        """Record the political vetting."""
        body = {"step": "vetting", "outcome": "passed", "reason": "档案齐全，走访属实", "evidence": "政审表一号"}
        return await self.call(who, "POST", f"/applications/{application_id}/stages", body | changes)

    async def fit(self, application_id: str) -> None:
        assert (await self.stage(application_id, "medical")).is_success
        assert (await self.vet(application_id)).is_success


def born(years: int) -> date:
    """A birthday of somebody of that many completed years when sign-up closes."""
    return date(CLOSES.year - years, 1, 1)
