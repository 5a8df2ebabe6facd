"""The officials who fix numbers of posts in a made-up league, and what they do as far as a test needs it."""

from typing import Any
from uuid import UUID

import httpx

from contracts.recruitment import PlanAsksForPosts, PlanEnded
from contracts.roster import PostLeft, PostTaken
from kernel.events.inbox import Outcome
from kernel.ids import new_id
from kernel.testing.tree import Caller
from tests.integration.services.roster.house import PATH, House

DAY = "2025-03-10"
COUNTIES = ("county", "sibling_county")


class Desk:
    """A tenant with the desks of NM-6."""

    def __init__(self, house: House, posts: dict[str, Caller]) -> None:
        self.house = house
        self.tenant = house.tenant
        self.posts = posts
        self._versions: dict[UUID, int] = {}

    @classmethod
    async def open(cls, house: House) -> "Desk":
        appoint = house.tenant.appoint
        return cls(
            house,
            {
                "league": await appoint("league", "society_work"),
                "league_approver": await appoint("league", "society_work", "approver"),
                "county": await appoint("county", "society_work"),
                "county_approver": await appoint("county", "society_work", "approver"),
                "party": await appoint("county", "party_committee", "approver"),
                "government": await appoint("county", "government", "approver"),
                "sibling": await appoint("sibling_county", "society_work"),
                "other_league": await appoint("other_league", "society_work", "approver"),
                "township": house.township,
                "finance": house.finance,
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

    async def decide(self, who: str, case_id: str, action: str, step: str | None = None, **more: Any) -> httpx.Response:
        return await self.call(who, "POST", f"/approvals/{case_id}/decisions", {"action": action, "step": step} | more)

    # NM-5: population and ceiling

    def population_body(self, people: int = 16_665, **changes: Any) -> dict[str, Any]:
        return {"year": 2024, "population": people, "source": "统计公报〔2025〕1号", "valid_from": DAY} | changes

    async def population(self, people: int = 16_665, **changes: Any) -> dict[str, Any]:
        """A population figure that was approved."""
        made = await self.made("league", "POST", "/populations", self.population_body(people, **changes))
        assert (await self.decide("league_approver", made["case_id"], "approve", "approval")).is_success
        return await self.made("league", "GET", f"/populations/{made['id']}")

    # NM-6: totals and numbers

    def totals_body(self, valid_from: str = DAY, **posts: int) -> dict[str, Any]:
        items = [{"unit_id": self.id_of(unit), "posts": number} for unit, number in posts.items()]
        return {"valid_from": valid_from, "items": items}

    async def fix(self, valid_from: str = DAY, **posts: int) -> httpx.Response:
        return await self.call("league_approver", "POST", "/headcount-totals", self.totals_body(valid_from, **posts))

    async def propose(self, valid_from: str = DAY, **posts: int) -> httpx.Response:
        body = self.totals_body(valid_from, **posts) | {"reason": "按社区规模分配"}
        return await self.call("county", "POST", "/headcount-proposals", body)

    async def approve(self, proposal: dict[str, Any]) -> None:
        for who, step in (("party", "party_committee"), ("government", "government")):
            decided = await self.decide(who, proposal["case_id"], "approve", step)
            assert decided.is_success, decided.text

    async def numbers(self, valid_from: str = DAY, **posts: int) -> dict[str, Any]:
        """Numbers of communities that are in force."""
        proposed = await self.propose(valid_from, **posts)
        assert proposed.status_code == 201, proposed.text
        await self.approve(proposed.json())
        return dict(proposed.json())

    async def staffed(self, *, total: int = 9, **posts: int) -> None:
        """Population, a total for the county, and numbers of its communities."""
        await self.population()
        assert (await self.fix(county=total)).is_success
        await self.numbers(**posts)

    async def headcount(self, unit: str, who: str = "league", **query: str) -> dict[str, Any]:
        place = self.tenant.tree[unit]
        asked = {"unit_id": str(place.id), "level": place.level} | query
        found = await self.made(who, "GET", "/headcounts", query=asked)
        return dict(next(each for each in found["items"] if each["unit_id"] == str(place.id)))

    # news

    def _next(self, aggregate: UUID) -> int:
        self._versions[aggregate] = self._versions.get(aggregate, 0) + 1
        return self._versions[aggregate]

    async def ask(self, plan_id: UUID, *, number: int = 1, **posts: int) -> dict[str, Any]:
        """A plan asks for posts; what roster answers."""
        units, wanted = [self.id_of(unit) for unit in posts], list(posts.values())
        asked = PlanAsksForPosts(plan_id=str(plan_id), unit_ids=units, posts=wanted, round=number)
        assert await self.house.deliver(asked, plan_id, self._next(plan_id)) is Outcome.APPLIED
        return await self.answer(plan_id)

    async def answer(self, plan_id: UUID) -> dict[str, Any]:
        """The newest answer to a plan."""
        told = [each for each in await self.tenant.events("answered") if each.aggregate_id == plan_id]
        return dict(told[-1].data)

    async def end(self, plan_id: UUID, why: str, *, number: int = 1, **filled: int) -> None:
        units, counts = [self.id_of(unit) for unit in filled], list(filled.values())
        ended = PlanEnded(plan_id=str(plan_id), why=why, round=number, unit_ids=units, filled=counts)
        await self.house.deliver(ended, plan_id, self._next(plan_id))

    async def take(
        self,
        unit: str,
        person_id: UUID,
        *,
        dossier_id: UUID | None = None,
        category: str = "community_staff",
        on: str = DAY,
    ) -> PostTaken:
        """Roster's own news of a post taken."""
        place, dossier = self.tenant.tree[unit], dossier_id or new_id()
        taken = PostTaken(
            post_id=str(new_id()),
            dossier_id=str(dossier),
            person_id=str(person_id),
            category=category,
            relation="labour_contract",
            role="staff",
            post_title="社区专职工作人员",
            community_unit_id=str(place.id),
            community_unit_no=place.unit_no,
            township_unit_id=None,
            township_unit_no=None,
            valid_from=on,
        )
        await self.house.deliver(taken, dossier, self._next(dossier))
        return taken

    async def leave(self, taken: PostTaken, before: str) -> None:
        left = PostLeft(
            post_id=taken.post_id,
            dossier_id=taken.dossier_id,
            person_id=taken.person_id,
            role=taken.role,
            community_unit_id=taken.community_unit_id,
            community_unit_no=taken.community_unit_no,
            valid_before=before,
            ground="resignation",
        )
        dossier = UUID(taken.dossier_id)
        await self.house.deliver(left, dossier, self._next(dossier))
