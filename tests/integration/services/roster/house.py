"""A made-up jurisdiction in roster, its officials, and news from recruitment and training as it arrives there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import orjson
from sqlmodel import col, select

from contracts.recruitment import Hired
from contracts.training import HoursCredited, NeedMet, NeedOpened
from kernel.events import seal
from kernel.events.envelope import Envelope, body
from kernel.events.event import Event, Seal
from kernel.events.inbox import Outcome, receive
from kernel.events.subscriptions import Subscriptions
from kernel.ids import new_id
from kernel.privacy.tables import PersonKey
from kernel.regulation.loading import load
from kernel.testing.service_client import ServiceUnderTest, TestTenant
from kernel.testing.tree import Caller, Tree, person

NOW = datetime(2025, 3, 10, 2, 0, tzinfo=UTC)
PACK = load(Path(__file__).parents[4] / "regulations" / "neimenggu").to_json()
PATH = "/api/v1/roster"
SEVEN = ("rights_and_obligations", "duties", "working_conditions", "probation", "term", "termination", "breach")
IDENTITY = {"full_name": "张测试", "id_number": "990101198501010010", "phone": "13900000000"}


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
    approver: Caller
    county: Caller
    finance: Caller
    sibling: Caller

    @classmethod
    async def open(cls, service: ServiceUnderTest, pack: str = PACK, tree: Tree | None = None) -> "House":
        tenant = await service.new_tenant(pack, now=NOW, tree=tree)
        return cls(
            service,
            tenant,
            township=await tenant.appoint("township", "township_office"),
            approver=await tenant.appoint("township", "township_office", "approver"),
            county=await tenant.appoint("county", "society_work"),
            finance=await tenant.appoint("county", "finance"),
            sibling=await tenant.appoint("sibling_township", "township_office", "approver"),
        )

    # news

    async def deliver(
        self,
        event: Event,
        aggregate_id: UUID,
        version: int = 1,
        *,
        sealed: Seal | None = None,
        event_id: UUID | None = None,
    ) -> Outcome:
        """Hand the event to the inbox as the broker would."""
        kind = type(event)
        made = event_id or new_id()
        member = None
        if sealed is not None:
            async with self.service.database.transaction(self.tenant.context()) as tx:
                closed = await seal.close(tx, made, sealed)
                held = select(col(PersonKey.wrapped)).where(col(PersonKey.person_id) == sealed.person_id)
                wrapped = (await tx.session.execute(held)).scalar_one()
            member = await seal.attach_key(self.tenant.id, made, closed, wrapped)
        envelope = Envelope(
            id=made,
            source=kind.source,
            tenant=self.tenant.id,
            aggregate_type=kind.aggregate,
            aggregate_id=aggregate_id,
            version=version,
            event=kind.name,
            event_version=kind.v,
            business_time=self.tenant.now,
            recorded_at=self.tenant.now,
            body=body(msgspec.json.encode(event).decode(), member),
        )
        subscriptions = Subscriptions()
        for each in self.service.service.subscriptions:
            subscriptions.include(each)
        outcome, _ = await receive(self.service.database, self.service.config, subscriptions, envelope)
        return outcome

    def hired(self, person_id: UUID, **changes: Any) -> Hired:
        """The news of a hire into the community."""
        tree = self.tenant.tree
        given: dict[str, Any] = {
            "application_id": str(new_id()),
            "notice_id": str(new_id()),
            "plan_id": str(new_id()),
            "person_id": str(person_id),
            "category": "community_staff",
            "community_unit_id": str(tree["community"].id),
            "community_unit_no": tree["community"].unit_no,
            "township_unit_id": str(tree["township"].id),
            "township_unit_no": tree["township"].unit_no,
            "post_title": "社区专职工作人员",
            "decided_on": "2025-03-03",
            "pack_id": "neimenggu",
            "pack_version": "1",
        }
        return Hired(**given | changes)

    async def hire(
        self, person_id: UUID | None = None, *, identity: Mapping[str, str] = IDENTITY, **changes: Any
    ) -> "Worker":
        """Somebody is hired; roster hears of it and has the dossier."""
        somebody = person_id or new_id()
        event = self.hired(somebody, **changes)
        await self.deliver(event, UUID(event.application_id), sealed=Seal("roster", somebody, identity))
        found = await self.tenant.get(person(somebody), f"{PATH}/own/dossier")
        assert found.status_code == 200, found.text
        return Worker(somebody, found.json()["id"], person(somebody))

    async def train(self, worker: UUID, credited: str, met_on: str | None) -> UUID:
        """Training tells of a need of 24 hours, of what counts now, and of its completion."""
        need, unit_no = new_id(), self.tenant.tree["community"].unit_no
        common: dict[str, Any] = {"person_id": str(worker), "kind": "pre_service", "cycle": ""}
        common |= {"required_hours": "24.00", "community_unit_no": unit_no}
        await self.deliver(NeedOpened(**common, forms=["off_job"], article="NM-20"), need, 1)
        entry: dict[str, Any] = {"entry_id": str(new_id()), "session_id": str(new_id()), "form": "off_job"}
        told = HoursCredited(**common, **entry, hours=credited, counts=True, credited_hours=credited, met_on=met_on)
        await self.deliver(told, need, 2)
        if met_on is not None:
            await self.deliver(NeedMet(**common, credited_hours=credited, met_on=met_on), need, 3)
        return need

    async def correct(self, worker: UUID, need: UUID, credited: str) -> None:
        """Training tells of a counter-entry after which the need is no longer met."""
        told = HoursCredited(
            person_id=str(worker),
            kind="pre_service",
            cycle="",
            entry_id=str(new_id()),
            session_id=str(new_id()),
            form="off_job",
            hours="-8.00",
            counts=True,
            credited_hours=credited,
            required_hours="24.00",
            met_on=None,
            community_unit_no=self.tenant.tree["community"].unit_no,
        )
        await self.deliver(told, need, 4)

    # contracts

    def draft(self, dossier_id: str, **changes: Any) -> dict[str, Any]:
        """The body of a lawful contract of three years with six months' probation."""
        return {
            "dossier_id": dossier_id,
            "employer_unit_id": str(self.tenant.tree["township"].id),
            "term": {"kind": "fixed", "valid_from": "2025-03-10", "valid_before": "2028-03-10"},
            "probation_months": 6,
            "contents": dict.fromkeys(SEVEN, "按约定执行"),
        } | changes

    async def drafted(self, worker: "Worker", **changes: Any) -> dict[str, Any]:
        """A contract drafted for the worker."""
        made = await self.tenant.post(self.township, f"{PATH}/contracts", self.draft(worker.dossier_id, **changes))
        assert made.status_code == 201, made.text
        return dict(made.json())

    async def signed(self, worker: "Worker", **changes: Any) -> dict[str, Any]:
        """A contract of the worker signed by both sides."""
        drafted = await self.drafted(worker, **changes)
        offered = await self.tenant.post(self.township, f"{PATH}/contracts/{drafted['id']}/sign")
        assert offered.status_code == 200, offered.text
        signed = await self.tenant.post(worker.caller, f"{PATH}/own/contracts/{drafted['id']}/sign")
        assert signed.status_code == 200, signed.text
        return dict(signed.json())


@dataclass(frozen=True, slots=True)
class Worker:
    """A person with a dossier."""

    person_id: UUID
    dossier_id: str
    caller: Caller
