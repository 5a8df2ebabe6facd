"""Clients as they come: slow, silent, early, gone; what each may cost the edge, and what health says."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from gateway.edge import client as client_module
from gateway.edge.rate import TENANT_IN_FLIGHT, Rate
from tests.unit.gateway.edge.factory import NOTICES, OTHER_TENANT, SLUG, token

from .harness import PLENTY, Service, Stack, config_for, feed_of, serving, serving_edge, stack, until
from .test_exchange import MORE, UPLOAD, bearer

PUBLIC = f"/public/{SLUG}/recruitment/notices"
SHORT = 0.2


@pytest.fixture(name="service", scope="module")
def _service() -> Service:
    return Service()


@pytest.fixture(name="at", scope="module")
async def _at(service: Service) -> AsyncIterator[Stack]:
    async with serving(service) as port, stack(port, MORE) as made:
        yield made


@contextlib.asynccontextmanager
async def talking(at: Stack) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A connection of our own making."""
    reader, writer = await asyncio.open_connection("127.0.0.1", at.port)
    try:
        yield reader, writer
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


def head(method: str, path: str, *fields: str) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: x", f"Authorization: Bearer {token()}", *fields, "", ""]
    return "\r\n".join(lines).encode()


async def answer_of(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """Status and body of the next answer, which must say its length."""
    said = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)
    length = next(int(line.split(b":")[1]) for line in said.split(b"\r\n") if line.startswith(b"content-length"))
    return int(said.split(b" ")[1]), await reader.readexactly(length)


@pytest.mark.parametrize("sent", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: x\r\n"])
async def test_a_head_that_does_not_come_is_not_waited_for(
    at: Stack, sent: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_module, "HEAD_SECONDS", SHORT)
    async with talking(at) as (reader, writer):
        writer.write(sent)
        assert await asyncio.wait_for(_end(reader), 10) == b""


async def test_a_head_that_comes_byte_by_byte_has_no_more_time_than_another(
    at: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_module, "HEAD_SECONDS", SHORT)
    began = time.monotonic()
    async with talking(at) as (reader, writer):
        ended = asyncio.create_task(_end(reader))
        with contextlib.suppress(ConnectionError):
            while not ended.done() and time.monotonic() - began < 10:
                writer.write(b"G")
                await asyncio.wait([ended], timeout=0.05)
        assert ended.done()


async def test_a_connection_without_a_next_request_is_closed(at: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "IDLE_SECONDS", SHORT)
    async with talking(at) as (reader, writer):
        writer.write(head("GET", PUBLIC))
        assert (await answer_of(reader))[0] == 200
        assert await asyncio.wait_for(_end(reader), 10) == b""


async def _end(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.read()
    except ConnectionError:
        return b""


async def test_requests_sent_ahead_are_answered_in_their_order(at: Stack, service: Service) -> None:
    service.seen.clear()
    async with talking(at) as (reader, writer):
        writer.write(b"".join(head("GET", f"{PUBLIC}?n={number}") for number in range(50)) + head("GET", "/nowhere"))
        statuses = [(await answer_of(reader))[0] for _ in range(51)]
    assert statuses == [200] * 50 + [404]
    assert [seen["scope"]["query_string"] for seen in service.seen] == [b"n=%d" % number for number in range(50)]


async def test_who_asks_first_is_invited_to_send_the_body_and_who_is_refused_is_not(at: Stack) -> None:
    waits = ("Expect: 100-continue", "Content-Length: 2")
    async with talking(at) as (reader, writer):
        writer.write(head("POST", NOTICES, *waits))
        assert await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10) == b"HTTP/1.1 100 Continue\r\n\r\n"
        writer.write(b"{}")
        assert (await answer_of(reader))[0] == 200
    async with talking(at) as (reader, writer):
        writer.write(head("POST", "/nowhere", *waits))
        assert (await answer_of(reader))[0] == 404
        assert await asyncio.wait_for(_end(reader), 10) == b""


async def test_a_client_of_http_1_0_is_answered_once_and_without_chunks(at: Stack, service: Service) -> None:
    async def parts(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"one ", "more_body": True})
        await send({"type": "http.response.body", "body": b"two"})

    service.handler = parts
    async with talking(at) as (reader, writer):
        writer.write(head("GET", PUBLIC).replace(b"HTTP/1.1", b"HTTP/1.0"))
        said, _, body = (await asyncio.wait_for(_end(reader), 10)).partition(b"\r\n\r\n")
    service.handler = None
    assert (body, b"transfer-encoding" in said) == (b"one two", False)


async def test_a_client_that_leaves_costs_its_service_no_connection_and_no_failure(at: Stack, service: Service) -> None:
    reached, go_on = asyncio.Event(), asyncio.Event()

    async def slow(scope: Any, receive: Any, send: Any) -> None:
        reached.set()
        await go_on.wait()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})

    service.handler = slow
    async with talking(at) as (_, writer):
        writer.write(head("GET", PUBLIC))
        await reached.wait()
    go_on.set()
    service.handler = None
    await until(lambda: not at.edge.parts.lanes._taken)
    recruitment = at.edge.parts.services["recruitment"]
    assert (recruitment.circuit._failures, len(recruitment.upstream._idle)) == (0, recruitment.upstream.open)


async def test_the_health_of_all_services_is_told_by_name(at: Stack, service: Service) -> None:
    told = await at.client.get("/health/services")
    assert (told.status_code, told.headers["cache-control"]) == (200, "no-store")
    words = {"recruitment": "ready", "gateway": "ready"}
    assert told.json() == {"status": "ready", "edge": "ready", "services": words}
    assert [seen["path"] for seen in service.seen[-2:]] == ["/health/ready", "/health/ready"]


