"""Two tenants on one roster, Shuanghe giving and Inner Mongolia receiving, and the news of both as it is delivered."""

import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import orjson
from sqlmodel import col, select

from kernel.events import seal
from kernel.events.envelope import Envelope, body
from kernel.events.inbox import Outcome, receive
from kernel.events.subscriptions import Subscriptions
from kernel.events.tables import Outbox
from kernel.ids import new_id
from kernel.org.published import TenantChanged
from kernel.privacy.tables import PersonKey
from kernel.regulation.loading import load
from kernel.testing.service_client import ServiceUnderTest, TestTenant
from kernel.testing.tree import THREE_LEVELS, Caller, Tree, numbered, person
from tests.integration.services.roster.house import PACK, PATH

NOW = datetime(2025, 11, 24, 2, 0, tzinfo=UTC)
GIVING = load(Path(__file__).parents[5] / "regulations" / "shuanghe").to_json()
NAME, NUMBER, PHONE, CERTIFICATE = "陆测试", "990101199001010027", "13900000007", "SW20200077"
PERSONAL = (NAME, NUMBER, PHONE, CERTIFICATE)
YES = {"recognised": True, "reason": "材料齐全，予以认可"}
NO = {"recognised": False, "reason": "材料不足，不予认可"}
_SLUGS = itertools.count(1)


