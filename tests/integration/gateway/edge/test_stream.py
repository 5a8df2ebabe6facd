"""The edge stream: leases, revocations, refusals; the clock of the lease is the test's own."""

import asyncio
import contextlib
import socket
import time
from collections.abc import AsyncIterator, Sequence

import pytest

from gateway.edge.main import create_app
from gateway.edge.refusals import Asker, RefusalBuffer
from gateway.edge.stream import EdgeStream
from gateway.edgefeed.changes import FamilyRevoked, TenantSet
from gateway.edgefeed.messages import Refusal, to_edge
from gateway.edgefeed.server import EdgeFeed
from gateway.edgefeed.wire import Channel, StreamBroken
from tests.unit.gateway.edge.factory import NOTICES, TENANT, changes, token

from .harness import EDGE_KEY, Service, config_for, feed_of, serving, serving_edge, stack, until

KEY = bytes.fromhex(EDGE_KEY)


class Clock:
    """Seconds that the test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@contextlib.asynccontextmanager
async def edge_of(feed: EdgeFeed, buffer: RefusalBuffer | None = None, key: bytes = KEY) -> AsyncIterator[EdgeStream]:
    """One edge's end of the stream, running."""
    edge = EdgeStream("127.0.0.1", feed.port, key, buffer or RefusalBuffer())
    task = asyncio.create_task(edge.run())
    try:
        yield edge
    finally:
        task.cancel()
        await asyncio.wait([task])


def refuse(buffer: RefusalBuffer, name: str) -> None:
    buffer.add(Asker(), status=403, method="GET", request_id=name, address=None)


def bearer() -> dict[str, str]:
    return {"Authorization": f"Bearer {token()}"}


async def test_an_edge_whose_lease_ran_out_answers_503_until_it_has_a_new_one() -> None:
    clock = Clock()
    async with serving(Service()) as port, stack(port, clock=clock) as at:
        assert (await at.client.get(NOTICES, headers=bearer())).status_code == 200
        feed_port = at.feed.port
        await at.feed.stop()
        clock.now += 4.9
        assert (await at.client.get(NOTICES, headers=bearer())).status_code == 200
        clock.now += 0.2
        for path in (NOTICES, "/public/banner/recruitment/notices", "/docs"):
            answer = await at.client.get(path, headers=bearer())
            assert (answer.status_code, answer.json()["type"]) == (503, "/problems/unavailable")
            assert answer.headers["retry-after"] == "1"
        assert (await at.client.get("/health/ready")).status_code == 503
        assert (await at.client.get("/health/live")).status_code == 200
        await at.feed.start("127.0.0.1", feed_port)
        await until(lambda: at.edge.parts.stream.leased)
        assert (await at.client.get(NOTICES, headers=bearer())).status_code == 200


async def test_an_edge_without_any_facts_answers_503() -> None:
    async with feed_of(changes(), []) as feed:
        config = config_for(feed, {"recruitment": "http://127.0.0.1:9"})
    edge = create_app(config)
    async with serving_edge(edge) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b"GET /docs HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        assert (await reader.readline()).split()[1] == b"503"
        writer.close()
        await writer.wait_closed()


async def test_a_revocation_is_in_force_at_every_edge_when_publish_returns() -> None:
    async with serving(Service()) as port, stack(port) as at, edge_of(at.feed) as second:
        await until(lambda: second.leased)
        at.feed._leases_end = 0.0  # this feed is not new: no edge of a feed before it can be about
        assert (await at.client.get(NOTICES, headers=bearer())).status_code == 200
        began = time.monotonic()
        await at.feed.publish(FamilyRevoked(sid="family-1", until=time.time() + 300))
        assert time.monotonic() - began < 4
        assert second.facts is not None
        assert "family-1" in second.facts.revoked_families
        assert (await at.client.get(NOTICES, headers=bearer())).status_code == 401


