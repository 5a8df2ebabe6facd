"""News of the tree in any order, once or twice, and never beyond its tenant (T2; decision 0014)."""

import msgspec

from kernel.events.audit import AuditRecorded
from kernel.events.envelope import rfc3339
from kernel.events.units import named
from kernel.ids import new_id
from kernel.org import queries
from kernel.org.published import PostChanged, UnitsRenumbered
from kernel.schedule.actions import at
from kernel.schedule.tables import Schedule
from kernel.testing.service_client import ServiceUnderTest, TestTenant
from tests.integration.kernel.http.notes import NOW
from tests.integration.kernel.org.test_consumers import deliver, envelope_of, unit


def renumbered(unit_id: object, old_no: int, unit_no: int, last_no: int) -> UnitsRenumbered:
    return UnitsRenumbered(
        valid_from="2026-03-02",
        document="测试文件〔2026〕1号",
        unit_ids=[str(unit_id)],
        old_nos=[old_no],
        unit_nos=[unit_no],
        last_nos=[last_no],
        merged_ids=[],
        into_ids=[],
    )


async def numbers(tenant: TestTenant, unit_id: object) -> tuple[int, int, str]:
    async with tenant.service.database.transaction(tenant.context()) as tx:
        row = await queries.unit(tx, unit_id)  # type: ignore[arg-type]  # an id of `new_id`
        return row.unit_no, row.last_no, row.title


async def test_a_unit_told_after_the_tree_was_numbered_anew_has_its_present_numbers(tenant: TestTenant) -> None:
    place = new_id()
    await deliver(tenant, renumbered(place, 90_000, 95_000, 95_499), tenant.id, 1)
    await deliver(tenant, renumbered(place, 95_000, 97_000, 97_099), tenant.id, 2)
    await deliver(tenant, unit(), place, 1)
    assert await numbers(tenant, place) == (97_000, 97_099, "测试旗")


async def test_news_of_a_unit_changes_its_name_and_never_its_number(tenant: TestTenant) -> None:
    place, post = new_id(), new_id()
    await deliver(tenant, unit(), place, 1)
    given = PostChanged(
        user_id=str(new_id()),
        unit_id=str(place),
        unit_no=90_000,
        department_kind="society_work",
        level="county",
        duty="handler",
        valid_from="2026-01-01",
        valid_before=None,
    )
    await deliver(tenant, given, post, 1)
    # It was moved and renamed; the name is told first, with the number that the rows here do not bear yet.
    await deliver(tenant, unit("新名", unit_no=95_000, last_no=95_499), place, 2)
    assert await numbers(tenant, place) == (90_000, 90_999, "新名")
    await deliver(tenant, renumbered(place, 90_000, 95_000, 95_499), tenant.id, 1)
    assert await numbers(tenant, place) == (95_000, 95_499, "新名")
    # A range may grow by itself: what is put behind it has numbers that nobody had.
    await deliver(tenant, unit("新名", unit_no=95_000, last_no=99_999), place, 3)
    assert await numbers(tenant, place) == (95_000, 99_999, "新名")
    # The post follows, also where it is told again under the number of then.
    await deliver(tenant, given, post, 2)
    async with tenant.service.database.transaction(tenant.context()) as tx:
        [held] = await queries.posts(tx, department_kind="society_work", unit_no=95_000)
    assert held.id == post


async def test_rows_of_another_tenant_with_the_same_numbers_stay(
    service: ServiceUnderTest, tenant: TestTenant, regulation: str
) -> None:
    other = await service.new_tenant(regulation, now=NOW)
    old = tenant.tree["township"].unit_no
    assert old == other.tree["township"].unit_no
    rows = {}
    for each in (tenant, other):
        async with service.database.transaction(each.context()) as tx:
            rows[each.id] = await at(tx, "test.kept", tx.now, unit_no=old, payload={"unit_no": old})
    await deliver(tenant, renumbered(tenant.tree["township"].id, old, 900_000, 900_999), tenant.id, 1)
    found = {}
    for each in (tenant, other):
        async with service.database.transaction(each.context()) as tx:
            row = await tx.session.get_one(Schedule, (each.id, rows[each.id]))
            found[each.id] = (row.unit_no, row.payload["unit_no"])
            row.state = "done"
    assert found == {tenant.id: (900_000, 900_000), other.id: (old, old)}


async def test_a_timer_of_a_merged_unit_is_its_successors(tenant: TestTenant) -> None:
    closed, into = tenant.tree["community"], tenant.tree["other_community"]
    async with tenant.service.database.transaction(tenant.context()) as tx:
        timer = await at(tx, "test.kept", tx.now, unit_no=closed.unit_no, payload={"unit": str(closed.id), "n": 1})
    merged = msgspec.structs.replace(
        renumbered(closed.id, closed.unit_no, into.last_no, into.last_no),
        merged_ids=[str(closed.id)],
        into_ids=[str(into.id)],
    )
    await deliver(tenant, merged, tenant.id, 1)
    async with tenant.service.database.transaction(tenant.context()) as tx:
        row = await tx.session.get_one(Schedule, (tenant.id, timer))
        assert (row.unit_no, row.payload) == (into.unit_no, {"unit": str(into.id), "n": 1})
        row.state = "done"


async def test_an_act_told_late_keeps_the_number_under_which_its_actor_stood(tenant: TestTenant) -> None:
    place = new_id()
    await deliver(tenant, renumbered(place, 90_000, 95_000, 95_499), tenant.id, 1)
    act = AuditRecorded(
        action="test.done",
        subject_type="thing",
        actor_kind="official",
        unit_no=90_000,
        request_id="r",
        occurred_at=rfc3339(NOW),
        business_time=rfc3339(NOW),
    )
    told = envelope_of(tenant, act, tenant.id, 1, source="recruitment")
    assert not named(told, act)
