"""What is kept of events is bounded: streams by age, archives by month; who was away longer is served anew."""

import asyncio
import dataclasses
import os
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import nats
import pytest

from deploy.cli.archives import tend, untended
from deploy.cli.configuration import as_environment
from deploy.cli.failures import Refusal
from deploy.cli.stack.testing import COMMAND
from kernel.clock import utcnow
from kernel.db.migrate import PARTITION_MONTHS_AHEAD, make_months, wall_up_partition
from kernel.db.owner import owner
from kernel.events.nats import stream_of
from kernel.events.outbox import audit
from kernel.events.replay import Range, replay
from kernel.events.trimming import Ended, Month, NotHeard, months_of, trim
from kernel.events.upkeep import Busy
from kernel.ids import new_id
from tests.integration.kernel.events.house import House, listening, new_tenant, system, until

OLD = date(2025, 1, 1)


async def stream(house: House) -> Any:
    """The broker's word on recruitment's stream, as the operator hears it."""
    async with house.nats(house.config("recruitment")) as connection:
        js = await connection.connected()
        return await js.stream_info(stream_of("recruitment"))


@asynccontextmanager
async def forgetful(house: House) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    """A broker that knows ids for a moment only, as after two minutes; the call has it forget all, as by age."""
    url, password = house.config("recruitment").nats_url, house.stack.secrets.nats["operator"]
    client = await nats.connect(url, user="operator", password=password, inbox_prefix=b"_INBOX.operator")
    js, name = client.jetstream(), stream_of("recruitment")
    usual = (await js.stream_info(name)).config

    async def forget() -> None:
        await js.purge_stream(name)

    try:
        await js.update_stream(usual.evolve(duplicate_window=0.1))
        yield forget
    finally:
        await js.update_stream(usual)
        await client.close()


async def archived(house: House, tenant: UUID) -> list[Any]:
    return await house.rows(
        "recruitment", tenant, "select event, stream_seq, recorded_at from k_outbox_archive order by stream_seq"
    )


async def test_the_stream_keeps_news_for_as_long_as_the_setting_says(house: House) -> None:
    async with house.nats(house.config("recruitment")) as connection:
        await connection.ensure_stream()
    assert (await stream(house)).config.max_age == 14 * 86_400
    made = (await stream(house)).created
    config = house.config("recruitment", stream_days=20)
    async with house.nats(config) as connection:
        state = await connection.ensure_stream()
    found = await stream(house)
    assert (found.config.max_age, found.created) == (20 * 86_400, made)
    assert found.config.allow_atomic
    async with house.nats(house.config("recruitment")) as connection:
        assert await connection.ensure_stream() == state


async def test_a_consumer_that_was_away_for_too_long_is_served_from_the_archive(house: House) -> None:
    tenant, early, both = new_tenant(), new_id(), new_id()
    since = utcnow()
    async with AsyncExitStack() as stack:
        connection = await stack.enter_async_context(house.relaying())
        await connection.ensure_stream()
        forget = await stack.enter_async_context(forgetful(house))
        await house.tell(tenant, early, 1)
        await house.tell(tenant, both, 2)
        await until(lambda: _archived(house, tenant, 2), "the first two")
        await forget()
        await house.tell(tenant, both, 3)
        await until(lambda: _archived(house, tenant, 3), "the third")
        await stack.enter_async_context(house.consuming(listening()))
        await until(lambda: _waits(house, tenant, both), "the third set aside")
        assert await house.effects(tenant) == []
        wanted = Range(since, utcnow() + timedelta(seconds=1), tenant, "probe")
        assert await replay(house.dbs["recruitment"], connection, house.config("recruitment"), wanted) == 3
        await until(lambda: _effects(house, tenant, 3), "all three")
    assert [row.n for row in await house.effects(tenant, both)] == [2, 3]


async def _archived(house: House, tenant: UUID, wanted: int) -> bool:
    return len(await archived(house, tenant)) == wanted


async def _effects(house: House, tenant: UUID, wanted: int) -> bool:
    return len(await house.effects(tenant)) == wanted


async def _waits(house: House, tenant: UUID, aggregate: UUID) -> list[Any]:
    sql = "select 1 from k_dead_letter where aggregate_id = :aggregate and waiting"
    return await house.rows("roster", tenant, sql, aggregate=aggregate)