async def test_a_suspended_tenant_and_a_moved_business_time_are_seen_at_once() -> None:
    service = Service()
    async with serving(service) as port, stack(port) as at:
        at.feed._leases_end = 0.0
        later = TenantSet(id=TENANT, slug="banner", status="active", business_offset_seconds=10 * 86_400.0)
        await at.feed.publish(later)
        await at.client.get(NOTICES, headers=bearer())
        assert 9.9 < (service.principal().business_time - time.time()) / 86_400 < 10.1
        await at.feed.publish(TenantSet(id=TENANT, slug="banner", status="suspended"))
        assert (await at.client.get(NOTICES, headers=bearer())).status_code == 403
        assert (await at.client.get("/public/banner/recruitment/notices")).status_code == 404


async def silent_edge(feed: EdgeFeed) -> Channel:  # type: ignore[type-arg]  # of what the edge receives
    """An edge that holds a lease and then confirms nothing more."""
    edge = EdgeStream("127.0.0.1", feed.port, KEY, RefusalBuffer())
    reader, writer = await asyncio.open_connection("127.0.0.1", feed.port)
    channel = Channel(reader, writer, to_edge)
    await edge._greet(channel)
    await until(lambda: feed.edges == 1)
    return channel


async def test_publish_waits_for_a_silent_edge_until_its_lease_has_run_out_and_no_longer() -> None:
    async with feed_of(changes(), [], lease_seconds=0.3) as feed:
        channel = await silent_edge(feed)
        granted = next(iter(feed._sessions)).granted_at
        await feed.publish(FamilyRevoked(sid="s", until=1.0))
        assert 0.3 <= time.monotonic() - granted < 5
        channel.close()


async def test_publish_waits_for_the_lease_of_an_edge_that_went_away() -> None:
    async with feed_of(changes(), [], lease_seconds=0.3) as feed:
        channel = await silent_edge(feed)
        granted = next(iter(feed._sessions)).granted_at
        channel.close()
        await until(lambda: feed.edges == 0)
        await feed.publish(FamilyRevoked(sid="s", until=1.0))
        assert 0.3 <= time.monotonic() - granted < 5


async def test_a_new_gateway_waits_for_leases_that_one_before_it_may_have_granted() -> None:
    began = time.monotonic()
    async with feed_of(changes(), [], lease_seconds=0.2) as feed:
        await feed.publish(FamilyRevoked(sid="s", until=1.0))
    assert time.monotonic() - began >= 0.2


async def test_announcing_waits_for_nobody() -> None:
    async with feed_of(changes(), []) as feed, edge_of(feed) as edge:
        await until(lambda: edge.leased)
        assert feed.announce(TenantSet(id=TENANT, slug="renamed", status="active")) == 1
        await until(lambda: edge.facts is not None and "renamed" in edge.facts.slugs)


async def test_what_is_published_while_an_edge_reads_its_snapshot_reaches_it_behind_it() -> None:
    reading, go_on = asyncio.Event(), asyncio.Event()

    async def slow_source() -> Sequence[object]:
        reading.set()
        await go_on.wait()
        return changes()

    async with feed_of([], []) as feed:
        feed.set_snapshot_source(slow_source)  # type: ignore[arg-type]  # a list of changes
        feed._leases_end = 0.0
        async with edge_of(feed) as edge:
            await reading.wait()
            published = asyncio.create_task(feed.publish(FamilyRevoked(sid="late", until=time.time() + 300)))
            await asyncio.sleep(0)
            assert not published.done()
            go_on.set()
            await published
            assert edge.facts is not None
            assert "late" in edge.facts.revoked_families


async def test_an_edge_with_another_key_learns_nothing_and_is_no_edge() -> None:
    async with feed_of(changes(), []) as feed, edge_of(feed, key=b"x" * 32) as stranger, edge_of(feed) as edge:
        await until(lambda: edge.leased)
        assert stranger.facts is None
        assert feed.edges == 1


async def test_a_gateway_with_another_key_is_not_believed() -> None:
    async with feed_of(changes(), []) as feed:
        edge = EdgeStream("127.0.0.1", feed.port, b"x" * 32, RefusalBuffer())
        reader, writer = await asyncio.open_connection("127.0.0.1", feed.port)
        with pytest.raises(StreamBroken):
            await edge._greet(Channel(reader, writer, to_edge))
        writer.transport.abort()


