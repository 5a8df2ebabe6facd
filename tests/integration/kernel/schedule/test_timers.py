"""Timers on a real database: due in the tenant's business time, once, each in one transaction with its effect."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, select, text

from kernel.clock import utcnow
from kernel.config import ProcessConfig
from kernel.context import Context, TenantId
from kernel.db.transaction import Database, Transaction
from kernel.ids import new_id
from kernel.org.tables import OrgTenant
from kernel.schedule.actions import at
from kernel.schedule.runner import Timers, run_due, run_timers
from kernel.schedule.tables import Schedule
from tests.integration.kernel.events.house import in_child

KIND = "test.ring"
EFFECT = "test.rung"
YEAR = timedelta(days=365)


class Bells:
    """One tenant whose business time is a year ahead, and a timer kind of its own."""

    def __init__(self, database: Database, config: ProcessConfig) -> None:
        self.database, self.config = database, config
        self.tenant = TenantId(new_id())
        self.kind = f"{KIND}.{self.tenant}"
        self.timers = Timers()
        self.timers.on(self.kind)(self.ring)

    async def ring(self, tx: Transaction, payload: dict[str, Any]) -> None:
        """Leave an effect in the database, then fail where asked to."""
        await at(tx, EFFECT, tx.now + YEAR, unit_no=1, payload=payload)
        if payload.get("fails"):
            raise RuntimeError("as asked")

    def context(self) -> Context:
        return Context.system(self.tenant, self.now)

    @property
    def now(self) -> datetime:
        return utcnow() + YEAR

    async def open(self) -> "Bells":
        async with self.database.transaction(self.context()) as tx:
            tx.session.add(
                OrgTenant(
                    tenant_id=self.tenant,
                    slug=f"t{self.tenant.hex}",
                    title="测试辖区",
                    status="active",
                    business_offset_seconds=YEAR.total_seconds(),
                )
            )
        return self

    async def set(self, due: timedelta, **payload: Any) -> None:
        async with self.database.transaction(self.context()) as tx:
            await at(tx, self.kind, self.now + due, unit_no=1, payload=payload)

    async def run(self) -> int:
        return await run_due(self.database, self.config, self.timers)

    async def rows(self, kind: str) -> list[Schedule]:
        async with self.database.transaction(self.context()) as tx:
            found = await tx.session.execute(
                select(Schedule).where(col(Schedule.kind) == kind).order_by(col(Schedule.due_business_at))
            )
            return list(found.scalars())

    async def rung(self) -> int:
        return len(await self.rows(EFFECT))


@pytest.fixture
async def bells(timer_database: Database, timer_config: ProcessConfig) -> Bells:
    return await Bells(timer_database, timer_config).open()


async def test_a_timer_is_due_in_its_tenants_business_time(bells: Bells) -> None:
    await bells.set(timedelta(seconds=-1))
    await bells.set(timedelta(days=1))
    assert await bells.run() == 1
    assert [row.state for row in await bells.rows(bells.kind)] == ["done", "waiting"]
    assert await bells.rung() == 1
    assert await bells.run() == 0


async def test_many_workers_run_each_timer_once(bells: Bells) -> None:
    for _ in range(20):
        await bells.set(timedelta(seconds=-1))
    await asyncio.gather(*(bells.run() for _ in range(4)))
    assert await bells.rung() == 20


async def test_a_failing_timer_leaves_no_effect_waits_and_lets_the_others_run(bells: Bells) -> None:
    await bells.set(timedelta(seconds=-2), fails=True)
    await bells.set(timedelta(seconds=-1))
    assert await bells.run() == 2
    failed, done = await bells.rows(bells.kind)
    assert (failed.state, failed.attempts, failed.cause) == ("waiting", 1, "RuntimeError")
    assert failed.retry_at is not None
    assert failed.retry_at > utcnow()
    assert done.state == "done"
    assert await bells.rung() == 1
    assert await bells.run() == 0


async def test_a_timer_of_a_refused_transaction_is_none(bells: Bells) -> None:
    with pytest.raises(RuntimeError):
        await set_and_refuse(bells)
    assert await bells.rows(bells.kind) == []


async def set_and_refuse(bells: Bells) -> None:
    async with bells.database.transaction(bells.context()) as tx:
        await at(tx, bells.kind, bells.now, unit_no=1, payload={})
        raise RuntimeError("refused")


async def test_the_worker_runs_what_falls_due_and_ends_when_told(bells: Bells) -> None:
    rung, stop = asyncio.Event(), asyncio.Event()
    timers = Timers()

    @timers.on(bells.kind)
    async def ring(tx: Transaction, payload: dict[str, Any]) -> None:
        rung.set()

    worker = asyncio.create_task(run_timers(bells.database, bells.config, timers, stop))
    await bells.set(timedelta(milliseconds=200))
    await asyncio.wait_for(rung.wait(), 10)
    stop.set()
    await asyncio.wait_for(worker, 10)
    assert [row.state for row in await bells.rows(bells.kind)] == ["done"]


@pytest.mark.parametrize(("point", "kept"), [("timer.before_commit", 0), ("timer.after_commit", 1)])
async def test_a_worker_killed_at_its_timer_loses_nothing_and_repeats_nothing(
    bells: Bells, point: str, kept: int
) -> None:
    await bells.set(timedelta(seconds=-1))
    assert in_child(lambda: killed(bells, point)) == 137
    assert await bells.rung() == kept
    await bells.run()
    assert await bells.rung() == 1


async def killed(bells: Bells, point: str) -> None:
    config = bells.config.model_copy(update={"crash_at": point})
    await run_due(Database.open(config), config, bells.timers)


async def test_the_relay_role_finds_timers_of_all_tenants_and_changes_none(bells: Bells) -> None:
    await bells.set(timedelta(days=1))
    async with bells.database.relay.connect() as connection:
        found = await connection.execute(
            text("select count(*) from k_schedule where kind = :kind"), {"kind": bells.kind}
        )
        assert found.scalar_one() == 1
    with pytest.raises(DBAPIError, match="permission denied"):
        await change_as_relay(bells)


async def change_as_relay(bells: Bells) -> None:
    async with bells.database.relay.begin() as connection:
        await connection.execute(text("update k_schedule set state = 'done'"))