async def test_a_month_is_ended_but_for_what_models_are_made_of(house: House) -> None:
    tenant, aggregate = new_tenant(), new_id()
    async with house.relaying():
        for n in range(3):
            await house.tell(tenant, aggregate, n)
            async with house.dbs["recruitment"].transaction(system(tenant)) as tx:
                await audit(tx, "test.done", subject_type="probe", subject_id=aggregate)
        await until(lambda: _archived(house, tenant, 6), "all archived")
    before = [row for row in await archived(house, tenant) if row.event == "probed"]
    heard_of: list[Mapping[UUID, int]] = []
    known = False

    async def heard(told: Mapping[UUID, int]) -> bool:
        heard_of.append(told)
        return known

    async with owner("recruitment", house.stack.dsn("recruitment", "migrator")) as connection:
        for month in (OLD, date(2025, 2, 1)):
            name, end = f"k_outbox_archive_{month:%Y%m}", date(2025, month.month + 1, 1)
            await connection.execute(
                f"create table {name} partition of k_outbox_archive for values from ('{month}') to ('{end}')"
            )
            await connection.execute(wall_up_partition(name, "recruitment"))
        moving = "update k_outbox_archive set recorded_at = $2 where tenant_id = $1"
        await connection.execute(moving, tenant, datetime(2025, 1, 15, tzinfo=UTC))
        with pytest.raises(NotHeard, match="2025-01"):
            await trim(connection, "recruitment", {"probe"}, date(2026, 1, 1), heard)
        assert len(await archived(house, tenant)) == 6
        known = True
        # One day before the month's end nothing is due; then it goes, and the empty one with it.
        assert await trim(connection, "recruitment", {"probe"}, date(2025, 1, 31), heard) == []
        ended = await trim(connection, "recruitment", {"probe"}, date(2026, 1, 1), heard)
        assert ended == [Ended("2025-01", 6, 3), Ended("2025-02", 0, 0)]
        assert await trim(connection, "recruitment", {"probe"}, date(2026, 1, 1), heard) == []
        parts = "select relname from pg_inherits join pg_class on oid = inhrelid where relname like '%archive_2025__'"
        assert [row[0] for row in await connection.fetch(parts)] == ["k_outbox_archive_202501"]
        walls = "select relrowsecurity and relforcerowsecurity from pg_class where relname = 'k_outbox_archive_202501'"
        assert await connection.fetchval(walls)
        async with owner("recruitment", house.stack.dsn("recruitment", "migrator")) as another:
            with pytest.raises(Busy):
                await trim(another, "recruitment", {"probe"}, date(2026, 1, 1), heard)
    assert heard_of[0] == {tenant: 3}
    after = await archived(house, tenant)
    assert [(row.event, row.stream_seq) for row in after] == [(row.event, row.stream_seq) for row in before]


async def test_months_ahead_are_made_without_a_migration_and_take_their_events(house: House) -> None:
    """Once a day is enough: on the last day of a month the next ones are there, on the first one more is made."""
    dsn, tenant = house.stack.dsn("recruitment", "migrator"), new_tenant()
    ahead = (await _months(house))[-1]
    assert ahead.first - utcnow().date() > timedelta(days=28 * (PARTITION_MONTHS_AHEAD - 2))
    last_day, first_day = ahead.end - timedelta(days=1), ahead.end
    for day, more in ((last_day, PARTITION_MONTHS_AHEAD - 1), (last_day, 0), (first_day, 1)):
        before = await _months(house)
        await asyncio.to_thread(make_months, "recruitment", dsn, day)
        assert len(await _months(house)) == len(before) + more
    async with house.relaying():
        await house.tell(tenant, new_id(), 1)
        await until(lambda: _archived(house, tenant, 1), "the event")
    instant = datetime(first_day.year, first_day.month, 1, tzinfo=UTC)
    async with owner("recruitment", dsn) as connection:
        for moment, month in ((instant - timedelta(seconds=1), f"{last_day:%Y%m}"), (instant, f"{first_day:%Y%m}")):
            moving = (
                "update k_outbox_archive set recorded_at = $2 where tenant_id = $1 returning tableoid::regclass::text"
            )
            assert await connection.fetchval(moving, tenant, moment) == f"k_outbox_archive_{month}"
        for month in await months_of(connection):
            if month.first >= ahead.end:
                await connection.execute(f"drop table {month.name}")


async def _months(house: House) -> list[Month]:
    async with owner("recruitment", house.stack.dsn("recruitment", "migrator")) as connection:
        return await months_of(connection)


async def test_the_command_keeps_one_database_of_a_deployment_without_a_data_folder(house: House) -> None:
    """In the environment of the gateway, with the right to the months of another database."""
    dsn = house.stack.dsn("recruitment", "migrator")
    last = (await _months(house))[-1]
    async with owner("recruitment", dsn) as connection:
        await connection.execute(f"drop table {last.name}")
        async with connection.transaction():
            await connection.execute("lock table k_outbox_archive in access share mode")
            with pytest.raises(Refusal, match="the archive is busy; no month was made"):
                await asyncio.to_thread(tend, {"recruitment": house.config("recruitment")}, "recruitment")
    environment = {**os.environ, **as_environment(house.config("gateway")), "SHEGONG_MIGRATOR_DSN": dsn}
    refused, done = [
        await asyncio.to_thread(
            subprocess.run, [*COMMAND, "events", "trim", *named], env=environment, capture_output=True, check=False
        )
        for named in ([], ["recruitment"])
    ]
    assert b"name one process" in refused.stderr
    assert (done.returncode, done.stderr) == (0, b"")
    assert (await _months(house))[-1] == last


def test_months_of_which_nobody_takes_care_are_told() -> None:
    def month(first: date, end: date, *, ended: bool = False) -> Month:
        return Month(f"k_outbox_archive_{first:%Y%m}", first, end, ended)

    today = date(2026, 3, 1)
    old, late = month(date(2025, 1, 1), date(2025, 2, 1)), month(date(2026, 5, 1), date(2026, 6, 1))
    days_kept = (today - old.end).days
    assert untended([old, late], today, days_kept) == ""
    assert "events trim" in untended([old, late], today, days_kept - 3)
    assert untended([dataclasses.replace(old, ended=True), late], today, 31) == ""
    assert "events trim" in untended([late], date(2026, 4, 3), 180)