@pytest.mark.parametrize("garbage", [b"\xff\xff\xff\xff", b"\x00\x00\x00\x02{}", b"GET / HTTP/1.1\r\n\r\n", b""])
async def test_a_stranger_who_does_not_speak_the_protocol_is_shown_the_door(garbage: bytes) -> None:
    async with feed_of(changes(), []) as feed:
        reader, writer = await asyncio.open_connection("127.0.0.1", feed.port)
        writer.write(garbage)
        writer.write_eof()
        with contextlib.suppress(ConnectionError):
            assert len(await reader.read()) < 100
        writer.transport.abort()
        assert feed.edges == 0


async def test_refusals_wait_for_the_gateway_and_what_found_no_room_is_counted() -> None:
    buffer, got, drops = RefusalBuffer(room=3), list[str](), list[int]()
    for name in ("a", "b", "c", "d", "e"):
        refuse(buffer, name)

    async def record(batch: Sequence[Refusal], dropped: int) -> None:
        got.extend(refusal.request_id for refusal in batch)
        drops.append(dropped)

    async with feed_of(changes(), []) as feed:
        feed.on_refusal(record)
        async with edge_of(feed, buffer):
            await until(lambda: len(got) == 3)
            refuse(buffer, "f")
            await until(lambda: len(got) == 4)
    assert (got, sum(drops), feed.dropped_refusals) == (["a", "b", "c", "f"], 2, 2)
    assert buffer.batch() is None


async def test_refusals_that_could_not_be_recorded_are_sent_again() -> None:
    buffer, got, tries = RefusalBuffer(), list[Refusal](), 0
    refuse(buffer, "a")

    async def record(batch: Sequence[Refusal], dropped: int) -> None:
        nonlocal tries
        tries += 1
        if tries < 3:
            raise RuntimeError("the audit's database is away")
        got.extend(batch)

    async with feed_of(changes(), [], beat_seconds=0.02) as feed:
        feed.on_refusal(record)
        async with edge_of(feed, buffer) as edge:
            await until(lambda: got)
            assert edge.leased
    assert [refusal.request_id for refusal in got] == ["a"]


async def test_a_slow_audit_does_not_cost_the_edge_its_lease() -> None:
    buffer, never = RefusalBuffer(), asyncio.Event()
    refuse(buffer, "a")

    async def record(batch: Sequence[Refusal], dropped: int) -> None:
        await never.wait()

    async with feed_of(changes(), [], beat_seconds=0.02) as feed:
        feed.on_refusal(record)
        async with edge_of(feed, buffer) as edge:
            await until(lambda: edge.leased)
            before = edge._lease_until
            await until(lambda: edge._lease_until > before + 0.05)


async def test_the_limits_are_shared_out_among_the_edges() -> None:
    async with feed_of(changes(), [], lease_seconds=0.5, beat_seconds=0.02) as feed, edge_of(feed) as first:
        await until(lambda: first.leased)
        assert first.share == 1.0
        async with edge_of(feed) as second:
            # The second serves only once the first has let go of its half.
            await until(lambda: second.leased)
            assert (first.share, second.share) == (0.5, 0.5)
        await until(lambda: first.share == 1.0)
        assert not second.leased, "the share of one that left is given to others when its lease has run out"


async def test_a_port_that_nobody_listens_on_is_tried_again() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    edge = EdgeStream("127.0.0.1", port, KEY, RefusalBuffer())
    task = asyncio.create_task(edge.run())
    feed = EdgeFeed(KEY)

    async def source() -> Sequence[object]:
        return changes()

    feed.set_snapshot_source(source)  # type: ignore[arg-type]  # a list of changes
    await feed.start("127.0.0.1", port)
    await until(lambda: edge.leased)
    task.cancel()
    await asyncio.wait([task])
    await feed.stop()
