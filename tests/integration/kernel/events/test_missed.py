"""News that left the stream before a process had it is told, with the mend; what is late, slow or seldom is not."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID

import nats
import pytest
import structlog
from nats.js import JetStreamContext
from nats.js.errors import NotFoundError

from deploy.cli.archives import missed_by
from kernel.clock import utcnow
from kernel.config import DATABASES, Process, ProcessConfig
from kernel.db.owner import owner
from kernel.db.transaction import Transaction
from kernel.events import consumer, missed
from kernel.events.audit import AuditRecorded
from kernel.events.event import Event, Received
from kernel.events.missed import run_watch
from kernel.events.nats import stream_of
from kernel.events.outbox import audit, emit
from kernel.events.pull import durable_name
from kernel.events.replay import Range, replay
from kernel.events.subscriptions import Feed, Subscriptions
from kernel.ids import new_id
from tests.integration.kernel.events.house import House, new_tenant, open_house, running, system, until

SELDOM, OFTEN = ("recruitment", "seldom"), ("recruitment", "often")


class Seldom(Event, frozen=True, kw_only=True):
    """A made-up event of which there are few."""

    source: ClassVar[str] = "recruitment"
    aggregate: ClassVar[str] = "seldom"
    name: ClassVar[str] = "told"


class Early(Event, frozen=True, kw_only=True):
    """One to which nobody listens at first."""

    source: ClassVar[str] = "recruitment"
    aggregate: ClassVar[str] = "early"
    name: ClassVar[str] = "told"


class Often(Event, frozen=True, kw_only=True):
    """One of which there are many."""

    source: ClassVar[str] = "recruitment"
    aggregate: ClassVar[str] = "often"
    name: ClassVar[str] = "told"

    bad: bool = False


@pytest.fixture(scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """Its own: what is counted is all that was ever told."""
    async with open_house(tmp_path_factory.mktemp("missed")) as made:
        yield made


def hearing(*kinds: type[Event]) -> Subscriptions:
    subscriptions = Subscriptions()

    async def on_told(tx: Transaction, event: Received[Event]) -> None:
        if getattr(event.data, "bad", False):
            raise RuntimeError("as told")

    for kind in kinds:
        subscriptions.on(kind)(on_told)
    return subscriptions


async def tell(house: House, tenant: UUID, aggregate: UUID, event: Event) -> None:
    async with house.dbs["recruitment"].transaction(system(tenant)) as tx:
        await emit(tx, event, aggregate_id=aggregate)


async def found(house: House, *feeds: Feed) -> dict[Feed, int]:
    """What roster has missed, as the looks of both processes say."""
    async with house.nats(house.config("recruitment")) as publisher, house.nats(house.config("roster")) as listener:
        await missed.note(house.dbs["recruitment"], publisher)
        return dict(await missed.missed(house.dbs["roster"], listener, feeds))


async def shows(house: House, wanted: dict[Feed, int]) -> bool:
    """Whether a look finds that. It finds less as long as anything is under way."""
    return await found(house, *wanted) == wanted


async def told(house: House) -> bool:
    return not await house.relay_rows("recruitment", "select 1 from k_outbox")


async def has_all(house: House, tenant: UUID, feed: Feed) -> bool:
    """Whether every event of that type has been applied, and none only waits for it."""
    versions = "select aggregate_id, last_version from {} where aggregate_type = :type order by 1"
    given = await house.rows("recruitment", tenant, versions.format("k_event_version"), type=feed[1])
    return given == await house.rows("roster", tenant, versions.format("k_inbox"), type=feed[1])


async def heard(house: House, tenant: UUID, events: int) -> bool:
    rows = await house.rows("roster", tenant, "select sum(last_version) from k_inbox")
    return rows[0][0] == events


@asynccontextmanager
async def operator(house: House) -> AsyncIterator[JetStreamContext]:
    url, password = house.config("recruitment").nats_url, house.stack.secrets.nats["operator"]
    client = await nats.connect(url, user="operator", password=password, inbox_prefix=b"_INBOX.operator")
    try:
        yield client.jetstream()
    finally:
        await client.close()


async def outlast(house: House) -> None:
    """Let all news grow older than the stream keeps it; no relay is at work, which would put the setting right."""
    async with operator(house) as js:
        usual = (await js.stream_info(stream_of("recruitment"))).config
        await js.update_stream(usual.evolve(max_age=0.5, duplicate_window=0.1))

        async def gone() -> bool:
            return not (await js.stream_info(stream_of("recruitment"))).state.messages

        await until(gone, "an empty stream")
        await js.update_stream(usual.evolve(duplicate_window=0.1))


async def mended(house: House, tenant: UUID, feed: Feed) -> bool:
    """Do as the mend says, of one tenant, and look. What the broker has had a moment ago it does not take again."""
    wanted = Range(utcnow() - timedelta(hours=1), utcnow() + timedelta(seconds=1), tenant, feed[1])
    async with house.nats(house.config("recruitment")) as connection:
        await replay(house.dbs["recruitment"], connection, house.config("recruitment"), wanted)
    return await found(house, feed) == {} and await has_all(house, tenant, feed)


async def test_the_ordinary_course_of_things_is_no_alarm(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consumer, "MAX_FAILURES", 1)
    tenant, feeds, subscriptions = new_tenant(), (SELDOM, OFTEN), hearing(Seldom, Often)
    assert await found(house, *feeds) == {}, "nobody has told anything"
    await tell(house, tenant, new_id(), Seldom())
    async with house.relaying(), house.consuming(subscriptions):
        for _ in range(20):
            await tell(house, tenant, new_id(), Often())
        await tell(house, tenant, new_id(), Often(bad=True))
        await until(lambda: heard(house, tenant, 21), "all but the bad one")
        dead = "select 1 from k_dead_letter where replayed_at is null"
        await until(lambda: house.rows("roster", tenant, dead), "the dead letter")
        assert await found(house, *feeds) == {}, "one is set aside"
    await outlast(house)
    assert await found(house, *feeds) == {}, "all was heard before it left the stream"
    await tell(house, tenant, new_id(), Often())
    assert await found(house, *feeds) == {}, "one waits in the outbox"
    async with house.relaying():
        await until(lambda: told(house), "an empty outbox")
    assert await found(house, *feeds) == {}, "and now in the stream"
    async with operator(house) as js:
        await js.delete_consumer(stream_of("recruitment"), durable_name("roster", OFTEN))
    assert await found(house, *feeds) == {}, "there is no consumer"
    async with house.consuming(subscriptions):
        await until(lambda: heard(house, tenant, 22), "the one that waited")
        assert await found(house, *feeds) == {}, "the consumer was made again on a stream that has lost its beginning"
    async with operator(house) as js:
        await js.delete_stream(stream_of("recruitment"))
    async with house.nats(house.config("recruitment")) as connection:
        await connection.ensure_stream()
    async with house.consuming(subscriptions):
        assert await found(house, *feeds) == {}, "the stream was lost"
        async with house.relaying():
            await until(lambda: _made_good(house), "the stream made good")
            assert await found(house, *feeds) == {}, "and is whole again"


async def test_who_was_away_for_longer_than_the_stream_keeps_news_is_told_and_mended(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(missed, "FIRST_SECONDS", 0.0)
    tenant, seldom, subscriptions = new_tenant(), new_id(), hearing(Seldom, Often)
    async with house.relaying():
        async with house.consuming(subscriptions):
            await tell(house, tenant, seldom, Seldom())
            await until(lambda: heard(house, tenant, 1), "the first")
        await tell(house, tenant, seldom, Seldom())
        await tell(house, tenant, new_id(), Seldom())
        await tell(house, tenant, new_id(), Often())
        await until(lambda: told(house), "an empty outbox")
    await outlast(house)
    async with house.consuming(subscriptions) as connection, house.relaying():
        assert await found(house, SELDOM, OFTEN) == {SELDOM: 2, OFTEN: 1}
        # What is told from now on does not hide it.
        await tell(house, tenant, new_id(), Often())
        await until(lambda: heard(house, tenant, 2), "the newest")
        await until(lambda: shows(house, {SELDOM: 2, OFTEN: 1}), "what is missed still")
        with structlog.testing.capture_logs() as logs:
            async with running(run_watch(house.dbs["roster"], connection, subscriptions)):
                await until(lambda: _logged(logs, 2), "two errors")
        assert {(each["type"], each["events"]) for each in logs if each["log_level"] == "error"} == {
            ("seldom", 2), ("often", 1)
        }  # fmt: skip
        configs = {process: house.config(process) for process in DATABASES}
        good, words = await missed_by(configs, "roster")
        first = utcnow().replace(day=1).date()
        assert not good
        assert f"missed 2 of recruitment (seldom): `shegong events replay recruitment --since {first}" in words
        await until(lambda: mended(house, tenant, SELDOM), "all of the one type")
        await until(lambda: mended(house, tenant, OFTEN), "all of the other")
        assert await heard(house, tenant, 5)
        assert await found(house, SELDOM, OFTEN) == {}
        assert await missed_by(configs, "roster") == (True, "nothing missed")
    await until(lambda: _deaf(configs), "that nobody listens")


async def test_who_begins_to_listen_late_and_who_lost_what_it_had_heard_are_told_too(house: House) -> None:
    tenant, early = new_tenant(), ("recruitment", "early")
    async with house.relaying():
        await tell(house, tenant, tenant, Early())
        await until(lambda: told(house), "an empty outbox")
    await outlast(house)
    async with house.relaying(), house.consuming(hearing(Early)):
        await until(lambda: _made(house, early), "the consumer")
        assert await found(house, early) == {early: 1}, "it left the stream before anybody listened"
        await until(lambda: mended(house, tenant, early), "what was told before")
        async with owner("roster", house.stack.dsn("roster", "migrator")) as connection:
            await connection.execute("delete from k_inbox where tenant_id = $1", tenant)
        await until(lambda: shows(house, {early: 1}), "it was acknowledged, and a restored database lacks it")
        await until(lambda: mended(house, tenant, early), "what was lost")


async def test_entries_of_the_audit_are_counted_by_their_numbers(house: House) -> None:
    tenant, feed, subscriptions = new_tenant(), ("recruitment", "audit"), Subscriptions()

    @subscriptions.on(AuditRecorded, sources=["recruitment"])
    async def on_entry(tx: Transaction, event: Received[AuditRecorded]) -> None:
        """It only counts."""

    async def record() -> None:
        async with house.dbs["recruitment"].transaction(system(tenant)) as tx:
            await audit(tx, "test.done", subject_type="probe", subject_id=None)

    async with house.relaying():
        async with house.consuming(subscriptions):
            await record()
            await until(lambda: heard(house, tenant, 1), "the first")
            assert await found(house, feed) == {}
        await record()
        await until(lambda: told(house), "an empty outbox")
    await outlast(house)
    assert await found(house, feed) == {feed: 1}


async def _made_good(house: House) -> bool:
    async with operator(house) as js:
        messages = (await js.stream_info(stream_of("recruitment"))).state.messages
    rows = await house.relay_rows("recruitment", "select count(*) from k_outbox_archive")
    return bool(messages == rows[0][0])


async def _deaf(configs: dict[Process, ProcessConfig]) -> bool:
    return await missed_by(configs, "roster") == (False, "it does not listen just now")


async def _made(house: House, feed: Feed) -> bool:
    async with operator(house) as js:
        try:
            await js.consumer_info(stream_of(feed[0]), durable_name("roster", feed))
        except NotFoundError:
            return False
    return True


async def _logged(logs: list[Any], wanted: int) -> bool:
    return sum(each["log_level"] == "error" for each in logs) == wanted
