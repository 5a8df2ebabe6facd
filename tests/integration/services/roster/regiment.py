"""Roster under the regulation of Shuanghe: a regiment with its communities, and one right below the division-city."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx

from kernel.regulation.loading import load
from kernel.testing.service_client import ServiceUnderTest, TestTenant
from kernel.testing.tree import THREE_LEVELS, Caller, Tree, numbered
from tests.integration.services.recruitment.journey import id_number
from tests.integration.services.roster.house import PATH

NOW = datetime(2025, 1, 6, 2, 0, tzinfo=UTC)
DAY = "2025-01-06"
PACK = load(Path(__file__).parents[4] / "regulations" / "shuanghe").to_json()
TERM = {"term_from": DAY, "term_before": "2030-01-06", "instrument": "选举结果报告单2025-1号"}


class Regiment:
    """The tenant and the desks that fill posts there."""

    def __init__(self, tenant: TestTenant, posts: dict[str, Caller]) -> None:
        self.tenant, self.posts = tenant, posts
        self.numbers = 0

    @classmethod
    async def open(cls, service: ServiceUnderTest, pack: str = PACK) -> "Regiment":
        tenant = await service.new_tenant(pack, now=NOW, tree=Tree(numbered(THREE_LEVELS)))
        return cls(
            tenant,
            {
                "handler": await tenant.appoint("township", "township_office"),
                "approver": await tenant.appoint("township", "township_office", "approver"),
                "civil": await tenant.appoint("league", "civil_affairs"),
                "civil_approver": await tenant.appoint("league", "civil_affairs", "approver"),
                "sibling": await tenant.appoint("sibling_township", "township_office", "approver"),
                "board": await tenant.appoint("township", "assessment_board", "approver"),
            },
        )

    def id_of(self, unit: str) -> str:
        return str(self.tenant.tree[unit].id)

    async def call(self, who: str | None, method: str, path: str, body: Any = None, **more: Any) -> httpx.Response:
        caller = self.posts[who] if who is not None else None
        return await self.tenant.call(caller, method, f"{PATH}{path}", body, **more)

    async def made(self, who: str, method: str, path: str, body: Any = None, **more: Any) -> dict[str, Any]:
        answer = await self.call(who, method, path, body, **more)
        assert answer.is_success, answer.text
        return dict(answer.json())

    def size_body(self, households: int, unit: str = "community", **changes: Any) -> dict[str, Any]:
        return {
            "unit_id": self.id_of(unit),
            "households": households,
            "counted_on": "2024-12-31",
            "source": "2024年末户数统计表",
            "valid_from": DAY,
        } | changes

    async def size(
        self, households: int, unit: str = "community", who: str = "approver", **changes: Any
    ) -> httpx.Response:
        return await self.call(who, "POST", "/community-sizes", self.size_body(households, unit, **changes))

    async def headcount(self, unit: str = "community", who: str = "civil", **query: str) -> dict[str, Any]:
        found = await self.made(who, "GET", "/headcounts", query={"unit_id": self.id_of(unit)} | query)
        return dict(next(each for each in found["items"] if each["unit_id"] == self.id_of(unit)))

    def worker(
        self, *posts: str, unit: str = "community", part_time: bool = False, since: str = "2024-06-03", **changes: Any
    ) -> dict[str, Any]:
        """The import of somebody who serves in these posts."""
        self.numbers += 1
        given = [{"role": role, "valid_from": since} | ({"part_time": True} if part_time else {}) for role in posts]
        return {
            "full_name": f"测试{self.numbers}",
            "id_number": id_number(date(1985, 1, 1), self.numbers),
            "phone": "13900000000",
            "category": "community_staff",
            "community_unit_id": self.id_of(unit),
            "posts": given,
            "background": {"education_code": "31"},
        } | changes

    async def enter(self, *posts: str, who: str = "handler", **more: Any) -> httpx.Response:
        return await self.call(who, "POST", "/dossiers/imports", self.worker(*posts, **more))

    async def entered(self, *posts: str, **more: Any) -> dict[str, Any]:
        answer = await self.enter(*posts, **more)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def elect(self, dossier: dict[str, Any], role: str, who: str = "handler", **changes: Any) -> httpx.Response:
        path = f"/dossiers/{dossier['id']}/elections"
        return await self.call(who, "POST", path, {"role": role} | TERM | changes)

    async def composition(self, unit: str = "community", who: str = "handler") -> dict[str, Any]:
        return await self.made(who, "GET", f"/communities/{self.id_of(unit)}/composition")
