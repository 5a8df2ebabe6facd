"""A made-up jurisdiction in assessment, its officials and workers, and news from roster as it arrives there."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import msgspec
import orjson

from contracts.roster import ContractSigned, DutyStarted, PostLeft, PostTaken
from kernel.events.envelope import Envelope
from kernel.events.event import Event
from kernel.events.inbox import Outcome, receive
from kernel.events.subscriptions import Subscriptions
from kernel.ids import new_id
from kernel.regulation.loading import load
from kernel.testing.service_client import ServiceUnderTest, TestTenant
from kernel.testing.tree import PUBLIC, Caller, person
from tests.unit.services.assessment.packs import body as terms

NOW = datetime(2025, 12, 10, 2, 0, tzinfo=UTC)
PACK = load(Path(__file__).parents[4] / "regulations" / "neimenggu").to_json()
PATH = "/api/v1/assessment"
MARKS = {"service": 5, "attitude": 10}


def altered(**sections: dict[str, Any]) -> str:
    """The pack with members of sections replaced or added; None takes one away."""
    data = orjson.loads(PACK)
    for section, members in sections.items():
        for name, member in members.items():
            if member is None:
                del data["document"][section][name]
            else:
                data["document"].setdefault(section, {})[name] = member
    return orjson.dumps(data).decode()


@dataclass(slots=True)
class House:
    """The tenant with an official at each desk. `versions` counts the events of each dossier, as roster would."""

    service: ServiceUnderTest
    tenant: TestTenant
    county: Caller
    approver: Caller
    league: Caller
    township: Caller
    chief: Caller
    sibling: Caller
    sibling_approver: Caller
    finance: Caller
    versions: dict[UUID, int] = field(default_factory=dict)

    @classmethod
    async def open(cls, service: ServiceUnderTest, pack: str = PACK) -> "House":
        tenant = await service.new_tenant(pack, now=NOW)
        return cls(
            service,
            tenant,
            county=await tenant.appoint("county", "society_work"),
            approver=await tenant.appoint("county", "society_work", "approver"),
            league=await tenant.appoint("league", "society_work", "approver"),
            township=await tenant.appoint("township", "township_office"),
            chief=await tenant.appoint("township", "township_office", "approver"),
            sibling=await tenant.appoint("sibling_county", "society_work"),
            sibling_approver=await tenant.appoint("sibling_county", "society_work", "approver"),
            finance=await tenant.appoint("county", "finance"),
        )

    # news from roster

    async def deliver(self, event: Event, dossier: UUID) -> Outcome:
        """Hand an event of a dossier to the inbox as the broker would."""
        self.versions[dossier] = self.versions.get(dossier, 0) + 1
        envelope = Envelope(
            id=new_id(),
            source=event.source,
            tenant=self.tenant.id,
            aggregate_type=event.aggregate,
            aggregate_id=dossier,
            version=self.versions[dossier],
            event=event.name,
            event_version=event.v,
            business_time=self.tenant.now,
            recorded_at=self.tenant.now,
            body=msgspec.json.encode(event),
        )
        subscriptions = Subscriptions()
        for each in self.service.service.subscriptions:
            subscriptions.include(each)
        outcome, _ = await receive(self.service.database, self.service.config, subscriptions, envelope)
        return outcome

    async def worker(
        self,
        since: str = "2024-03-01",
        *,
        community: str = "community",
        role: str = "staff",
        category: str = "community_staff",
    ) -> Caller:
        """Somebody in post since that day; the dossier has the person's id, which keeps the tests short."""
        somebody = new_id()
        news = self.taken(somebody, since, community=community, role=role)
        await self.deliver(msgspec.structs.replace(news, category=category), somebody)
        return person(somebody)

    def taken(
        self, dossier: UUID, since: str, *, community: str = "community", role: str = "staff", post: UUID | None = None
    ) -> PostTaken:
        """The news of a post taken."""
        tree = self.tenant.tree
        return PostTaken(
            post_id=str(post or new_id()),
            dossier_id=str(dossier),
            person_id=str(dossier),
            category="community_staff",
            relation="labour_contract",
            role=role,
            post_title="社区专职工作人员",
            community_unit_id=str(tree[community].id),
            community_unit_no=tree[community].unit_no,
            township_unit_id=str(tree["township"].id),
            township_unit_no=tree["township"].unit_no,
            valid_from=since,
        )

    def left(self, taken: PostTaken, before: str) -> PostLeft:
        """The news that it was left."""
        return PostLeft(
            post_id=taken.post_id,
            dossier_id=taken.dossier_id,
            person_id=taken.person_id,
            role=taken.role,
            community_unit_id=taken.community_unit_id,
            community_unit_no=taken.community_unit_no,
            valid_before=before,
            ground="resignation",
        )

    def on_duty(self, dossier: UUID, since: str) -> DutyStarted:
        """The news of a duty started."""
        place = self.tenant.tree["community"]
        return DutyStarted(
            duty_id=str(new_id()),
            person_id=str(dossier),
            contract_id=str(new_id()),
            category="community_staff",
            post_title="社区专职工作人员",
            started_on=since,
            community_unit_id=str(place.id),
            community_unit_no=place.unit_no,
        )

    async def signed(self, before: str | None) -> tuple[Caller, UUID]:
        """Somebody signed a contract whose probation ends before that day; the person and the contract's id."""
        somebody, contract = new_id(), new_id()
        tree = self.tenant.tree
        event = ContractSigned(
            contract_id=str(contract),
            person_id=str(somebody),
            employer_unit_id=str(tree["township"].id),
            term_kind="fixed",
            valid_from="2025-11-01",
            valid_before="2028-11-01",
            probation_before=before,
            community_unit_no=tree["community"].unit_no,
        )
        await self.deliver(event, somebody)
        return person(somebody), contract

    # the assessment of a year

    async def post(self, caller: Caller | None, path: str, body: Any = None, wanted: int = 200) -> dict[str, Any]:
        """POST and see the status."""
        answer = await self.tenant.post(caller, f"{PATH}{path}", body)
        assert answer.status_code == wanted, answer.text
        return dict(answer.json())

    async def get(self, caller: Caller | None, path: str, **query: str) -> dict[str, Any]:
        """GET what is there."""
        answer = await self.tenant.get(caller, f"{PATH}{path}", query=query)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def draft(self, **changes: Any) -> dict[str, Any]:
        """The body of a method in force from today."""
        return {
            "title": "年度考核办法",
            "valid_from": self.tenant.now.date().isoformat(),
            "terms": terms(**changes),
        }

    async def method(self, **changes: Any) -> dict[str, Any]:
        """The county's method, drafted by the handler and approved by the approver."""
        scheme = await self.post(self.county, "/schemes", self.draft(**changes), 201)
        scheme = await self.post(self.county, f"/schemes/{scheme['id']}/submit")
        decision = {"action": "approve", "step": "approval", "comment": "同意"}
        await self.post(self.approver, f"/approvals/{scheme['case_id']}/decisions", decision)
        return await self.get(self.county, f"/schemes/{scheme['id']}")

    async def opened(self, year: int = 2025, **changes: Any) -> dict[str, Any]:
        """The cycle of that year under a method with these changes."""
        await self.method(**changes)
        return await self.post(self.county, "/cycles", {"year": year}, 201)

    async def results(self, cycle: str, caller: Caller | None = None) -> dict[str, dict[str, Any]]:
        """Results of a cycle by person."""
        items = (await self.get(caller or self.county, "/results", cycle_id=cycle, limit="200"))["items"]
        return {item["person_id"]: item for item in items}

    async def advance(self, cycle: str, stage: str, wanted: int = 200) -> dict[str, Any]:
        """End a stage."""
        return await self.post(self.county, f"/cycles/{cycle}/advance", {"stage": stage}, wanted)

    async def score(
        self, caller: Caller | None, component: str, points: dict[str, str], wanted: int = 200
    ) -> dict[str, Any]:
        """Score a component: points by result."""
        sheet = [{"result_id": each, "component": component, "points": given} for each, given in points.items()]
        return await self.post(caller, "/scores", {"scores": sheet}, wanted)

    async def survey(self, cycle: str, closes_on: str) -> str:
        """The survey of the cycle; its id."""
        body = {
            "title": "居民满意度测评",
            "questions": [
                {"code": "service", "text": "服务是否及时", "best": 5},
                {"code": "attitude", "text": "态度是否良好", "best": 10},
            ],
            "closes_on": closes_on,
        }
        return str((await self.post(self.county, f"/cycles/{cycle}/survey", body, 201))["id"])

    async def tokens(self, survey: str, count: int, community: str = "community") -> list[str]:
        """Tokens made by the township."""
        order = {"community_unit_id": str(self.tenant.tree[community].id), "count": count}
        return list((await self.post(self.township, f"/surveys/{survey}/tokens", order, 201))["tokens"])

    async def answer(self, survey: str, token: str, marks: dict[str, int] | None = None) -> httpx.Response:
        """A resident answers."""
        body = {"token": token, "marks": MARKS if marks is None else marks}
        return await self.tenant.post(PUBLIC, f"{PATH}/surveys/{survey}/answers", body)

    async def move_to(self, day: str) -> None:
        """Live in the morning of that day, with its timers run."""
        await self.live_on(day)
        while await self.service.run_timers():
            continue

    async def live_on(self, day: str) -> None:
        """Live in the morning of that day, before any timer has run."""
        await self.tenant.move_to(datetime.fromisoformat(f"{day}T02:00:00+00:00"))

    async def to_confirmation(
        self, cycle: str, points: dict[str, tuple[str, str]], *, closes_on: str, then: str, answers: int = 3
    ) -> None:
        """Take a cycle through self-assessment, both scorings and the survey: points by person."""
        results = await self.results(cycle)
        named = {results[who]["id"]: given for who, given in points.items()}
        await self.advance(cycle, "self")
        await self.score(self.township, "political_quality", {each: given[0] for each, given in named.items()})
        await self.advance(cycle, "township")
        await self.score(self.county, "work_results", {each: given[1] for each, given in named.items()})
        await self.advance(cycle, "county")
        survey = await self.survey(cycle, closes_on)
        for token in await self.tokens(survey, answers) if answers else []:
            assert (await self.answer(survey, token)).status_code == 201
        await self.move_to(then)
        await self.advance(cycle, "residents")

    async def assessed(
        self, year: int, points: dict[str, tuple[str, str]], *, closes_on: str, then: str, **changes: Any
    ) -> dict[str, dict[str, Any]]:
        """A whole year up to its confirmation; results by person."""
        cycle = (await self.opened(year, **changes))["id"]
        await self.to_confirmation(cycle, points, closes_on=closes_on, then=then)
        await self.post(self.approver, f"/cycles/{cycle}/confirm", {})
        while await self.service.run_timers():
            continue
        return await self.results(cycle)