@dataclass(slots=True)
class Two:
    """The giving tenant and the receiving one, with an official at each desk and a worker who may move."""

    service: ServiceUnderTest
    giver: TestTenant
    receiver: TestTenant
    releasing: Caller
    receiving: Caller
    worker: Caller
    dossier_id: str
    outcomes: list[Outcome] = field(default_factory=list)

    @classmethod
    async def open(
        cls, service: ServiceUnderTest, *, giving: str = GIVING, receiving: str = PACK, **changes: Any
    ) -> "Two":
        """Both tenants know of each other by their names; the worker serves since March 2021, with a certificate."""
        # Under Inner Mongolia as under Shuanghe an official of a place that both know enters the worker.
        three = giving == GIVING
        giver = await service.new_tenant(giving, now=NOW, tree=Tree(numbered(THREE_LEVELS)) if three else None)
        receiver = await service.new_tenant(
            receiving, now=NOW, tree=None if receiving == PACK else Tree(numbered(THREE_LEVELS))
        )
        two = cls(
            service,
            giver,
            receiver,
            releasing=await giver.appoint(*(("township", "civil_affairs") if three else ("county", "society_work"))),
            receiving=await receiver.appoint(
                *(("county", "society_work") if receiving == PACK else ("township", "civil_affairs"))
            ),
            worker=person(),
            dossier_id="",
        )
        for tenant in (giver, receiver):
            await two.named(tenant)
        two.dossier_id = await two.enter(giver, two.worker, **changes)
        return two

    async def named(
        self, tenant: TestTenant, *, slug: str | None = None, status: str = "active", version: int = 1
    ) -> None:
        """The directory tells of a tenant, as it does when one is made."""
        told = TenantChanged(
            slug=slug or tenant.slug,
            title=f"测试辖区{tenant.slug[:6]}",
            status=status,
            business_offset_seconds=(tenant.now - datetime.now(UTC)).total_seconds(),
        )
        envelope = Envelope(
            id=new_id(),
            source="gateway",
            tenant=tenant.id,
            aggregate_type="tenant",
            aggregate_id=tenant.id,
            version=version,
            event="changed",
            event_version=1,
            business_time=tenant.now,
            recorded_at=tenant.now,
            body=body(msgspec.json.encode(told).decode(), None),
        )
        assert await self._receive(envelope) is Outcome.APPLIED

    async def enter(self, tenant: TestTenant, worker: Caller, **changes: Any) -> str:
        """Enter somebody who serves already; the dossier's id."""
        office = await tenant.appoint("township", "township_office")
        given = {
            "full_name": NAME,
            "id_number": NUMBER,
            "phone": PHONE,
            "category": "community_staff",
            "community_unit_id": str(tenant.tree["community"].id),
            "person_id": str(worker.actor.person),
            "posts": [{"role": "staff", "valid_from": "2021-03-01"}],
            "employments": [],
            "certificates": [{"kind": "social_worker", "number": CERTIFICATE, "issued_on": "2020-10-01"}],
            "background": {"education_code": "31"},
        }
        made = await tenant.post(office, f"{PATH}/dossiers/imports", given | changes)
        assert made.status_code == 201, made.text
        return str(made.json()["id"])

    # what each side does

    async def release(self, caller: Caller | None = None, **changes: Any) -> Any:
        given = {
            "dossier_id": self.dossier_id,
            "receiving_tenant": self.receiver.slug,
            "receiving_unit_code": self.receiver.tree["community"].code,
            "reason": "随配偶调动",
        }
        return await self.giver.post(caller or self.releasing, f"{PATH}/crossings", given | changes)

    async def released(self) -> str:
        made = await self.release()
        assert made.status_code == 201, made.text
        return str(made.json()["id"])

    async def consent(self, crossing: str, agree: bool = True) -> Any:
        return await self.giver.post(self.worker, f"{PATH}/own/crossings/{crossing}/consent", {"agree": agree})

    async def offered(self) -> str:
        """Released, consented and taken across."""
        crossing = await self.released()
        assert (await self.consent(crossing)).status_code == 200
        await self.deliver()
        return crossing

    async def accept(self, crossing: str, caller: Caller | None = None, **changes: Any) -> Any:
        given = {"community_unit_id": str(self.receiver.tree["community"].id), "years": YES, "certificates": YES}
        path = f"{PATH}/incoming-crossings/{crossing}/acceptance"
        return await self.receiver.post(caller or self.receiving, path, given | changes)

    async def incoming(self, crossing: str) -> Any:
        return await self.receiver.get(self.receiving, f"{PATH}/incoming-crossings/{crossing}")

    async def states(self, crossing: str) -> tuple[str, str]:
        """As the giving and as the receiving side see it."""
        mine = await self.giver.get(self.releasing, f"{PATH}/crossings/{crossing}")
        theirs = await self.incoming(crossing)
        return mine.json()["state"], theirs.json()["state"] if theirs.status_code == 200 else "missing"

    # news

    async def deliver(self) -> None:
        """Hand roster all its own news of moves, from the first on: what was applied before is delivered again."""
        more = True
        while more:
            more = False
            for tenant in (self.giver, self.receiver):
                for row in await self.news(tenant):
                    outcome = await self._receive(await self._envelope(tenant, row))
                    self.outcomes.append(outcome)
                    more = more or outcome is Outcome.APPLIED

    async def news(self, tenant: TestTenant) -> list[Outbox]:
        """What a tenant's outbox holds of moves."""
        return [row for row in await tenant.events() if row.aggregate_type == "crossing"]

    async def _envelope(self, tenant: TestTenant, row: Outbox) -> Envelope:
        member = None
        if row.sealed is not None and row.sealed_person_id is not None:
            async with self.service.database.transaction(tenant.context()) as tx:
                held = select(col(PersonKey.wrapped)).where(col(PersonKey.person_id) == row.sealed_person_id)
                wrapped = (await tx.session.execute(held)).scalar_one_or_none()
            member = await seal.attach_key(tenant.id, row.id, row.sealed, wrapped)
        assert row.aggregate_version is not None
        return Envelope(
            id=row.id,
            source="roster",
            tenant=tenant.id,
            aggregate_type=row.aggregate_type,
            aggregate_id=row.aggregate_id,
            version=row.aggregate_version,
            event=row.event,
            event_version=row.event_version,
            business_time=row.business_time,
            recorded_at=row.recorded_at,
            body=body(orjson.dumps(row.data).decode(), member),
        )

    async def _receive(self, envelope: Envelope) -> Outcome:
        subscriptions = Subscriptions()
        for each in self.service.service.subscriptions:
            subscriptions.include(each)
        outcome, _ = await receive(self.service.database, self.service.config, subscriptions, envelope)
        return outcome

    async def audited(self, tenant: TestTenant, crossing: str) -> list[str]:
        """The acts in a tenant's audit that name the move."""
        rows = [row.data for row in await tenant.events("recorded")]
        return [row["action"].removeprefix("roster.crossing.") for row in rows if row["subject_id"] == crossing]


def of_person(caller: Caller) -> UUID:
    """The person id of somebody's account."""
    assert caller.actor.person is not None
    return caller.actor.person
