"""Connections of hot statements rest outside the pool, and are missed by nobody."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest
from sqlalchemy import text

from kernel.config import ProcessConfig
from kernel.context import Context
from kernel.db.hot import Held, HotConnections
from kernel.db.transaction import Database
from tests.integration.kernel.made_up import context, new_tenant

WHO = "select pg_backend_pid() as pid, current_setting('plan_cache_mode') as plans where c.x is not null"
SIZE = 3


@pytest.fixture
async def small(probe: ProcessConfig) -> AsyncIterator[Database]:
    """A pool of a few connections."""
    database = Database.open(probe.model_copy(update={"pool_size": SIZE}))
    yield database
    await database.close()


async def plans(database: Database, under: Context) -> str:
    async with database.transaction(under) as tx:
        return str((await tx.session.execute(text("show plan_cache_mode"))).scalar_one())


async def test_a_connection_rests_between_two_hot_statements_and_goes_back_when_the_pool_is_short(
    small: Database,
) -> None:
    under = context(new_tenant())
    [first] = await small.fetch_folded(under, WHO, by_key=True)
    [second] = await small.fetch_folded(under, WHO, by_key=True)
    assert first == second
    assert first["plans"] == "force_generic_plan"
    [other] = await small.fetch_folded(under, WHO)
    assert other["plans"] == "force_custom_plan"
    everybody = asyncio.Barrier(SIZE)

    async def hold() -> str:
        async with small.transaction(context(new_tenant())) as tx:
            await everybody.wait()
            return str((await tx.session.execute(text("show plan_cache_mode"))).scalar_one())

    async with asyncio.timeout(10):
        seen = await asyncio.gather(*(hold() for _ in range(SIZE)))
    assert seen == ["force_custom_plan"] * SIZE


async def test_a_pool_of_one_serves_all_kinds_in_turn(probe: ProcessConfig) -> None:
    database = Database.open(probe.model_copy(update={"pool_size": 1}))
    under = context(new_tenant())
    try:
        for _ in range(3):
            assert (await database.fetch_folded(under, WHO, by_key=True))[0]["plans"] == "force_generic_plan"
            assert await plans(database, under) == "force_custom_plan"
            assert (await database.fetch_folded(under, WHO))[0]["plans"] == "force_custom_plan"
    finally:
        await database.close()


async def test_a_connection_that_ended_while_it_rested_costs_nobody_an_answer(
    small: Database, superuser: asyncpg.Connection
) -> None:
    under = context(new_tenant())
    [first] = await small.fetch_folded(under, WHO, by_key=True)
    [(_, driver)] = small._by_key._resting
    hung_up = asyncio.Event()
    driver.add_termination_listener(lambda _: hung_up.set())
    await superuser.execute("select pg_terminate_backend($1, 5000)", first["pid"])
    await asyncio.wait_for(hung_up.wait(), 10)
    [second] = await small.fetch_folded(under, WHO, by_key=True)
    assert second["pid"] != first["pid"]


async def test_a_statement_that_was_given_up_leaves_no_connection_in_its_state(
    small: Database, superuser: asyncpg.Connection
) -> None:
    under = context(new_tenant())
    asking = asyncio.create_task(
        small.fetch_folded(under, "select pg_sleep(30) as slept where c.x is not null", by_key=True)
    )
    async with asyncio.timeout(10):
        while not await superuser.fetchval("select exists (select from pg_stat_activity where wait_event = 'PgSleep')"):
            continue  # asking is itself what gives the others their turn
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert small._by_key._resting == []
    assert len(await small.fetch_folded(under, WHO, by_key=True)) == 1


async def test_connections_that_rest_after_transactions_are_there_for_statements_by_key(
    small: Database, superuser: asyncpg.Connection
) -> None:
    everybody = asyncio.Barrier(SIZE - 1)

    async def hold() -> None:
        async with small.transaction(context(new_tenant())):
            await everybody.wait()

    await asyncio.gather(*(hold() for _ in range(SIZE - 1)))
    assert len(small._hot._resting) == SIZE - 1
    await superuser.execute("select pg_advisory_lock(4711)")
    try:
        wait = "select pg_advisory_xact_lock_shared(4711)::text as got where c.x is not null"
        asking = [
            asyncio.create_task(small.fetch_folded(context(new_tenant()), wait, by_key=True)) for _ in range(SIZE)
        ]
        waiting = "select count(*) from pg_locks where locktype = 'advisory' and objid = 4711 and not granted"
        async with asyncio.timeout(4):
            while await superuser.fetchval(waiting) < SIZE:
                continue  # asking is itself what gives the others their turn
    finally:
        await superuser.execute("select pg_advisory_unlock(4711)")
    await asyncio.gather(*asking)


async def test_what_rests_gives_way_to_what_is_at_work(small: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else a pool full of connections that rest has those at work given back and made ready anew for each statement."""
    everybody = asyncio.Barrier(SIZE)

    async def hold() -> None:
        async with small.transaction(context(new_tenant())):
            await everybody.wait()

    await asyncio.gather(*(hold() for _ in range(SIZE)))
    made_ready: list[str] = []
    plan = HotConnections._plan

    async def noted(self: HotConnections, held: Held, plans: str) -> None:
        made_ready.append(plans)
        await plan(self, held, plans)

    monkeypatch.setattr(HotConnections, "_plan", noted)

    async def ask() -> None:
        under = context(new_tenant())
        for _ in range(20):
            await small.fetch_folded(under, WHO, by_key=True)

    await asyncio.gather(*(ask() for _ in range(SIZE - 1)))
    assert made_ready.count("force_generic_plan") <= SIZE
    made_ready.clear()
    for _ in range(20):
        await plans(small, context(new_tenant()))
    assert len(made_ready) <= 2 * SIZE
