"""Drafts and versions as their news reaches a service: a simulation asked for, a version published (P5, P6)."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import msgspec
import orjson

from kernel.events.envelope import Envelope, body
from kernel.events.event import Event
from kernel.events.inbox import Outcome, receive
from kernel.events.subscriptions import Subscriptions
from kernel.ids import new_id
from kernel.org.consumers import subscriptions as org_subscriptions
from kernel.org.published import PackPublished
from kernel.simulation.published import SimulationRequested
from kernel.testing.service_client import TestTenant

Change = Callable[[dict[str, Any]], None]


def altered(pack: str, change: Change, version: str = "2") -> str:
    """Another version of a pack; `change` alters its document."""
    data = orjson.loads(pack)
    data["document"]["pack"]["version"] = version
    change(data["document"])
    return orjson.dumps(data).decode()


async def tell(tenant: TestTenant, event: Event, aggregate_id: UUID, version: int = 1) -> Outcome:
    """Hand an event to the service's inbox as the broker would."""
    kind, service = type(event), tenant.service
    envelope = Envelope(
        id=new_id(),
        source=kind.source,
        tenant=tenant.id,
        aggregate_type=kind.aggregate,
        aggregate_id=aggregate_id,
        version=version,
        event=kind.name,
        event_version=kind.v,
        business_time=tenant.now,
        recorded_at=tenant.now,
        body=body(msgspec.json.encode(event).decode(), None),
    )
    subscriptions = Subscriptions().include(org_subscriptions)
    for each in service.service.subscriptions:
        subscriptions.include(each)
    outcome, _ = await receive(service.database, service.config, subscriptions, envelope)
    return outcome


async def simulate(tenant: TestTenant, draft: str, on: str) -> list[dict[str, Any]]:
    """What the service's probes report, batch by batch."""
    simulation = new_id()
    assert await tell(tenant, SimulationRequested(on=on, content=draft), simulation) is Outcome.APPLIED
    while await tenant.service.run_timers():
        told = [each.data for each in await tenant.events("reported")]
        reports = [each for each in told if each["simulation_id"] == str(simulation)]
        if reports and reports[-1]["done"]:
            return reports
    raise AssertionError("a probe did not come to its end")


async def publish(tenant: TestTenant, pack: str, version: str, valid_from: str, before: str | None = None) -> UUID:
    """The news that a version holds in a period; its id."""
    row = new_id()
    told = PackPublished(
        pack_id=orjson.loads(pack)["document"]["pack"]["id"],
        pack_version=version,
        valid_from=valid_from,
        valid_before=before,
        content=pack,
    )
    assert await tell(tenant, told, row) is Outcome.APPLIED
    return row
