"""A made-up jurisdiction in training, its officials, and news of hires as it arrives there."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import msgspec
import orjson

from contracts.recruitment import Hired
from contracts.roster import PostLeft, PostTaken
from kernel.events.envelope import Envelope
from kernel.events.event import Event
from kernel.events.inbox import Outcome, receive
from kernel.events.subscriptions import Subscriptions
from kernel.ids import new_id
from kernel.regulation.loading import load
from kernel.testing.service_client import ServiceUnderTest, TestTenant
from kernel.testing.tree import Caller, person

NOW = datetime(2025, 3, 10, 2, 0, tzinfo=UTC)
PACK = load(Path(__file__).parents[4] / "regulations" / "neimenggu").to_json()
PATH = "/api/v1/training"


def silent(*paths: str) -> str:
    """The pack without figures of those paths: `absent`, as a regulation that does not say."""
    data = orjson.loads(PACK)
    for path in paths:
        known = data["document"]["parameters"][path]
        data["document"]["parameters"][path] = {"kind": known["kind"], "label": known["label"], "absent": True}
    return orjson.dumps(data).decode()


@dataclass(slots=True)
class House:
    """The tenant with an official at each desk."""

    service: ServiceUnderTest
    tenant: TestTenant
    township: Caller
    county: Caller
    finance: Caller
    sibling: Caller

    @classmethod
    async def open(cls, service: ServiceUnderTest, pack: str = PACK) -> "House":
        tenant = await service.new_tenant(pack, now=NOW)
        return cls(
            service,
            tenant,
            township=await tenant.appoint("township", "township_office"),
            county=await tenant.appoint("county", "society_work"),
            finance=await tenant.appoint("county", "finance"),
            sibling=await tenant.appoint("sibling_county", "society_work"),
        )

    async def deliver(self, event: Hired, *, event_id: UUID | None = None) -> Outcome:
        """Hand the hire to the inbox as the broker would."""
        return await self.receive(event, UUID(event.application_id), 1, event_id=event_id)

    async def receive(self, event: Event, aggregate_id: UUID, version: int, *, event_id: UUID | None = None) -> Outcome:
        """Hand any event to the inbox as the broker would."""
        envelope = Envelope(
            id=event_id or new_id(),
            source=event.source,
            tenant=self.tenant.id,
            aggregate_type=event.aggregate,
            aggregate_id=aggregate_id,
            version=version,
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

    def hired(self, person_id: UUID) -> Hired:
        """The news of a hire into the community."""
        tree = self.tenant.tree
        return Hired(
            application_id=str(new_id()),
            notice_id=str(new_id()),
            plan_id=str(new_id()),
            person_id=str(person_id),
            category="community_staff",
            community_unit_id=str(tree["community"].id),
            community_unit_no=tree["community"].unit_no,
            township_unit_id=str(tree["township"].id),
            township_unit_no=tree["township"].unit_no,
            post_title="社区专职工作人员",
            decided_on="2025-03-03",
            pack_id="neimenggu",
            pack_version="1",
        )

    async def newcomer(self) -> Caller:
        """Somebody is hired; training hears of it and has the need."""
        somebody = new_id()
        await self.deliver(self.hired(somebody))
        return person(somebody)

    def session(self, **changes: Any) -> dict[str, Any]:
        """The body of a class of three days off the job that ended last Friday."""
        return {
            "title": "新进社区工作者岗前培训",
            "form": "off_job",
            "starts_at": "2025-03-05T01:00:00Z",
            "ends_at": "2025-03-07T09:00:00Z",
            "class_hours": "24.0",
            "organiser_unit_id": str(self.tenant.tree["county"].id),
        } | changes

    async def held(self, **changes: Any) -> str:
        """A class registered by the county; its id."""
        made = await self.tenant.post(self.county, f"{PATH}/sessions", self.session(**changes))
        assert made.status_code == 201, made.text
        return str(made.json()["id"])

    async def credit(self, worker: Caller, session_id: str, hours: str, *, key: str | None = None) -> httpx.Response:
        """The county credits hours."""
        body = {"person_id": str(worker.actor.person), "hours": hours}
        return await self.tenant.post(self.county, f"{PATH}/sessions/{session_id}/hours", body, key=key)

    async def need(self, worker: Caller) -> dict[str, Any]:
        """The worker's only need, as the worker sees it."""
        [need] = (await self.tenant.get(worker, f"{PATH}/own/needs")).json()["items"]
        return dict(need)

    def dossier(self, worker: Caller | None = None) -> "Dossier":
        """A worker's dossier in roster, somebody new where none is named."""
        return Dossier(self, worker or person(new_id()), new_id())

    async def compliance(self, caller: Caller, **query: str) -> list[dict[str, Any]]:
        """Who has and lacks the hours, as that official sees it."""
        answer = await self.tenant.get(caller, f"{PATH}/compliance", query=query)
        assert answer.status_code == 200, answer.text
        return list(answer.json()["items"])


@dataclass(slots=True)
class Dossier:
    """What roster tells of one dossier, in its order."""

    house: House
    worker: Caller
    id: UUID
    version: int = 0

    async def take(self, role: str, valid_from: str, unit: str = "community") -> UUID:
        """Roster tells that a post was taken; its id."""
        place, post = self.house.tenant.tree[unit], new_id()
        told = PostTaken(
            post_id=str(post),
            dossier_id=str(self.id),
            person_id=str(self.worker.actor.person),
            category="community_staff" if role == "staff" else "committee_member",
            relation="labour_contract" if role == "staff" else "elected_office",
            role=role,
            post_title=role,
            community_unit_id=str(place.id),
            community_unit_no=place.unit_no,
            township_unit_id=None,
            township_unit_no=None,
            valid_from=valid_from,
        )
        await self.tell(told)
        return post

    async def leave(self, post: UUID, valid_before: str, role: str = "staff", unit: str = "community") -> None:
        """Roster tells that a post was left."""
        place = self.house.tenant.tree[unit]
        told = PostLeft(
            post_id=str(post),
            dossier_id=str(self.id),
            person_id=str(self.worker.actor.person),
            role=role,
            community_unit_id=str(place.id),
            community_unit_no=place.unit_no,
            valid_before=valid_before,
            ground="change",
        )
        await self.tell(told)

    async def tell(self, event: Event) -> None:
        """The next event of the dossier, delivered twice: the second time changes nothing."""
        self.version += 1
        event_id = new_id()
        outcomes = [await self.house.receive(event, self.id, self.version, event_id=event_id) for _ in range(2)]
        assert outcomes == [Outcome.APPLIED, Outcome.DUPLICATE]

    async def year(self, year: int = 2025) -> dict[str, Any]:
        """The need of that year, as the worker sees it."""
        needs = (await self.house.tenant.get(self.worker, f"{PATH}/own/needs")).json()["items"]
        [found] = [need for need in needs if need["cycle"] == str(year)]
        return dict(found)

    async def attends(self, hours: str, **changes: Any) -> httpx.Response:
        """The county holds a class of so many hours and credits them all."""
        held = await self.house.held(**({"class_hours": hours, "form": "online"} | changes))
        return await self.house.credit(self.worker, held, hours)
