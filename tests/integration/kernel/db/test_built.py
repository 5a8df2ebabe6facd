"""A statement built once says and stores what the session would, under the same bounds and in the same transaction."""

import asyncio
from datetime import date
from decimal import Decimal
from typing import Any

import asyncpg
import pytest
from sqlalchemy import ARRAY, String, any_, bindparam, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from kernel.context import NOTHING, Actor, Scope
from kernel.db.built import TENANT, Built
from kernel.db.table import days
from kernel.db.transaction import Database
from kernel.ids import new_id
from tests.integration.kernel.made_up import Everything, Note, context, new_tenant

VALUES: dict[str, Any] = {
    "document": {"a": ["一", None]},
    "several": [],
    "period": days(date(2025, 1, 1), None),
    "at": None,
    "day": date(2025, 1, 1),
    "secret": b"\x00",
    "money": Decimal("1.5"),
    "other": new_id(),
    "words": "字",
    "count": 0,
    "yes": True,
    "share": 0.5,
}
NOTES = Built(
    lambda: (
        select(Note.id, Note.title, Note.number, Note.version)
        .where(col(Note.title) == any_(bindparam("titles", type_=ARRAY(String))))
        .order_by(col(Note.id))
    )
)
ADD = Built(
    lambda: insert(Note).values({"tenant_id": TENANT} | {name: bindparam(name) for name in ("id", "unit_no", "title")})
)
KEEP = Built(
    lambda: (
        insert(Everything)
        .values({"tenant_id": TENANT} | {name: bindparam(name) for name in ("id", *VALUES)})
        .returning(col(Everything.id), col(Everything.money))
    )
)


async def test_it_stores_what_the_session_stores_and_answers_what_the_database_made_of_it(database: Database) -> None:
    first, second = new_id(), new_id()
    async with database.transaction(context(new_tenant())) as tx:
        assert await KEEP.run(tx, id=first, **VALUES) == [{"id": first, "money": Decimal("1.50")}]
        tx.session.add(Everything(tenant_id=tx.tenant, id=second, **VALUES))
        await tx.flush()
        rows = (await tx.session.execute(select(Everything).order_by(col(Everything.id)))).scalars()
        built, ordinary = (row.model_dump(exclude={"id"}) for row in rows)
        assert built == ordinary


async def test_columns_that_are_not_named_have_their_defaults(database: Database) -> None:
    note = new_id()
    async with database.transaction(context(new_tenant())) as tx:
        await ADD.run(tx, id=note, unit_no=1, title="new")
        assert await NOTES.run(tx, titles=["new"]) == [{"id": note, "title": "new", "number": 0, "version": 1}]


async def test_it_sees_what_the_session_was_given_and_no_other_tenant(database: Database) -> None:
    under = context(new_tenant())
    async with database.transaction(context(new_tenant())) as tx:
        await ADD.run(tx, id=new_id(), unit_no=1, title="seen")
    async with database.transaction(under) as tx:
        assert await NOTES.run(tx, titles=["seen"]) == []  # also where it is the first statement of all
        tx.session.add(Note(tenant_id=tx.tenant, id=new_id(), unit_no=1, title="seen", number=7))
        assert [row["number"] for row in await NOTES.run(tx, titles=["seen", "unseen"])] == [7]


async def test_it_repeats_the_scope_where_a_session_does(database: Database, superuser: asyncpg.Connection) -> None:
    """With the policies down too: a query's own bounds are a wall by themselves."""
    tenant = new_tenant()
    async with database.transaction(context(tenant)) as tx:
        for unit_no in (1000, 5000):
            await ADD.run(tx, id=new_id(), unit_no=unit_no, title="seen")
    narrow = Scope(4000, 6000)
    person = Actor("person", person=new_id())
    for under in (
        context(tenant),
        context(tenant, scope=narrow),
        context(tenant, scope=narrow, actor=person),
        context(tenant, scope=NOTHING),
    ):
        await superuser.execute("alter table probe_note disable row level security")
        try:
            async with database.transaction(under) as tx:
                built = await NOTES.run(tx, titles=["seen"])
                ordinary = (await tx.session.execute(select(Note.id, Note.title, Note.number, Note.version))).mappings()
                assert sorted(map(str, built)) == sorted(str(dict(row)) for row in ordinary)
                assert len(built) == (1 if under.scope == narrow and under.actor.kind != "person" else 2)
        finally:
            await superuser.execute("alter table probe_note enable row level security")


async def test_a_parameter_that_was_not_given_is_no_null(database: Database) -> None:
    async with database.transaction(context(new_tenant())) as tx:
        with pytest.raises(KeyError):
            await ADD.run(tx, id=new_id(), unit_no=1)


def several() -> Any:
    return select(Note.id).where(col(Note.title).in_(["one", "two"]))


def period() -> Any:
    return select(Everything.period)


@pytest.mark.parametrize("make", [several, period])
async def test_what_cannot_be_built_once_is_refused(database: Database, make: Any) -> None:
    async with database.transaction(context(new_tenant())) as tx:
        with pytest.raises(TypeError):
            await Built(make).run(tx)


async def test_a_change_that_waits_for_another_begins_with_what_that_one_left(database: Database) -> None:
    under, note = context(new_tenant()), new_id()
    more = Built(
        lambda: (
            update(Note)
            .where(col(Note.tenant_id) == TENANT, col(Note.id) == bindparam("note"))
            .values(number=col(Note.number) + 1)
            .returning(col(Note.number))
        )
    )
    async with database.transaction(under) as tx:
        await ADD.run(tx, id=note, unit_no=1, title="counted")

    async def once() -> int:
        async with database.transaction(under) as tx:
            return int((await more.run(tx, note=note))[0]["number"])

    assert sorted(await asyncio.gather(*(once() for _ in range(4)))) == [1, 2, 3, 4]
