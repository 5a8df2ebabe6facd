"""A reorganisation as the directory tells of it, brought to a made-up tenant in roster."""

from dataclasses import replace
from uuid import UUID

import msgspec

from gateway.directory.reorganisation.rules import Numbering
from kernel.context import Scope
from kernel.events.envelope import Envelope, body
from kernel.events.inbox import receive
from kernel.events.subscriptions import Subscriptions
from kernel.ids import new_id
from kernel.org.consumers import subscriptions as org_subscriptions
from kernel.org.published import UnitsRenumbered
from kernel.testing.service_client import TestTenant
from kernel.testing.tree import Caller, TestUnit, Tree

DOCUMENT = "内政字〔2025〕1号"


class Reorganiser:
    """Numbers the tenant's tree as the directory does, and delivers the news in the order of the tree."""

    def __init__(self, tenant: TestTenant) -> None:
        self.tenant = tenant
        self._versions = 0
        self._parents = {unit.id: unit.parent_id for unit in tenant.tree.units.values()}
        self._retired: list[tuple[int, int]] = []

    async def move(self, unit: str, parent: str) -> None:
        """A unit with all below it goes under another one."""
        work = self._begin()
        work.put(self.tenant.tree[unit].id, self.tenant.tree[parent].id)
        await self._tell(work)

    async def merge(self, unit: str, into: str) -> None:
        """A unit without units below is merged into another one."""
        closed, successor = self.tenant.tree[unit].id, self.tenant.tree[into].id
        work = self._begin()
        work.put(closed, successor)
        await self._tell(work, merged=(closed, successor))

    def now(self, caller: Caller) -> Caller:
        """The same post, as the edge tells of it once it knows the new numbers."""
        known = {unit.id: unit for unit in self.tenant.tree.units.values()}
        unit = known[self._was[caller.actor.unit_no or 0]]
        return replace(
            caller, actor=replace(caller.actor, unit_no=unit.unit_no), scope=Scope(unit.unit_no, unit.last_no)
        )

    def _begin(self) -> Numbering[UUID]:
        units = self.tenant.tree.units.values()
        self._was = {unit.unit_no: unit.id for unit in units}
        return Numbering(self._parents, {unit.id: (unit.unit_no, unit.last_no) for unit in units}, self._retired)

    async def _tell(self, work: Numbering[UUID], merged: tuple[UUID, UUID] | None = None) -> None:
        moved = work.renumbered()
        event = UnitsRenumbered(
            valid_from=self.tenant.now.date().isoformat(),
            document=DOCUMENT,
            unit_ids=[str(unit) for unit in moved],
            old_nos=[work.before[unit][0] for unit in moved],
            unit_nos=[work.ranges[unit][0] for unit in moved],
            last_nos=[work.ranges[unit][1] for unit in moved],
            merged_ids=[str(merged[0])] if merged else [],
            into_ids=[str(merged[1])] if merged else [],
        )
        self._retired.extend(work.before[unit] for unit in moved)
        self._parents = work.parents
        self.tenant.tree = Tree({key: _numbered(unit, work) for key, unit in self.tenant.tree.units.items()})
        await self.deliver(event)

    async def deliver(self, event: UnitsRenumbered) -> None:
        """Hand the event to the inbox, the read model's handlers before the service's own."""
        self._versions += 1
        envelope = Envelope(
            id=new_id(),
            source=event.source,
            tenant=self.tenant.id,
            aggregate_type=event.aggregate,
            aggregate_id=self.tenant.id,
            version=self._versions,
            event=event.name,
            event_version=event.v,
            business_time=self.tenant.now,
            recorded_at=self.tenant.now,
            body=body(msgspec.json.encode(event).decode(), None),
        )
        service = self.tenant.service
        subscriptions = Subscriptions().include(org_subscriptions)
        for each in service.service.subscriptions:
            subscriptions.include(each)
        await receive(service.database, service.config, subscriptions, envelope)


def _numbered(unit: TestUnit, work: Numbering[UUID]) -> TestUnit:
    lo, hi = work.ranges[unit.id]
    return replace(unit, unit_no=lo, last_no=hi, parent_id=work.parents[unit.id])
