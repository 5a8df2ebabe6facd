"""A transaction begun past SQLAlchemy: its session is on it, it ends as one, and leaves its connection as it was."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import UnboundExecutionError
from sqlmodel import select

from kernel.context import Context
from kernel.db.driver import spelt
from kernel.db.put import put
from kernel.db.transaction import Database, Transaction
from kernel.errors import Conflict, Problem
from kernel.ids import new_id
from tests.integration.kernel.made_up import Everything, Note, Series, context, new_tenant

STATE = "select pg_backend_pid(), pg_current_xact_id()::text, current_setting('app.tenant')"


async def series(tx: Transaction) -> list[Any]:
    return [row[0] for row in await tx.run("select id from probe_series")]


async def seen(database: Database, under: Context) -> list[Any]:
    async with database.transaction(under) as tx:
        return await series(tx)


async def test_driver_and_session_are_in_one_transaction_that_is_committed_once(single: Database) -> None:
    under, other = context(new_tenant()), context(new_tenant())
    first, second = new_id(), new_id()
    async with single.transaction(under) as tx:
        await put(tx, Series, {"id": first}, change=False)
        driven = tuple((await tx.run(STATE))[0])
        tx.session.add(Series(tenant_id=tx.tenant, id=second))
        await tx.flush()
        assert tuple((await tx.session.execute(text(STATE))).one()) == driven
        assert driven[2] == str(under.tenant)
    async with single.transaction(other) as tx:
        assert await series(tx) == []
        assert (await tx.run(STATE))[0][0] == driven[0]
    assert sorted(await seen(single, under)) == sorted([first, second])


@pytest.mark.parametrize("with_session", [False, True])
async def test_what_fails_is_taken_back_whole_and_the_connection_serves_on(
    single: Database, with_session: bool
) -> None:
    under = context(new_tenant())

    async def fail() -> None:
        async with single.transaction(under) as tx:
            await put(tx, Series, {"id": new_id()}, change=False)
            if with_session:
                tx.session.add(Series(tenant_id=tx.tenant, id=new_id()))
                await tx.flush()
            raise RuntimeError("not now")

    with pytest.raises(RuntimeError):
        await fail()
    async with single.transaction(under) as tx:
        assert await series(tx) == []
    assert await seen(single, under) == []


@pytest.mark.parametrize("with_session", [False, True])
async def test_what_the_commit_refuses_was_not_stored(single: Database, with_session: bool) -> None:
    """The series that the note names is looked for when the transaction commits."""
    under = context(new_tenant())
    note = {"id": new_id(), "unit_no": 1, "title": "x", "number": 0, "series_id": new_id(), "version": 1}

    async def write() -> None:
        async with single.transaction(under) as tx:
            if with_session:
                await tx.session.execute(text("select 1"))
            await put(tx, Note, note, change=False)

    with pytest.raises(Conflict):
        await write()
    async with single.transaction(under) as tx:
        assert not await tx.run("select id from probe_note")


async def test_a_row_is_put_where_its_key_says(single: Database) -> None:
    under, id_ = context(new_tenant()), new_id()
    note = {"id": id_, "unit_no": 1, "title": "first", "number": 0, "series_id": None, "version": 1}
    async with single.transaction(under) as tx:
        await put(tx, Note, note, change=False)
        await put(tx, Note, note | {"title": "left"}, change=False)
        assert [row[0] for row in await tx.run("select title from probe_note")] == ["first"]
        await put(tx, Note, note | {"title": "changed"}, change=True)
        assert [row[0] for row in await tx.run("select title from probe_note")] == ["changed"]
        with pytest.raises(TypeError, match="document"):
            await put(tx, Everything, {"id": id_, "document": {}}, change=True)


async def test_a_work_that_is_cancelled_leaves_nothing_and_the_pool_whole(single: Database) -> None:
    under, entered = context(new_tenant()), asyncio.Event()

    async def stuck() -> None:
        async with single.transaction(under) as tx:
            await put(tx, Series, {"id": new_id()}, change=False)
            tx.session.add(Series(tenant_id=tx.tenant, id=new_id()))
            await tx.flush()
            entered.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(stuck())
    await entered.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await seen(single, under) == []
    async with single.transaction(under) as tx:
        assert await series(tx) == []


@pytest.mark.parametrize("with_session", [False, True])
async def test_who_keeps_a_transaction_does_not_get_at_the_next_one_on_its_connection(
    single: Database, with_session: bool
) -> None:
    under, other = context(new_tenant()), context(new_tenant())
    async with single.transaction(under) as kept:
        session = kept.session if with_session else None
    async with single.transaction(other):
        with pytest.raises(RuntimeError):
            await kept.run("select 1")
        with pytest.raises(RuntimeError):
            assert kept.session
        if session is not None:
            with pytest.raises(UnboundExecutionError):
                await session.execute(text("select 1"))


@pytest.mark.parametrize("asked_before", [False, True])
async def test_a_session_stands_under_the_context_that_the_transaction_has_come_to(
    single: Database, asked_before: bool
) -> None:
    under, other, id_ = context(new_tenant()), context(new_tenant()), new_id()
    async with single.transaction(other) as tx:
        await put(tx, Series, {"id": id_}, change=False)
    async with single.transaction(under) as tx:
        if asked_before:
            assert (await tx.session.execute(select(Series))).all() == []
        there = await tx.under(other)
        assert [row.id for row in (await there.session.execute(select(Series))).scalars()] == [id_]
        assert await series(there) == [id_]
        back = await there.under(under)
        assert (await back.session.execute(select(Series))).all() == []
        assert await series(back) == []


SAID = "'; rollback; -- \\' $1 'é\\ 张"


async def test_what_a_transaction_is_begun_with_is_answered_and_a_text_in_it_is_only_a_text(single: Database) -> None:
    under, id_ = context(new_tenant()), new_id()
    insert = f"insert into probe_series (tenant_id, id) values ('{under.tenant}', '{id_}') on conflict do nothing"  # noqa: S608 - ids
    answers = []
    for _ in range(2):
        async with single.transaction(under, insert) as tx:
            answers.append(tx.first)
    assert answers == ["INSERT 0 1", "INSERT 0 0"]
    async with single.transaction(under, f"select set_config('probe.said', {spelt(SAID)}, true)") as tx:
        assert (await tx.run("select current_setting('probe.said'), current_setting('app.tenant')"))[0][0] == SAID
    assert await seen(single, under) == [id_]


async def test_what_a_transaction_cannot_be_begun_with_leaves_the_pool_whole(single: Database) -> None:
    under = context(new_tenant())
    async with single.transaction(under) as tx:
        await put(tx, Series, {"id": new_id()}, change=False)

    async def begin() -> None:
        async with single.transaction(under, "delete from probe_series; select 1 / 0"):
            raise AssertionError("begun")

    with pytest.raises(Problem):
        await begin()
    assert len(await seen(single, under)) == 1
