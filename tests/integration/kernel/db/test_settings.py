"""Tenant and scope end with their transaction: a pooled connection carries nothing to the next (cases 16 and 17)."""

import asyncio
import contextlib
import os
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import text

from kernel.context import NOTHING, Actor, Scope
from kernel.db.driver import driver_connection
from kernel.db.transaction import Database
from kernel.errors import Conflict, InvalidInput, NotFound, Problem, Unavailable
from kernel.ids import new_id
from tests.integration.kernel.made_up import Note, context, new_tenant

INTERLEAVINGS = int(os.environ.get("SHEGONG_SOAK_INTERLEAVINGS", "10000"))
"""How many the long form tries."""
SEEN = "select tenant_id from probe_note"
FOLDED = "select tenant_id, id from probe_note where c.x is not null"

Disturbance = Callable[[Database, UUID, asyncpg.Connection], Awaitable[None]]


async def abort(database: Database, tenant: UUID, _: asyncpg.Connection) -> None:
    """An action raises in the middle."""
    with contextlib.suppress(ZeroDivisionError):
        async with database.transaction(context(tenant)) as tx:
            await tx.session.execute(text(SEEN))
            raise ZeroDivisionError


async def fail(database: Database, tenant: UUID, _: asyncpg.Connection) -> None:
    """A statement fails, and with it the transaction."""
    with pytest.raises(Problem):
        async with database.transaction(context(tenant)) as tx:
            await tx.session.execute(text("select 1 / 0"))


async def cancel(database: Database, tenant: UUID, superuser: asyncpg.Connection) -> None:
    """The request is cancelled while its statement runs."""
    started: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    working = asyncio.create_task(_sleeping(database, tenant, started))
    await _until_sleeping(superuser, await started)
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working


async def cancel_at_once(database: Database, tenant: UUID, _: asyncpg.Connection) -> None:
    """The request is cancelled while its transaction begins."""

    async def work() -> None:
        async with database.transaction(context(tenant)) as tx:
            await tx.session.execute(text(SEEN))

    working = asyncio.create_task(work())
    await asyncio.sleep(0)
    working.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await working


async def time_out(database: Database, tenant: UUID, _: asyncpg.Connection) -> None:
    """The server ends a statement that runs too long."""

    async def work() -> None:
        async with database.transaction(context(tenant)) as tx:
            await tx.session.execute(text("set local statement_timeout = '5ms'"))
            await tx.session.execute(text("select pg_sleep(30)"))

    with pytest.raises(Unavailable):
        await work()


async def kill(database: Database, tenant: UUID, superuser: asyncpg.Connection) -> None:
    """The backend dies under a running statement."""
    started: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    working = asyncio.create_task(_sleeping(database, tenant, started))
    backend = await started
    await _until_sleeping(superuser, backend)
    await superuser.execute("select pg_terminate_backend($1)", backend)
    with pytest.raises(Unavailable):
        await working


async def kill_idle(database: Database, tenant: UUID, superuser: asyncpg.Connection) -> None:
    """The backend dies while its connection lies in the pool, and the client has heard of it."""
    async with database.transaction(context(tenant)) as tx:
        backend = (await tx.session.execute(text("select pg_backend_pid()"))).scalar_one()
        driver = await driver_connection(await tx.session.connection())
    # Between the farewell and the hanging up is a moment in which an answer is 503: see the test below.
    hung_up = asyncio.Event()
    driver.add_termination_listener(lambda _: hung_up.set())
    await superuser.execute("select pg_terminate_backend($1, 5000)", backend)
    await asyncio.wait_for(hung_up.wait(), 10)


async def fold(database: Database, tenant: UUID, _: asyncpg.Connection) -> None:
    """A folded read of the other tenant."""
    await database.fetch_folded(context(tenant), FOLDED)


async def commit(database: Database, tenant: UUID, _: asyncpg.Connection) -> None:
    """An ordinary transaction."""
    async with database.transaction(context(tenant)) as tx:
        await tx.session.execute(text(SEEN))


async def driven_commit(database: Database, tenant: UUID, _: asyncpg.Connection) -> None:
    """News is applied past SQLAlchemy."""
    assert await _driven_rows(database, tenant) == [tenant] * 2


async def driven_abort(database: Database, tenant: UUID, _: asyncpg.Connection) -> None:
    """A handler raises in the middle, with a session on the transaction."""
    with contextlib.suppress(ZeroDivisionError):
        async with database.transaction(context(tenant)) as tx:
            await tx.session.execute(text(SEEN))
            raise ZeroDivisionError


async def driven_cancel(database: Database, tenant: UUID, superuser: asyncpg.Connection) -> None:
    """A consumer is cancelled while its statement runs."""
    started: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    working = asyncio.create_task(_driven_sleeping(database, tenant, started))
    await _until_sleeping(superuser, await started)
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working


async def driven_kill(database: Database, tenant: UUID, superuser: asyncpg.Connection) -> None:
    """The backend dies under a consumer."""
    started: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    working = asyncio.create_task(_driven_sleeping(database, tenant, started))
    backend = await started
    await _until_sleeping(superuser, backend)
    await superuser.execute("select pg_terminate_backend($1)", backend)
    with pytest.raises(Unavailable):
        await working


