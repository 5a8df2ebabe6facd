"""A read model is built again from the archive: whole or not at all, and nothing else is touched."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field

from kernel.context import TenantId
from kernel.db.owner import owner
from kernel.db.policy import walls_of
from kernel.db.table import Rls, TenantTable, recorded_now
from kernel.db.transaction import Database, Transaction
from kernel.errors import Problem
from kernel.events import rebuilding
from kernel.events.event import Received, Seal
from kernel.events.models import ReadModel
from kernel.events.outbox import audit, emit
from kernel.events.rebuilding import Incomplete, NoModel, Rebuild, Rebuilt, WouldEmpty
from kernel.events.subscriptions import Subscriptions
from kernel.events.upkeep import Busy, shadows_allowed
from kernel.ids import new_id
from tests.integration.kernel.events.house import House, Probed, in_child, new_tenant, system, until, write_down


class ProbeKept(TenantTable, table=True):
    """What the last event of an aggregate said, and the sum of all."""

    __tablename__ = "probe_kept"
    __rls__ = Rls.tenant_wide("a test's own")

    id: UUID = Field(primary_key=True)
    n: int
    total: int
    recorded_at: datetime = recorded_now()


async def keep(tx: Transaction, event: Received[Probed]) -> None:
    """Not idempotent on purpose: an event applied twice would be seen."""
    made = insert(ProbeKept).values(tenant_id=tx.tenant, id=event.aggregate_id, n=event.data.n, total=event.data.n)
    table = ProbeKept.__table__  # type: ignore[attr-defined]  # SQLModel's own
    summed = {"n": event.data.n, "total": table.c.total + event.data.n}
    await tx.session.execute(made.on_conflict_do_update(index_elements=["tenant_id", "id"], set_=summed))


def model(*handlers: Callable[..., object]) -> ReadModel:
    subscriptions = Subscriptions()
    for handler in handlers or (keep,):
        subscriptions.on(Probed)(handler)  # type: ignore[arg-type]
    return ReadModel("kept", (ProbeKept,), subscriptions)


@pytest.fixture(scope="module", autouse=True)
async def table(house: House) -> None:
    async with owner("roster", house.stack.dsn("roster", "migrator")) as connection:
        await connection.execute(
            "create table probe_kept (tenant_id uuid, id uuid, n integer not null, total integer not null,"
            " recorded_at timestamptz not null default clock_timestamp(), primary key (tenant_id, id))"
        )
        for statement in walls_of(ProbeKept, "roster"):
            await connection.execute(statement)


@asynccontextmanager
async def builder(house: House, tenant: UUID, built: ReadModel) -> AsyncIterator[Rebuild]:
    """A rebuild as the command makes one."""
    # Its own connections, all of them: a forked process makes one, too.
    db, source = Database.open(house.config("roster", pool_size=1)), Database.open(house.config("recruitment"))
    try:
        async with owner("roster", house.stack.dsn("roster", "migrator")) as connection:
            async with shadows_allowed(connection, "roster"):
                await rebuilding.prepare(db, built)
            yield Rebuild(db, {"recruitment": source}, built, TenantId(tenant), lambda _: None)
    finally:
        await db.close()
        await source.close()


async def rebuild(house: House, tenant: UUID, built: ReadModel | None = None, **how: bool) -> Rebuilt:
    async with builder(house, tenant, built or model()) as made:
        return await made.run(**how)


async def rows(house: House, tenant: UUID) -> list[tuple[object, ...]]:
    return [tuple(row) for row in await house.rows("roster", tenant, "select * from probe_kept order by id")]


async def told(house: House, tenant: UUID, aggregates: int = 3, each: int = 4) -> list[tuple[object, ...]]:
    """Tell of some aggregates, and wait until roster keeps it; the rows."""
    ids = [new_id() for _ in range(aggregates)]
    for n in range(1, each + 1):
        for aggregate in ids:
            await house.tell(tenant, aggregate, n)
    await until(lambda: caught_up(house, tenant, aggregates * each), "all applied and archived")
    return await rows(house, tenant)


async def caught_up(house: House, tenant: UUID, events: int) -> bool:
    applied = await house.rows("roster", tenant, "select coalesce(sum(last_version), 0) as n from k_inbox")
    archived = await house.rows("recruitment", tenant, "select count(*) as n from k_outbox_archive")
    return bool(applied[0].n == events and archived[0].n == events)


async def damage(house: House, tenant: UUID) -> None:
    """One row gone, one changed, one that was never told."""
    first, second, *_ = await rows(house, tenant)
    await house.rows("roster", tenant, "delete from probe_kept where id = :id returning 1", id=first[1])
    await house.rows("roster", tenant, "update probe_kept set total = -1 where id = :id returning 1", id=second[1])
    await add_stray(house, tenant)


async def add_stray(house: House, tenant: UUID) -> None:
    async with house.dbs["roster"].transaction(system(tenant)) as tx:
        tx.session.add(ProbeKept(tenant_id=tenant, id=new_id(), n=0, total=0))


async def test_what_was_damaged_is_as_before_and_what_was_not_is_not_touched(house: House) -> None:
    tenant, other = new_tenant(), new_tenant()
    async with house.relaying(), house.consuming(model().subscriptions):
        before, untold = await told(house, tenant), await told(house, other)
    await damage(house, tenant)
    await damage(house, other)
    hurt = await rows(house, other)
    compared = await rebuild(house, tenant, keep=False)
    assert [(each.rows, each.missing, each.changed, each.stray) for each in compared.tables] == [(3, 1, 1, 1)]
    assert await rows(house, tenant) != before
    done = await rebuild(house, tenant)
    assert done.tables == compared.tables
    assert done.events == 12
    after = await rows(house, tenant)
    assert [row[:4] for row in after] == [row[:4] for row in before]
    # The third was right: its row is the same, with the instant at which it was written.
    assert after[2] == before[2]
    assert await rows(house, other) == hurt != untold
    assert [(each.missing, each.changed, each.stray) for each in (await rebuild(house, tenant)).tables] == [(0, 0, 0)]


async def test_news_go_on_while_it_is_built(house: House) -> None:
    tenant = new_tenant()
    async with house.relaying(), house.consuming(model().subscriptions):
        before = await told(house, tenant)
        await damage(house, tenant)
        going_on = True

        async def tell_on() -> int:
            n = 0
            while going_on:
                n += 1
                await house.tell(tenant, UUID(str(before[n % 3][1])), 0)
                await house.tell(tenant, new_id(), 7)
            return n

        telling = asyncio.create_task(tell_on())
        for _ in range(3):
            await rebuild(house, tenant)
        going_on = False
        n = await telling
        await until(lambda: caught_up(house, tenant, 12 + 2 * n), "the rest")
    after = await rows(house, tenant)
    kept = {row[1]: row[3] for row in after}
    assert {row[1]: kept[row[1]] for row in before} == {row[1]: 10 for row in before}
    assert len(after) == 3 + n
    found = await rebuild(house, tenant, keep=False)
    assert [(each.missing, each.changed, each.stray) for each in found.tables] == [(0, 0, 0)]


async def test_it_waits_for_what_a_consumer_is_applying(house: House) -> None:
    """A row of an aggregate that nobody had heard of is no stray, though the archive has its event not yet."""
    tenant = new_tenant()
    async with house.relaying(), house.consuming(model().subscriptions):
        before, fresh = await told(house, tenant), new_id()
        async with house.dbs["roster"].transaction(system(tenant)) as tx:
            # As the consumer does it, but as long as the test wants.
            await tx.session.execute(text("update k_inbox set duplicates = duplicates + 1"))
            work = asyncio.create_task(rebuild(house, tenant))
            waits = "select 1 from pg_locks where relation = 'k_inbox'::regclass and not granted"
            await until(lambda: house.relay_rows("roster", waits), "the rebuild waiting")
            await house.tell(tenant, fresh, 9)
        done = await work
        assert [(each.missing, each.changed, each.stray) for each in done.tables] == [(0, 0, 0)]
        await until(lambda: caught_up(house, tenant, 13), "the last one")
    assert [row[:4] for row in await rows(house, tenant)] == [*(row[:4] for row in before), (tenant, fresh, 9, 9)]


async def test_what_waits_behind_a_dead_letter_is_left_to_it(house: House) -> None:
    tenant, aggregate = new_tenant(), new_id()

    async def unwilling(tx: Transaction, event: Received[Probed]) -> None:
        if event.data.mood == "bad":
            raise PermissionError("no")
        await keep(tx, event)

    async with house.relaying(), house.consuming(model(unwilling).subscriptions):
        await house.tell(tenant, aggregate, 1)
        await house.tell(tenant, aggregate, 2, "bad")
        await house.tell(tenant, aggregate, 4)
        letters = "select 1 from k_dead_letter where waiting"
        await until(lambda: house.rows("roster", tenant, letters), "the third behind the second", 90)
    assert [row[2:4] for row in await rows(house, tenant)] == [(1, 1)]
    await house.rows("roster", tenant, "update probe_kept set n = 7 returning 1")
    await rebuild(house, tenant)
    assert [row[2:4] for row in await rows(house, tenant)] == [(1, 1)]


async def test_what_ends_it_leaves_the_rows_as_they_were(house: House) -> None:
    tenant = new_tenant()
    async with house.relaying(), house.consuming(model().subscriptions):
        await told(house, tenant)
    await damage(house, tenant)
    hurt = await rows(house, tenant)

    async def dies(tx: Transaction, event: Received[Probed]) -> None:
        await keep(tx, event)
        if event.version == 3:
            await tx.session.flush()
            os._exit(137)

    async def work() -> None:
        await rebuild(house, tenant, model(dies))

    assert in_child(work) == 137
    assert await rows(house, tenant) == hurt
    await rebuild(house, tenant)
    assert await rows(house, tenant) != hurt


@pytest.mark.parametrize("deed", ["emit", "audit", "write"])
async def test_a_handler_that_does_more_than_keep_rows_is_refused(house: House, deed: str) -> None:
    tenant = new_tenant()

    async def does_more(tx: Transaction, event: Received[Probed]) -> None:
        await keep(tx, event)
        if deed == "emit":
            await emit(tx, Probed(n=1), aggregate_id=event.aggregate_id)
        elif deed == "audit":
            await audit(tx, "test.done", subject_type="probe", subject_id=event.aggregate_id)
        else:
            await write_down(tx, event)

    async with house.relaying(), house.consuming(model().subscriptions):
        before = await told(house, tenant)
    with pytest.raises((Problem, TypeError)):
        await rebuild(house, tenant, model(does_more))
    assert await rows(house, tenant) == before
    assert await house.effects(tenant) == []
    assert await house.rows("roster", tenant, "select 1 from k_outbox") == []


async def test_a_handler_of_sealed_news_fills_no_model(house: House) -> None:
    tenant = new_tenant()
    async with house.dbs["recruitment"].transaction(system(tenant)) as tx:
        await emit(tx, Probed(n=1), aggregate_id=new_id(), seal=Seal("roster", new_id(), {"phone": "13900000000"}))
    async with house.relaying(), house.consuming(model().subscriptions):
        await until(lambda: caught_up(house, tenant, 1), "applied")
    with pytest.raises(NoModel):
        await rebuild(house, tenant)


async def test_an_archive_that_lacks_what_was_applied_builds_nothing(house: House) -> None:
    tenant = new_tenant()
    async with house.relaying(), house.consuming(model().subscriptions):
        before = await told(house, tenant)
    async with owner("recruitment", house.stack.dsn("recruitment", "migrator")) as connection:
        await connection.execute(
            "delete from k_outbox_archive where tenant_id = $1 and aggregate_id = $2 and aggregate_version = 2",
            tenant,
            before[0][1],
        )
    with pytest.raises(Incomplete, match=r"recruitment probe \(1\)"):
        await rebuild(house, tenant)
    assert await rows(house, tenant) == before


async def test_rows_that_were_never_told_go_only_on_the_operators_word(house: House) -> None:
    tenant = new_tenant()
    for _ in range(3):
        await add_stray(house, tenant)
    with pytest.raises(WouldEmpty, match="probe_kept"):
        await rebuild(house, tenant)
    assert len(await rows(house, tenant)) == 3
    await rebuild(house, tenant, emptying=True)
    assert await rows(house, tenant) == []


async def test_two_are_not_at_work_at_once_and_the_role_keeps_no_right(house: House) -> None:
    async with builder(house, new_tenant(), model()):
        with pytest.raises(Busy):
            await rebuild(house, new_tenant())
        async with house.dbs["roster"].engine.connect() as connection:
            right = text("select has_database_privilege(current_database(), 'temporary')")
            assert (await connection.execute(right)).scalar_one() is False
