"""Periods: WITHOUT OVERLAPS and PERIOD keys refuse what a calendar cannot hold; whoever locks first never deadlocks."""

import asyncio
import contextlib
import itertools
import random
from collections import Counter
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete
from sqlmodel import col, select

from kernel.db.table import days
from kernel.db.transaction import Database, Transaction
from kernel.errors import Conflict
from kernel.ids import new_id
from tests.integration.kernel.made_up import Home, Series, Visit, context, new_tenant

FIRST = date(2026, 1, 1)
WRITERS = 60


def home(tenant: UUID, series: UUID, start: int, length: int | None) -> Home:
    """A home from that day on."""
    begins = FIRST + timedelta(days=start)
    ends = None if length is None else begins + timedelta(days=length)
    return Home(tenant_id=tenant, id=new_id(), series_id=series, period=days(begins, ends))


def visit(tenant: UUID, series: UUID, start: int, length: int) -> Visit:
    """A visit from that day on."""
    begins = FIRST + timedelta(days=start)
    return Visit(tenant_id=tenant, id=new_id(), series_id=series, period=days(begins, begins + timedelta(days=length)))


async def test_overlapping_periods_are_a_conflict_and_adjoining_ones_are_not(database: Database) -> None:
    tenant, series = new_tenant(), new_id()
    async with database.transaction(context(tenant)) as tx:
        tx.session.add_all([home(tenant, series, 0, 10), home(tenant, series, 10, 10), home(tenant, new_id(), 5, 10)])
    for start, length in ((9, 2), (0, 10), (19, None), (3, 1)):
        with pytest.raises(Conflict):
            async with database.transaction(context(tenant)) as tx:
                tx.session.add(home(tenant, series, start, length))
    async with database.transaction(context(tenant)) as tx:
        tx.session.add(home(tenant, series, 20, None))


async def test_another_tenants_periods_are_no_obstacle(database: Database) -> None:
    series = new_id()
    for tenant in (new_tenant(), new_tenant()):
        async with database.transaction(context(tenant)) as tx:
            tx.session.add(home(tenant, series, 0, 10))


async def test_a_period_outside_the_one_it_needs_is_refused_at_commit(database: Database) -> None:
    tenant, series = new_tenant(), new_id()
    async with database.transaction(context(tenant)) as tx:
        tx.session.add_all([home(tenant, series, 0, 10), home(tenant, series, 10, 10)])
    async with database.transaction(context(tenant)) as tx:
        tx.session.add(visit(tenant, series, 5, 10))
    passed = False
    with contextlib.suppress(Conflict):
        async with database.transaction(context(tenant)) as tx:
            tx.session.add(visit(tenant, series, 15, 6))
            await tx.session.flush()
            passed = True
    assert passed, "deferred: the statement itself passes"
    async with database.transaction(context(tenant)) as tx:
        assert len((await tx.session.execute(select(Visit))).all()) == 1


async def test_periods_may_be_rewritten_in_steps(database: Database) -> None:
    tenant, series = new_tenant(), new_id()
    async with database.transaction(context(tenant)) as tx:
        tx.session.add(home(tenant, series, 0, 10))
        tx.session.add(visit(tenant, series, 2, 3))
    async with database.transaction(context(tenant)) as tx:
        old = (await tx.session.execute(select(Home))).scalar_one()
        await tx.session.delete(old)
        await tx.session.flush()
        tx.session.add_all([home(tenant, series, 0, 3), home(tenant, series, 3, 30)])
    with pytest.raises(Conflict):
        async with database.transaction(context(tenant)) as tx:
            await tx.session.execute(delete(Home))


async def lock(tx: Transaction, series: UUID) -> None:
    """The rule of architecture.md: whoever writes periods of a thing locks that thing's row first."""
    await tx.session.execute(select(col(Series.id)).where(col(Series.id) == series).with_for_update())


async def test_concurrent_overlapping_inserts_that_lock_first_never_deadlock(database: Database) -> None:
    tenant, series = new_tenant(), new_id()
    chance = random.Random(20260302)  # noqa: S311 - reproducible, nothing is secret
    async with database.transaction(context(tenant)) as tx:
        tx.session.add(Series(tenant_id=tenant, id=series))
    plans = [[chance.randrange(0, 40) for _ in range(3)] for _ in range(WRITERS)]

    async def write(starts: list[int]) -> str:
        try:
            async with database.transaction(context(tenant)) as tx:
                await lock(tx, series)
                for start in starts:
                    tx.session.add(home(tenant, series, start, 2))
                    await tx.session.flush()
        except Conflict as refused:
            return str(refused)
        return "written"

    outcomes = Counter(await asyncio.gather(*(write(plan) for plan in plans)))
    assert outcomes["written"] >= 1
    assert {outcome for outcome in outcomes if outcome != "written"} == {"sqlstate 23P01: ExclusionViolationError"}
    async with database.transaction(context(tenant)) as tx:
        kept = sorted((await tx.session.execute(select(Home.period))).scalars(), key=lambda period: period.lower)
    assert len(kept) == 3 * outcomes["written"]
    assert all(one.upper <= following.lower for one, following in itertools.pairwise(kept))