DISTURBANCES: tuple[Disturbance, ...] = (
    abort,
    fail,
    cancel,
    cancel_at_once,
    time_out,
    kill,
    kill_idle,
    fold,
    commit,
    driven_commit,
    driven_abort,
    driven_cancel,
    driven_kill,
)


async def _driven_rows(database: Database, tenant: UUID) -> list[UUID]:
    async with database.transaction(context(tenant)) as tx:
        return [row[0] for row in await tx.run(SEEN)]


async def _driven_sleeping(database: Database, tenant: UUID, started: "asyncio.Future[int]") -> None:
    async with database.transaction(context(tenant)) as tx:
        started.set_result((await tx.run("select pg_backend_pid()"))[0][0])
        await tx.run("select pg_sleep(30)")


async def _sleeping(database: Database, tenant: UUID, started: "asyncio.Future[int]") -> None:
    async with database.transaction(context(tenant)) as tx:
        started.set_result((await tx.session.execute(text("select pg_backend_pid()"))).scalar_one())
        await tx.session.execute(text("select pg_sleep(30)"))


async def _until_sleeping(superuser: asyncpg.Connection, backend: int) -> None:
    async with asyncio.timeout(10):
        while not await superuser.fetchval(
            "select wait_event = 'PgSleep' from pg_stat_activity where pid = $1", backend
        ):
            continue  # asking is itself what gives the others their turn


async def own_rows(database: Database) -> UUID:
    """A new tenant with two notes."""
    tenant = new_tenant()
    async with database.transaction(context(tenant)) as tx:
        tx.session.add_all(
            [Note(tenant_id=tenant, id=new_id(), unit_no=unit_no, title="own") for unit_no in (1000, 5000)]
        )
    return tenant


@pytest.mark.parametrize("interleavings", [200, pytest.param(INTERLEAVINGS, marks=pytest.mark.soak)])
async def test_the_next_tenant_never_sees_the_former_whatever_became_of_it(
    single: Database, superuser: asyncpg.Connection, interleavings: int
) -> None:
    tenants = [await own_rows(single) for _ in range(3)]
    chance = random.Random(17)  # noqa: S311 - reproducible, nothing is secret
    done: Counter[str] = Counter()
    for _ in range(interleavings):
        former, following = chance.sample(tenants, 2)
        disturbance = chance.choice(DISTURBANCES)
        done[disturbance.__name__] += 1
        await disturbance(single, former, superuser)
        after = chance.randrange(4)
        if after == 0:
            assert await without_context(single) == [], disturbance.__name__
        elif after == 1:
            rows = await single.fetch_folded(context(following), FOLDED)
            assert [row["tenant_id"] for row in rows] == [following] * 2, disturbance.__name__
        elif after == 2:
            assert await _driven_rows(single, following) == [following] * 2, disturbance.__name__
        else:
            async with single.transaction(context(following)) as tx:
                seen = (await tx.session.execute(text(SEEN))).scalars().all()
            assert seen == [following] * 2, disturbance.__name__
    assert set(done) == {disturbance.__name__ for disturbance in DISTURBANCES}


async def _folded_sleeping(database: Database, tenant: UUID) -> None:
    await database.fetch_folded(context(tenant), "select tenant_id from probe_note, pg_sleep(30) where c.x is not null")


async def _cancelled_again_and_again(working: asyncio.Task[None]) -> None:
    while not working.done():
        working.cancel()
        await asyncio.wait([working], timeout=0)


async def _cancelled_once(working: asyncio.Task[None]) -> None:
    working.cancel()
    await asyncio.wait([working])


@pytest.mark.parametrize("cancelled", [_cancelled_once, _cancelled_again_and_again])
@pytest.mark.parametrize("way", ["driven", "folded"])
async def test_a_statement_is_called_off_when_whoever_asked_is_gone(
    single: Database,
    superuser: asyncpg.Connection,
    way: str,
    cancelled: Callable[[asyncio.Task[None]], Awaitable[None]],
) -> None:
    """Else it runs on, with its locks and a place among the server's connections. Scopes of anyio, which end a stream
    whose reader left, cancel at every wait until the task is through: the pool has its connection back all the same."""
    tenant = await own_rows(single)
    started: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    working = asyncio.create_task(
        _driven_sleeping(single, tenant, started) if way == "driven" else _folded_sleeping(single, tenant)
    )
    sleeping = "select pid from pg_stat_activity where wait_event = 'PgSleep'"
    async with asyncio.timeout(10):
        while (backend := await superuser.fetchval(sleeping)) is None:
            continue  # asking is itself what gives the others their turn
    await cancelled(working)
    assert working.cancelled()
    async with asyncio.timeout(5):
        while await superuser.fetchval(f"{sleeping} and pid = $1", backend):
            continue
    assert len(await single.fetch_folded(context(tenant), FOLDED)) == 2