async def test_a_service_that_is_not_well_or_not_there_shows() -> None:
    service = Service(status=503)
    async with serving(service) as port, feed_of([], []) as feed:
        from gateway.edge.main import create_app

        edge = create_app(
            config_for(feed, {"recruitment": f"http://127.0.0.1:{port}", "gateway": "http://127.0.0.1:9"}),
            address_rate=PLENTY,
        )
        async with serving_edge(edge) as server, asyncio.timeout(20):
            await until(lambda: edge.parts.stream.leased)
            at = Stack(edge, feed, None, server, [], [])  # type: ignore[arg-type]  # without a client
            async with talking(at) as (reader, writer):
                for _ in range(3):
                    writer.write(head("GET", "/health/services"))
                    status, body = await answer_of(reader)
                    assert status == 503
                    assert b'"services":{"recruitment":"failing","gateway":"unreachable"}' in body
                writer.write(head("HEAD", "/health/services"))
                assert b" 503 " in await asyncio.wait_for(reader.readline(), 10)
    assert len(service.seen) == 1, "asked once a second, however many ask"


async def test_streams_of_events_take_no_places_of_requests(at: Stack, service: Service) -> None:
    release = asyncio.Event()

    async def events(scope: Any, receive: Any, send: Any) -> None:
        headers = [(b"content-type", b"text/event-stream")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"data: 1\n\n", "more_body": True})
        await release.wait()
        await send({"type": "http.response.body", "body": b""})

    service.handler = events
    upstream = at.edge.parts.services["recruitment"].upstream
    async with contextlib.AsyncExitStack() as held:
        for _ in range(TENANT_IN_FLIGHT + 5):
            reader, writer = await held.enter_async_context(talking(at))
            writer.write(head("GET", NOTICES))
            assert b" 200 " in await asyncio.wait_for(reader.readline(), 10)
        service.handler = None
        assert upstream.open < 5
        assert at.edge.parts.lanes._taken == {}
        assert (await at.client.get(NOTICES, headers=bearer())).status_code == 200
        release.set()
    await until(lambda: not at.edge.parts.streams._taken)


async def test_two_edges_together_let_no_more_through_than_one_alone() -> None:
    rate = Rate("client", 0.01, 20.0)
    async with serving(Service()) as port, stack(port, client_rate=rate) as first:
        from gateway.edge.main import create_app

        url = f"http://127.0.0.1:{port}"
        second = create_app(config_for(first.feed, {"recruitment": url, "gateway": url}), client_rate=rate)
        async with serving_edge(second) as server:
            await until(lambda: first.edge.parts.stream.share == second.parts.stream.share == 0.5)
            passed = 0
            for at in (first, Stack(second, first.feed, first.client, server, [], [])):
                async with talking(at) as (reader, writer):
                    for _ in range(15):
                        writer.write(head("GET", NOTICES))
                        passed += (await answer_of(reader))[0] == 200
            assert passed == 20


def percentile(times: list[float], share: float) -> float:
    return sorted(times)[int(len(times) * share)]


async def test_500_slow_requests_of_one_tenant_leave_the_others_their_speed() -> None:
    """Case 15: A's requests hang; B is served as fast as ever, A is told to wait, nothing is stuck afterwards."""
    release, service, waiting = asyncio.Event(), Service(), 0

    async def hanging(scope: Any, receive: Any, send: Any) -> None:
        nonlocal waiting
        if scope["path"] == UPLOAD:
            waiting += 1
            await release.wait()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})

    async def times_of_b(at: Stack) -> list[float]:
        taken = []
        async with talking(at) as (reader, writer):
            for _ in range(200):
                began = time.perf_counter()
                writer.write(head("GET", "/public/other/recruitment/notices"))
                assert (await answer_of(reader))[0] == 200
                taken.append(time.perf_counter() - began)
        return taken

    async def slow_of_a(at: Stack) -> int:
        async with talking(at) as (reader, writer):
            writer.write(head("POST", UPLOAD, "Content-Length: 2") + b"{}")
            async with asyncio.timeout(60):
                return int((await reader.readuntil(b"\r\n\r\n")).split(b" ")[1])

    service.handler = hanging
    async with serving(service) as port, stack(port, MORE) as at:
        before = await times_of_b(at)
        # The first ones one by one: 64 connections made at once in this one loop could outlast the time to connect.
        slow = []
        for number in range(TENANT_IN_FLIGHT):
            slow.append(asyncio.create_task(slow_of_a(at)))
            await until(lambda want=number + 1: waiting == want)  # type: ignore[misc]  # a default is the way to bind
        slow += [asyncio.create_task(slow_of_a(at)) for _ in range(500 - TENANT_IN_FLIGHT)]
        await until(lambda: sum(task.done() for task in slow) == 500 - TENANT_IN_FLIGHT)
        during = await times_of_b(at)
        release.set()
        statuses = await asyncio.gather(*slow)
        after = await times_of_b(at)
        assert sorted(statuses) == [200] * TENANT_IN_FLIGHT + [429] * (500 - TENANT_IN_FLIGHT)
        normal = max(percentile(before, 0.99), percentile(after, 0.99))
        assert percentile(during, 0.99) < 2 * normal + 0.01  # the hundredth of a second is this machine's own unrest
        await until(lambda: not at.edge.parts.lanes._taken)
        assert (OTHER_TENANT.bytes, "recruitment") not in at.edge.parts.lanes._taken
