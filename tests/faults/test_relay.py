"""The relay is killed at each of its points, the broker loses its data: every event still has its effect once."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from pydantic import SecretStr

from kernel.db.transaction import Database
from kernel.events import relay as relaying
from kernel.events.nats import Nats, stream_of
from kernel.events.publish import Staged, commit, publish, stage
from kernel.events.relay import run_relay
from kernel.events.relay_store import relay_store
from kernel.ids import new_id
from tests.integration.kernel.events.house import (
    House,
    in_child,
    listening,
    new_tenant,
    open_house,
    until,
)

POINTS = ["relay.before_publish", "relay.after_ack", "relay.before_mark", "relay.after_mark"]


@pytest.fixture(scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    async with open_house(tmp_path_factory.mktemp("relay")) as made:
        yield made


@pytest.mark.parametrize("point", POINTS)
async def test_a_relay_killed_at_any_point_loses_and_doubles_nothing(house: House, point: str) -> None:
    tenant, aggregates = new_tenant(), [new_id() for _ in range(3)]
    for n in range(1, 5):
        for aggregate in aggregates:
            await house.tell(tenant, aggregate, n)

    async def doomed() -> None:
        config = house.config("recruitment", crash_at=point)
        await run_relay(Database.open(config), Nats.open(config), config)

    assert in_child(doomed) == 137
    left = await house.rows("recruitment", tenant, "select 1 from k_outbox")
    assert len(left) == (0 if point == "relay.after_mark" else 12)
    async with house.relaying(), house.consuming(listening()):
        await until(lambda: _applied(house, tenant, 12), "every effect")
        await until(lambda: house.told(tenant), "an empty outbox")
    for aggregate in aggregates:
        assert [row.version for row in await house.effects(tenant, aggregate)] == [1, 2, 3, 4]


async def test_a_batch_with_a_known_message_goes_one_by_one_and_stores_nothing_twice(house: House) -> None:
    """Error 10201: what a relay meets that follows one killed between confirmation and commit."""
    tenant, aggregate = new_tenant(), new_id()
    for n in range(1, 4):
        await house.tell(tenant, aggregate, n)
    config = house.config("recruitment")
    async with house.nats(config) as nats:
        await nats.ensure_stream()
        async with relay_store(house.dbs["recruitment"]) as store:
            messages = [await store.outgoing(row) for row in await store.take(10)]
            (second,) = (await publish(nats.client, "recruitment", messages[1:2])).sequences
            confirmed = await publish(nats.client, "recruitment", messages)
            again = await publish(nats.client, "recruitment", messages)
        assert confirmed.sequences == [second + 1, second, second + 2]
        assert again.sequences == confirmed.sequences
    # The second overtook the first in the stream: the inbox puts them back in order.
    async with house.relaying(), house.consuming(listening()):
        await until(lambda: _applied(house, tenant, 3), "every effect")
    assert [row.version for row in await house.effects(tenant)] == [1, 2, 3]


async def test_batches_that_follow_one_another_keep_the_order_past_one_that_is_partly_known(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relaying, "BATCH", 4)
    tenant, aggregates = new_tenant(), [new_id() for _ in range(3)]
    for n in range(1, 11):
        for aggregate in aggregates:
            await house.tell(tenant, aggregate, n)
    config = house.config("recruitment")
    async with house.nats(config) as nats:
        await nats.ensure_stream()
        async with relay_store(house.dbs["recruitment"]) as store:
            rows = [row for row in await store.take(500) if row["tenant_id"] == tenant]
            # The second batch meets what an earlier relay published of it; the third is with the broker already.
            await publish(nats.client, "recruitment", [await store.outgoing(row) for row in rows[:5]])
    async with house.relaying(), house.consuming(listening()):
        await until(lambda: _applied(house, tenant, 30), "every effect")
        await until(lambda: house.told(tenant), "an empty outbox")
    places = await house.rows(
        "recruitment", tenant, "select aggregate_version as v, stream_seq from k_outbox_archive order by recorded_at"
    )
    assert [row.v for row in places] == [n for n in range(1, 11) for _ in aggregates]
    assert [row.stream_seq for row in places] == sorted({row.stream_seq for row in places})
    for aggregate in aggregates:
        assert [row.version for row in await house.effects(tenant, aggregate)] == list(range(1, 11))


async def test_a_batch_whose_last_message_never_came_bars_nothing_and_one_forgotten_is_sent_again(house: House) -> None:
    tenant, aggregate = new_tenant(), new_id()
    for n in range(1, 4):
        await house.tell(tenant, aggregate, n)
    config = house.config("recruitment")
    async with house.nats(config) as nats:
        state = await nats.ensure_stream()
        async with relay_store(house.dbs["recruitment"]) as store:
            messages = [await store.outgoing(row) for row in await store.take(10)]
        await stage(nats.client, "recruitment", messages)
        assert (await nats.ensure_stream()).last_seq == state.last_seq
        forgotten = Staged(new_id().hex, messages)
        confirmed = await commit(nats.client, "recruitment", forgotten)
        assert confirmed.sequences == [state.last_seq + n for n in (1, 2, 3)]
    async with house.relaying(), house.consuming(listening()):
        await until(lambda: _applied(house, tenant, 3), "every effect")


async def test_a_wiped_broker_is_filled_again_from_the_archive(house: House) -> None:
    tenant, aggregate = new_tenant(), new_id()
    for n in range(1, 4):
        await house.tell(tenant, aggregate, n)
    # Published while nobody listened: only the archive can bring them to the consumer afterwards.
    async with house.relaying():
        await until(lambda: house.told(tenant), "an empty outbox")
    house.stack.kill("nats")
    shutil.rmtree(house.stack.folder.nats)
    await asyncio.to_thread(house.stack.restart, "nats")
    await house.tell(tenant, aggregate, 4)
    async with house.relaying(), house.consuming(listening()):
        await until(lambda: _applied(house, tenant, 4), "every effect")
    assert [row.version for row in await house.effects(tenant)] == [1, 2, 3, 4]


async def test_a_stream_deleted_while_the_relay_works_is_made_and_filled_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relaying, "RECONCILE_SECONDS", 0.5)
    tenant, aggregate = new_tenant(), new_id()
    async with house.relaying() as nats:
        await house.tell(tenant, aggregate, 1)
        await until(lambda: house.told(tenant), "an empty outbox")
        await _as_operator(house, "STREAM.DELETE", stream_of("recruitment"))
        await house.tell(tenant, aggregate, 2)
        async with house.consuming(listening()):
            await until(lambda: _applied(house, tenant, 2), "both effects")
        assert nats.client.is_connected


async def test_events_wait_while_the_broker_is_away(house: House) -> None:
    tenant, aggregate = new_tenant(), new_id()
    async with house.relaying(), house.consuming(listening()):
        await house.tell(tenant, aggregate, 1)
        await until(lambda: _applied(house, tenant, 1), "the first effect")
        house.stack.kill("nats")
        for n in range(2, 20):
            await house.tell(tenant, aggregate, n)
        await asyncio.to_thread(house.stack.restart, "nats")
        await until(lambda: _applied(house, tenant, 19), "every effect")
    assert [row.version for row in await house.effects(tenant)] == list(range(1, 20))


async def test_two_relays_take_turns_and_keep_the_order(house: House) -> None:
    tenant, aggregate = new_tenant(), new_id()
    async with house.relaying(), house.relaying(), house.consuming(listening()):
        for n in range(1, 31):
            await house.tell(tenant, aggregate, n)
        await until(lambda: _applied(house, tenant, 30), "every effect")
        await until(lambda: house.told(tenant), "an empty outbox")
    rows = await house.rows(
        "recruitment", tenant, "select aggregate_version as v from k_outbox_archive order by stream_seq"
    )
    assert [row.v for row in rows] == list(range(1, 31))


async def _as_operator(house: House, call: str, name: str) -> None:
    """A call that no process of the platform may make."""
    login = {"nats_user": "operator", "nats_password": SecretStr(house.stack.secrets.nats["operator"])}
    config = house.config("recruitment").model_copy(update={"process": "operator", **login})
    async with house.nats(config) as operator:
        await operator.connected()
        await operator.client.request(f"$JS.API.{call}.{name}", b"", timeout=5)


async def _applied(house: House, tenant: UUID, wanted: int) -> bool:
    return len(await house.effects(tenant)) >= wanted
