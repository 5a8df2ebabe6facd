"""What the process asks of the broker: durable writes proved at readiness, work given back at the end, replay."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest
from nats.errors import Error as NatsError

from kernel.clock import utcnow
from kernel.db.transaction import Database, Transaction
from kernel.events.event import Received
from kernel.events.nats import Nats
from kernel.events.outbox import emit
from kernel.events.relay import calling
from kernel.events.replay import Range, replay
from kernel.ids import new_id
from tests.integration.kernel.events.house import House, Probed, listening, new_tenant, system, until, write_down


async def test_a_process_is_ready_only_when_every_write_is_synced(house: House) -> None:
    config = house.config("recruitment")
    async with house.nats(config) as nats:
        await nats.connected()
        assert await nats.not_ready() is None


async def test_a_broker_that_does_not_sync_every_write_is_refused(house: House, lazy_monitor: str) -> None:
    config = house.config("recruitment", nats_monitor_url=lazy_monitor)
    async with house.nats(config) as nats:
        await nats.connected()
        assert "sync_interval" in str(await nats.not_ready())


async def test_without_a_broker_the_process_says_so_and_goes_on(house: House) -> None:
    config = house.config("recruitment", nats_url="nats://127.0.0.1:1")
    async with house.nats(config) as nats:
        assert await nats.not_ready() == "nats: not connected"


async def test_a_process_can_publish_under_its_own_name_only(house: House) -> None:
    async with house.nats(house.config("roster")) as nats:
        await nats.connected()
        with pytest.raises((NatsError, TimeoutError)):
            await nats.client.request("shegong.recruitment.x.probe.probed.v1", b"{}", timeout=0.3)


async def test_a_consumer_that_ends_gives_back_what_it_holds(house: House) -> None:
    """The next one has it at once, not after the broker's wait of 30 s."""
    tenant, aggregate = new_tenant(), new_id()
    started, never = asyncio.Event(), asyncio.Event()

    async def stuck(tx: Transaction, event: Received[Probed]) -> None:
        if event.tenant == tenant:
            started.set()
            await never.wait()

    for n in range(1, 4):
        await house.tell(tenant, aggregate, n)
    async with house.relaying():
        async with house.consuming(listening(stuck)):
            await asyncio.wait_for(started.wait(), 10)
        async with house.consuming(listening()):
            await until(lambda: _applied(house, tenant, 3), "every effect", seconds=10)
    assert [row.version for row in await house.effects(tenant)] == [1, 2, 3]


async def test_a_worker_calls_the_relay_of_another_over_the_broker(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The relay looks by itself in a minute only, and no call goes through the database."""
    monkeypatch.setattr("kernel.events.relay.POLL_SECONDS", 60)
    tenant, aggregate, config = new_tenant(), new_id(), house.config("recruitment")
    database = Database.open(config)
    said: list[str] = []

    async def say(statements: str) -> None:
        said.append(statements)

    monkeypatch.setattr(database.bell, "_say", say)
    try:
        async with house.relaying(), house.consuming(listening(write_down)), house.nats(config) as nats:
            await house.tell(tenant, aggregate, 1)
            await until(lambda: _applied(house, tenant, 1), "the effect of an event told beside the relay")
            await nats.connected()
            with calling(database, nats):
                for n in (2, 3):
                    async with database.transaction(system(tenant)) as tx:
                        await emit(tx, Probed(n=n, mood="good"), aggregate_id=aggregate)
                    await until(lambda n=n: _applied(house, tenant, n), "the effect of an event told elsewhere")
            assert not said
            async with database.transaction(system(tenant)) as tx:
                await emit(tx, Probed(n=4, mood="good"), aggregate_id=aggregate)
            await database.bell.rest()
            assert len(said) == 1
    finally:
        await database.close()


async def test_a_replayed_range_reaches_consumers_and_has_no_second_effect(house: House) -> None:
    tenant, aggregate = new_tenant(), new_id()
    since = utcnow() - timedelta(minutes=1)
    await house.tell(tenant, aggregate, 1)
    async with house.relaying() as nats, house.consuming(listening(write_down)):
        await until(lambda: _applied(house, tenant, 1), "the effect")
        await until(lambda: house.told(tenant), "an empty outbox")
        wanted = Range(since, utcnow() + timedelta(minutes=1), tenant=tenant, aggregate_type="probe")
        assert await replay(house.dbs["recruitment"], nats, house.config("recruitment"), wanted) == 1
        await house.tell(tenant, aggregate, 2)
        await until(lambda: _applied(house, tenant, 2), "the effect of the next")
    assert [row.version for row in await house.effects(tenant)] == [1, 2]


async def test_a_connection_closed_for_good_ends_the_process(house: House) -> None:
    ended = asyncio.Event()
    nats = Nats.open(house.config("recruitment"), fatal=ended.set)
    await nats.connected()
    await nats.client.close()
    await asyncio.wait_for(ended.wait(), 5)


async def test_a_connection_closed_while_it_is_made_leaves_no_socket_open(house: House) -> None:
    nats = Nats.open(house.config("recruitment"), fatal=lambda: None)
    await asyncio.sleep(0)
    await nats.close()
    assert nats.client.is_closed


async def _applied(house: House, tenant: UUID, wanted: int) -> bool:
    return len(await house.effects(tenant)) >= wanted