async def test_a_connection_that_has_read_its_farewell_answers_unavailable(
    single: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The driver then refuses every statement, before it has noticed that the server hung up."""
    tenant = await own_rows(single)

    async def refuse(*_: object, **__: object) -> None:
        raise asyncpg.InternalClientError("cannot switch to state 12; another operation (2) is in progress")

    monkeypatch.setattr(asyncpg.Connection, "fetch", refuse)
    with pytest.raises(Unavailable):
        await single.fetch_folded(context(tenant), FOLDED)


async def without_context(database: Database) -> list[UUID]:
    """What a statement sees that runs on a pooled connection without any settings."""
    async with database.engine.connect() as connection:
        driver = await driver_connection(connection)
        assert not any(
            await driver.fetchrow(
                "select current_setting('app.tenant', true), current_setting('app.lo', true),"
                " current_setting('app.hi', true), current_setting('app.person', true)"
            )
        )
        return [row["tenant_id"] for row in await driver.fetch(SEEN)]


async def test_a_new_connection_without_context_sees_nothing_and_writes_nothing(single: Database) -> None:
    tenant = await own_rows(single)
    await single.engine.dispose()
    async with single.engine.connect() as connection:
        assert (await connection.execute(text(SEEN))).all() == []
        assert (await connection.execute(text("update probe_note set title = 'x'"))).rowcount == 0
        assert (await connection.execute(text("delete from probe_note"))).rowcount == 0
        with pytest.raises(Exception, match="row-level security"):
            await connection.execute(
                text("insert into probe_note values (:tenant, :id, 1000, 't', 0, null, 1)"),
                {"tenant": tenant, "id": new_id()},
            )


@pytest.mark.parametrize(
    ("scope", "actor", "expected"),
    [
        (Scope(0, 2**31 - 1), Actor("system"), 2),
        (Scope(1000, 1999), Actor("official"), 1),
        (Scope(5000, 5000), Actor("official"), 1),
        (Scope(1001, 4999), Actor("official"), 0),
        (NOTHING, Actor("public"), 0),
        (Scope(0, 2**31 - 1), Actor("person", person=new_id()), 0),
    ],
)
async def test_a_scope_shows_exactly_its_units(single: Database, scope: Scope, actor: Actor, expected: int) -> None:
    tenant = await own_rows(single)
    asking = context(tenant, scope=scope, actor=actor)
    async with single.transaction(asking) as tx:
        assert len((await tx.session.execute(text(SEEN))).all()) == expected
    assert len(await single.fetch_folded(asking, FOLDED)) == expected


async def test_a_folded_insert_writes_for_its_own_tenant_alone(single: Database) -> None:
    tenant, other = new_tenant(), new_tenant()
    insert = (
        "insert into probe_note (tenant_id, id, unit_no, title, number, version)"
        " select $5, $6, 1000, 'hot', 0, 1 from {settings} where c.x is not null returning id"
    )
    note = new_id()
    assert await single.fetch_folded(context(tenant), insert, tenant, note) == [{"id": note}]
    with pytest.raises(NotFound):
        await single.fetch_folded(context(tenant), insert, other, new_id())
    with pytest.raises(Conflict):
        await single.fetch_folded(context(tenant), insert, tenant, note)
    with pytest.raises(InvalidInput):
        await single.fetch_folded(context(tenant), insert, tenant, "no uuid")
    assert await without_context(single) == []
    assert len(await single.fetch_folded(context(tenant), FOLDED)) == 1
    assert await single.fetch_folded(context(other), FOLDED) == []


async def test_a_pool_that_is_used_up_says_unavailable(single: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(single.engine.sync_engine.pool, "_timeout", 0.05)
    tenant = new_tenant()
    async with single.transaction(context(tenant)):
        with pytest.raises(Unavailable):
            async with single.transaction(context(tenant)):
                raise AssertionError("there was one connection")
        with pytest.raises(Unavailable):
            await single.fetch_folded(context(tenant), FOLDED)


async def test_a_row_of_another_tenant_can_neither_be_written_nor_moved(single: Database) -> None:
    tenant, other = await own_rows(single), new_tenant()
    with pytest.raises(NotFound):
        async with single.transaction(context(tenant)) as tx:
            tx.session.add(Note(tenant_id=other, id=new_id(), unit_no=1000, title="theirs"))
    with pytest.raises(NotFound):
        async with single.transaction(context(tenant)) as tx:
            await tx.session.execute(text("update probe_note set tenant_id = :other"), {"other": other})


async def test_works_share_a_transaction_under_the_same_settings_only(database: Database) -> None:
    tenant = new_tenant()
    async with database.transaction(context(tenant)) as tx:
        note = Note(tenant_id=tenant, id=new_id(), unit_no=1, title="first")
        tx.session.add(note)
        second = await tx.following(context(tenant))
        assert note not in second.session
        found = (await second.session.execute(text(SEEN))).scalars().all()
        assert found == [tenant]
        with pytest.raises(ValueError, match="different tenants"):
            await second.following(context(new_tenant()))
        with pytest.raises(ValueError, match="scopes"):
            await second.following(context(tenant, scope=Scope(1, 2)))
