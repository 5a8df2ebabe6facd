"""The read model is filled by events: each carries the whole state, so applying one again changes nothing."""

from datetime import date
from uuid import UUID

import msgspec
from sqlalchemy import text

from kernel.context import Context
from kernel.events.envelope import Envelope, body
from kernel.events.event import Event
from kernel.events.inbox import Outcome, receive
from kernel.ids import new_id
from kernel.org import queries
from kernel.org.consumers import subscriptions
from kernel.org.published import PostChanged, TenantChanged, UnitChanged
from kernel.testing.service_client import ServiceUnderTest, TestTenant
from tests.integration.kernel.http.notes import NOW


def unit(title: str = "测试旗", **changes: object) -> UnitChanged:
    """The whole state of a unit."""
    state: dict[str, object] = {
        "unit_no": 90_000,
        "last_no": 90_999,
        "level": "county",
        "code": "990100",
        "title": title,
        "parent_id": None,
        "valid_from": "2026-01-01",
        "valid_before": None,
    }
    return UnitChanged(**state | changes)  # type: ignore[arg-type]  # a test's own dictionary


async def deliver(tenant: TestTenant, event: Event, aggregate_id: UUID, version: int) -> Outcome:
    """Hand the event to the inbox as the broker would."""
    service = tenant.service
    told = envelope_of(tenant, event, aggregate_id, version)
    return await receive(service.database, service.config, subscriptions, told)


def envelope_of(
    tenant: TestTenant, event: Event, aggregate_id: UUID, version: int, source: str | None = None
) -> Envelope:
    """The event on its way; `source` where the event names no publisher."""
    kind = type(event)
    return Envelope(
        id=new_id(),
        source=source or kind.source,
        tenant=tenant.id,
        aggregate_type=kind.aggregate,
        aggregate_id=aggregate_id,
        version=version,
        event=kind.name,
        event_version=kind.v,
        business_time=NOW,
        recorded_at=NOW,
        body=body(msgspec.json.encode(event).decode(), None),
    )


async def test_a_unit_is_made_renamed_and_an_older_event_changes_nothing(tenant: TestTenant) -> None:
    place = new_id()
    for version, title in ((1, "旧名"), (2, "新名"), (2, "新名"), (1, "旧名")):
        await deliver(tenant, unit(title), place, version)
    async with tenant.service.database.transaction(tenant.context()) as tx:
        found = await queries.unit(tx, place)
        assert (found.title, found.valid_from, found.parent_id) == ("新名", date(2026, 1, 1), None)
        count = text("select count(*) from k_org_unit where unit_no = 90000")
        assert (await tx.session.execute(count)).scalar_one() == 1


async def test_a_post_and_its_end_are_kept(tenant: TestTenant) -> None:
    place, post = new_id(), new_id()
    held = PostChanged(
        user_id=str(new_id()),
        unit_id=str(place),
        unit_no=90_000,
        department_kind="society_work",
        level="county",
        duty="approver",
        valid_from="2026-01-01",
        valid_before=None,
    )
    await deliver(tenant, held, post, 1)
    async with tenant.service.database.transaction(tenant.context()) as tx:
        (found,) = await queries.posts(tx, department_kind="society_work", unit_no=90_000)
        assert (found.id, found.duty) == (post, "approver")
    await deliver(tenant, msgspec.structs.replace(held, valid_before="2026-02-01"), post, 2)
    async with tenant.service.database.transaction(tenant.context()) as tx:
        assert await queries.posts(tx, department_kind="society_work", unit_no=90_000) == []


async def test_a_tenant_is_known_from_its_first_event_on(service: ServiceUnderTest, tenant: TestTenant) -> None:
    told = TenantChanged(slug="made-up", title="测试", status="suspended", business_offset_seconds=3600.0)
    await deliver(tenant, told, tenant.id, 1)
    async with service.database.transaction(Context.system(tenant.id, NOW)) as tx:
        row = await queries.tenant(tx)
        assert (row.slug, row.status, row.business_offset_seconds) == ("made-up", "suspended", 3600.0)
