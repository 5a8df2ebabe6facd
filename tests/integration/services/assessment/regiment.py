"""A made-up regiment under the regulation of Shuanghe: its desks, and the seven stages of SH-22."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kernel.regulation.loading import load
from kernel.testing.service_client import ServiceUnderTest
from kernel.testing.tree import Caller, Place, Tree, numbered
from tests.integration.services.assessment.house import House
from tests.unit.services.assessment.packs import shuanghe_body

NOW = datetime(2025, 12, 8, 2, 0, tzinfo=UTC)
PACK = load(Path(__file__).parents[4] / "regulations" / "shuanghe").to_json()
NO_COUNTY: tuple[Place, ...] = (
    ("league", "league", None),
    ("township", "township", "league"),
    ("community", "community", "township"),
    ("other_community", "community", "township"),
    ("sibling_township", "township", "league"),
    ("sibling_community", "community", "sibling_township"),
)

Points = tuple[str, str, str]
"""What the two committees give, the daily work, and professional knowledge."""


@dataclass(slots=True)
class Desks:
    """Who acts beside the regiment office and its board."""

    branch: Caller
    organization: Caller
    civil_affairs: Caller
    township_civil_affairs: Caller


@dataclass(slots=True)
class Regiment(House):
    """The tenant. Of the desks of `House`, `county` and `township` are the regiment office, `approver` the board."""

    desks: Desks = field(kw_only=True)

    @classmethod
    async def open(cls, service: ServiceUnderTest, pack: str = PACK) -> "Regiment":
        tenant = await service.new_tenant(pack, now=NOW, tree=Tree(numbered(NO_COUNTY)))
        office = await tenant.appoint("township", "township_office")
        return cls(
            service,
            tenant,
            county=office,
            approver=await tenant.appoint("township", "assessment_board", "approver"),
            league=await tenant.appoint("league", "civil_affairs", "approver"),
            township=office,
            chief=await tenant.appoint("township", "township_office", "approver"),
            sibling=await tenant.appoint("sibling_township", "township_office"),
            sibling_approver=await tenant.appoint("sibling_township", "assessment_board", "approver"),
            finance=await tenant.appoint("league", "finance"),
            desks=Desks(
                branch=await tenant.appoint("community", "community_party"),
                organization=await tenant.appoint("league", "organization"),
                civil_affairs=await tenant.appoint("league", "civil_affairs"),
                township_civil_affairs=await tenant.appoint("township", "civil_affairs"),
            ),
        )

    def draft(self, **changes: Any) -> dict[str, Any]:
        """The body of a method in force from today."""
        body = {"title": "社区工作者考核评价办法", "valid_from": self.tenant.now.date().isoformat()}
        return body | {"terms": shuanghe_body(**changes)}

    async def method(self, **changes: Any) -> dict[str, Any]:
        """The regiment's method: no approval is written, so it stands when it is submitted; guidance is recorded."""
        scheme = await self.post(self.county, "/schemes", self.draft(**changes), 201)
        return await self.post(self.county, f"/schemes/{scheme['id']}/submit")

    async def scored(self, cycle: str, points: dict[str, Points]) -> None:
        """The stages up to the residents': points by person."""
        results = await self.results(cycle)
        named = {results[who]["id"]: given for who, given in points.items()}
        await self.advance(cycle, "self")
        await self.score(self.desks.branch, "peer_review", {each: given[0] for each, given in named.items()})
        await self.advance(cycle, "committees")
        await self.score(self.county, "daily_work", {each: given[1] for each, given in named.items()})
        await self.score(self.county, "professional_knowledge", {each: given[2] for each, given in named.items()})
        await self.advance(cycle, "township")

    async def rated(self, cycle: str, closes_on: str, then: str, *, answers: int = 2) -> None:
        """The residents' stage."""
        survey = await self.survey(cycle, closes_on)
        for token in await self.tokens(survey, answers) if answers else []:
            assert (await self.answer(survey, token)).status_code == 201
        await self.move_to(then)
        await self.advance(cycle, "residents")

    async def confirmed(self, year: int, points: dict[str, Points], *, closes_on: str, then: str) -> dict[str, Any]:
        """A year up to the board's confirmation."""
        cycle = str((await self.post(self.county, "/cycles", {"year": year}, 201))["id"])
        await self.scored(cycle, points)
        await self.rated(cycle, closes_on, then)
        return await self.post(self.approver, f"/cycles/{cycle}/confirm", {})

    async def file(self, case: str, wanted: int = 200) -> dict[str, Any]:
        """The office with which results are filed registers them."""
        body = {"action": "acknowledge", "step": "filing", "comment": "已登记备案"}
        return await self.post(self.desks.civil_affairs, f"/approvals/{case}/decisions", body, wanted)

    async def run_timers(self) -> None:
        """Run what is due."""
        while await self.service.run_timers():
            continue
