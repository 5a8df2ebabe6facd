"""What is written last goes with the COMMIT: all or nothing, in its order, as the driver itself would write it."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kernel.context import Context
from kernel.db.parting import FEW, MANY, spoken
from kernel.db.transaction import Database, Transaction
from kernel.errors import Conflict, Problem
from kernel.ids import new_id
from tests.integration.kernel.made_up import Series, context, new_tenant

ADD = "insert into probe_series (tenant_id, id) values ($1::uuid, $2)"


async def add(tx: Transaction, *ids: UUID) -> None:
    for each in ids:
        await tx.last(ADD, tx.tenant, each)


async def kept(database: Database, under: Context) -> list[UUID]:
    async with database.transaction(under) as tx:
        # ctid: in the order in which they were written
        return [row[0] for row in await tx.run("select id from probe_series order by ctid")]


@pytest.mark.parametrize("with_session", [False, True])
@pytest.mark.parametrize("count", [1, FEW, FEW + 1, MANY, MANY + 1])
async def test_it_is_there_in_its_order_once_it_is_committed(single: Database, count: int, with_session: bool) -> None:
    under, ids = context(new_tenant()), [new_id() for _ in range(count)]
    async with single.transaction(under) as tx:
        if with_session:
            tx.session.add(Series(tenant_id=tx.tenant, id=(first := new_id())))
        await add(tx, *ids[::-1])
        seen = await tx.run("select count(*) from probe_series")
        assert seen[0][0] == (MANY if count >= MANY else 0)
    found = await kept(single, under)
    assert found == ([first, *ids[::-1]] if with_session and count < MANY else found)
    assert [each for each in found if each in ids] == ids[::-1]
    assert len(found) == count + with_session


@pytest.mark.parametrize("count", [2, FEW + 2])
@pytest.mark.parametrize("with_session", [False, True])
async def test_what_the_database_refuses_leaves_nothing_and_the_connection_serves_on(
    single: Database, count: int, with_session: bool
) -> None:
    under = context(new_tenant())
    ids = [new_id() for _ in range(count)]

    async def work() -> None:
        async with single.transaction(under) as tx:
            if with_session:
                tx.session.add(Series(tenant_id=tx.tenant, id=new_id()))
            await add(tx, *ids[:-1], ids[0])

    with pytest.raises(Conflict):
        await work()
    assert await kept(single, under) == []
    async with single.transaction(under) as tx:
        await add(tx, ids[0])
    assert await kept(single, under) == [ids[0]]


async def test_of_a_work_that_fails_nothing_is_written_with_the_next_commit(single: Database) -> None:
    under = context(new_tenant())

    async def work() -> None:
        async with single.transaction(under) as tx:
            await add(tx, new_id())
            raise RuntimeError("not now")

    with pytest.raises(RuntimeError):
        await work()
    async with single.transaction(under) as tx:
        await tx.run("select 1")
    assert await kept(single, under) == []


async def test_what_a_savepoint_takes_back_is_not_written(single: Database) -> None:
    under = context(new_tenant())
    before, within, after, then = (new_id() for _ in range(4))

    async def fail(tx: Transaction) -> None:
        async with tx.savepoint():
            await add(tx, new_id())
            raise RuntimeError("taken back")

    async with single.transaction(under) as tx:
        await add(tx, before)
        with pytest.raises(RuntimeError):
            await fail(tx)
        async with tx.savepoint():
            await add(tx, within)
        await add(tx, after)
    async with single.transaction(under) as tx:
        await add(tx, then)
    assert await kept(single, under) == [before, within, after, then]


async def test_it_is_written_under_the_tenant_of_its_time(single: Database) -> None:
    first, second = context(new_tenant()), context(new_tenant())
    one, other = new_id(), new_id()
    async with single.transaction(first) as tx:
        await add(tx, one)
        tx = await tx.under(second)
        await add(tx, other)
    assert await kept(single, first) == [one]
    assert await kept(single, second) == [other]

    async def reach_over() -> None:
        async with single.transaction(first) as tx:
            await tx.last(ADD, second.tenant, new_id())

    with pytest.raises(Problem):
        await reach_over()
    assert await kept(single, second) == [other]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(
    words=st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
    number=st.one_of(st.none(), st.integers(-(2**31), 2**31 - 1)),
    instant=st.datetimes(timezones=st.just(UTC)),
)
@example(words="'; drop table probe_series; --", number=-1, instant=datetime(2026, 1, 1, tzinfo=UTC))
@example(words="\\' $1 $2 %s \u2028 {tenant}", number=0, instant=datetime(2026, 1, 1, tzinfo=UTC))
async def test_values_are_those_that_the_driver_would_send(
    database: Database, words: str, number: int | None, instant: datetime
) -> None:
    statement = "select $1::text as words, $2::integer as number, $3::timestamptz as instant, $4::uuid as id"
    values = (words, number, instant, new_id())
    async with database.transaction(context(new_tenant())) as tx:
        [sent] = await tx.run(statement, *values)
        [said] = await tx.run(spoken(statement, values))
    assert tuple(said) == tuple(sent)


def test_a_text_with_a_nul_would_end_the_statement_early() -> None:
    with pytest.raises(ValueError, match="NUL"):
        spoken("select $1", ["a\0b"])
