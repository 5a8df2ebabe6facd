"""A consumer is killed around its commit, its durable consumer is deleted, two share one: effects stay single."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from uuid import UUID

import pytest
from nats.js import JetStreamContext
from nats.js.errors import NotFoundError
from sqlalchemy import text

from kernel.db.transaction import Database, Transaction
from kernel.events import consumer, pull
from kernel.events.client import Broker
from kernel.events.consumer import run_consumers
from kernel.events.envelope import parse
from kernel.events.event import Received
from kernel.events.inbox import receive_together
from kernel.events.nats import Nats, stream_of
from kernel.events.pull import durable_name
from kernel.events.relay_store import relay_store
from kernel.events.subscriptions import Subscriptions
from kernel.ids import new_id
from tests.integration.kernel.events.house import (
    House,
    Probed,
    in_child,
    listening,
    new_tenant,
    open_house,
    until,
    write_down,
)


@pytest.fixture(scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    async with open_house(tmp_path_factory.mktemp("consumer")) as made:
        yield made


@pytest.fixture(autouse=True)
def short_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    # What a killed consumer held comes back after this long.
    monkeypatch.setattr(pull, "ACK_WAIT_SECONDS", 2)
    monkeypatch.setattr(consumer, "ACK_WAIT_SECONDS", 2)


@pytest.mark.parametrize("point", ["consumer.before_commit", "consumer.after_commit"])
async def test_a_consumer_killed_around_its_commit_applies_each_event_once(house: House, point: str) -> None:
    tenant, aggregate = new_tenant(), new_id()
    for n in range(1, 6):
        await house.tell(tenant, aggregate, n)

    async def doomed() -> None:
        config = house.config("roster", crash_at=point)
        await run_consumers(Database.open(config), Nats.open(config), config, listening())

    async with house.relaying():
        await until(lambda: house.told(tenant), "an empty outbox")
    assert in_child(doomed) == 137
    applied = [row.version for row in await house.effects(tenant)]
    # How many had come when the first were applied is the broker's matter.
    assert applied == list(range(1, len(applied) + 1))
    assert bool(applied) == (point == "consumer.after_commit")
    async with house.consuming(listening()):
        await until(lambda: _applied(house, tenant, 5), "every effect")
    assert [row.version for row in await house.effects(tenant)] == [1, 2, 3, 4, 5]


async def test_events_that_wait_together_share_a_transaction_and_fall_back_to_one_by_one(house: House) -> None:
    """The third cannot be applied yet: what was applied before it in the same transaction is taken back with it."""
    tenant, aggregate = new_tenant(), new_id()
    tried: list[tuple[int, int]] = []
    come = asyncio.Event()

    async def handler(tx: Transaction, event: Received[Probed]) -> None:
        if event.tenant != tenant:
            return
        transaction = (await tx.session.execute(text("select pg_current_xact_id()::text::bigint"))).scalar_one()
        tried.append((event.data.n, transaction))
        await come.wait()
        if event.data.n == 3 and sum(n == 3 for n, _ in tried) < 3:
            raise RuntimeError("not now")
        await write_down(tx, event)

    for n in range(1, 8):
        await house.tell(tenant, aggregate, n)
    async with house.relaying():
        await until(lambda: house.told(tenant), "an empty outbox")
    async with house.consuming(listening(handler)) as nats:
        js = await nats.connected()
        await until(lambda: _held(js, 7), "seven events delivered")
        come.set()
        await until(lambda: _applied(house, tenant, 7), "every effect")
        await until(lambda: _held(js, 0), "every event acknowledged")
    assert [row.version for row in await house.effects(tenant)] == list(range(1, 8))
    second, third = ({transaction for n, transaction in tried if n == wanted} for wanted in (2, 3))
    assert (len(second), len(third), len(second & third)) == (2, 3, 1)
    failures = await house.rows("roster", tenant, "select failures from k_inbox")
    assert [row.failures for row in failures] == [1]


async def test_a_handler_of_runs_is_given_all_and_one_that_fails_takes_no_neighbour_with_it(house: House) -> None:
    tenant, aggregates = new_tenant(), [new_id() for _ in range(2)]
    runs: list[list[int]] = []
    subscriptions = Subscriptions()

    @subscriptions.on_runs(Probed)
    async def on_probed(tx: Transaction, events: Sequence[Received[Probed]]) -> None:
        if events[0].tenant != tenant:
            return
        runs.append([event.data.n for event in events])
        for event in events:
            if event.data.mood == "bad" and sum(event.data.n in run for run in runs) < 3:
                raise RuntimeError("not now")
            await write_down(tx, event)

    for aggregate in aggregates:
        for n in range(1, 8):
            bad = aggregate == aggregates[0] and n == 3
            await house.tell(tenant, aggregate, n if aggregate == aggregates[0] else 10 + n, "bad" if bad else "good")
    async with house.relaying():
        await until(lambda: house.told(tenant), "an empty outbox")
    async with house.consuming(subscriptions):
        await until(lambda: _applied(house, tenant, 14), "every effect")
    for aggregate in aggregates:
        assert [row.version for row in await house.effects(tenant, aggregate)] == list(range(1, 8))
    failed, whole = [1, 2, 3, 4, 5, 6, 7], [11, 12, 13, 14, 15, 16, 17]
    assert whole in runs
    assert [run for run in runs if run[0] < 10][:4] == [failed, [1], [2], [3]]


async def test_events_received_together_stop_at_a_gap_and_pass_over_what_was_applied(house: House) -> None:
    tenant, aggregate = new_tenant(), new_id()
    for n in range(1, 8):
        await house.tell(tenant, aggregate, n)
    db, config = house.dbs["roster"], house.config("roster")
    async with relay_store(house.dbs["recruitment"]) as store:
        rows = [row for row in await store.take(500) if row["tenant_id"] == tenant]
        told = [await store.outgoing(row) for row in rows]
    events = [parse(each.subject, Broker._parse_header_lines(each.lines.encode()), each.body) for each in told]

    async def outcomes(*versions: int) -> list[str]:
        found = await receive_together(db, config, listening(), [events[version - 1] for version in versions])
        return [outcome.value for outcome, _ in found]

    assert await outcomes(2, 3) == ["gap"]
    assert await outcomes(1, 2, 2, 4, 5) == ["applied", "applied", "duplicate", "gap"]
    assert await outcomes(1, 2, 3, 5) == ["duplicate", "duplicate", "applied", "gap"]
    assert await outcomes(4, 5, 6, 7) == ["applied"] * 4
    assert [row.version for row in await house.effects(tenant)] == list(range(1, 8))
    state = await house.rows("roster", tenant, "select last_version, last_event_id, duplicates from k_inbox")
    assert [tuple(row) for row in state] == [(7, events[6].id, 3)]


async def test_a_deleted_durable_consumer_is_made_again_and_nothing_is_lost(house: House) -> None:
    tenant, aggregate = new_tenant(), new_id()
    async with house.relaying(), house.consuming(listening()) as nats:
        await house.tell(tenant, aggregate, 1)
        await until(lambda: _applied(house, tenant, 1), "the first effect")
        js = await nats.connected()
        await js.delete_consumer(stream_of("recruitment"), durable_name("roster", ("recruitment", "probe")))
        await house.tell(tenant, aggregate, 2)
        await until(lambda: _applied(house, tenant, 2), "the effect after the loss")
    assert [row.version for row in await house.effects(tenant)] == [1, 2]


async def test_two_consumers_of_one_key_keep_its_order(house: House) -> None:
    """Case 8: handlers fail now and then, two processes compete; versions strictly rise."""
    tenant, aggregates = new_tenant(), [new_id() for _ in range(2)]
    failed: set[UUID] = set()

    async def moody(tx: Transaction, event: Received[Probed]) -> None:
        if event.data.n % 5 == 0 and event.id not in failed:
            failed.add(event.id)
            raise RuntimeError("not now")
        await write_down(tx, event)

    async with house.relaying(), house.consuming(listening(moody)), house.consuming(listening(moody)):
        for n in range(1, 21):
            for aggregate in aggregates:
                await house.tell(tenant, aggregate, n)
        await until(lambda: _applied(house, tenant, 40), "every effect")
    for aggregate in aggregates:
        assert [row.version for row in await house.effects(tenant, aggregate)] == list(range(1, 21))


async def test_an_event_that_keeps_ending_the_process_becomes_a_dead_letter(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consumer, "MAX_INTERRUPTIONS", 1)
    tenant = new_tenant()
    await house.tell(tenant, new_id(), 1)

    async def doomed() -> None:
        config = house.config("roster", crash_at="consumer.before_commit")
        await run_consumers(Database.open(config), Nats.open(config), config, listening())

    async with house.relaying():
        await until(lambda: house.told(tenant), "an empty outbox")
    assert in_child(doomed) == 137
    async with house.consuming(listening()):
        found = await until(lambda: house.rows("roster", tenant, "select reason from k_dead_letter"), "the dead letter")
    assert [row.reason for row in found] == ["interrupted"]


async def _applied(house: House, tenant: UUID, wanted: int) -> bool:
    return len(await house.effects(tenant)) >= wanted


async def _held(js: JetStreamContext, wanted: int) -> bool:
    """Whether so many events are delivered and not acknowledged, and none is left to deliver."""
    try:
        found = await js.consumer_info(stream_of("recruitment"), durable_name("roster", ("recruitment", "probe")))
    except NotFoundError:  # it is being made
        return False
    return found.num_ack_pending == wanted and not found.num_pending
