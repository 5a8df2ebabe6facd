"""The read model is filled by events: each carries the whole state, so applying one again changes nothing."""

from datetime import date, timedelta
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import text

from kernel.clock import local_date
from kernel.context import Context
from kernel.errors import ParameterNotSet
from kernel.events.envelope import Envelope, body
from kernel.events.event import Event
from kernel.events.inbox import Outcome, receive
from kernel.ids import new_id
from kernel.org import queries
from kernel.org.consumers import subscriptions
from kernel.org.published import PackPublished, PostChanged, TenantChanged, UnitChanged
from kernel.testing.service_client import ServiceUnderTest, TestTenant
from tests.integration.kernel.http.notes import NOW

TODAY = local_date(NOW)


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
    outcome, _ = await receive(service.database, service.config, subscriptions, told)
    return outcome


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


@pytest.mark.parametrize("newer_first", [True, False])
async def test_no_day_is_without_a_regulation_whichever_news_of_a_change_comes_first(
    tenant: TestTenant, regulation: str, newer_first: bool
) -> None:
    """The versions are aggregates of their own, applied side by side."""
    day = timedelta(days=1)
    change, end = TODAY - day, TODAY + 5 * day
    older, newer = new_id(), new_id()

    def version(name: str, since: date, until: date | None, **more: bool) -> PackPublished:
        before = until and until.isoformat()
        common = {"pack_id": "made-up", "pack_version": name, "valid_from": since.isoformat(), "content": regulation}
        return PackPublished(**common, valid_before=before, **more)  # type: ignore[arg-type]  # a test's own dictionary

    async def in_force(on: date) -> UUID | None:
        async with tenant.service.database.transaction(Context.system(tenant.id, NOW)) as tx:
            try:
                return (await queries.pack_in_force(tx, on))[0][1]
            except ParameterNotSet:
                return None

    async with tenant.service.database.transaction(tenant.context()) as tx:
        await tx.session.execute(text("delete from k_org_pack"))
    assert await deliver(tenant, version("1", date(2025, 1, 1), None), older, 1) is Outcome.APPLIED
    news = [(version("2", change, end), newer, 1), (version("1", date(2025, 1, 1), change, followed=True), older, 2)]
    for told in news if newer_first else reversed(news):
        assert await deliver(tenant, *told) is Outcome.APPLIED
        assert await in_force(TODAY) in (older, newer)
        assert await in_force(change - day) == older
    assert [await in_force(on) for on in (change - day, change, TODAY, end - day)] == [older, newer, newer, newer]
    # The one before does not come back where the latest has ended and nothing follows.
    assert await in_force(end) is None
