"""What happens to bytes: streaming both ways, stale connections, deadlines, circuit, limits."""

import asyncio
import contextlib
import resource
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from gateway.edge.circuit import FAILURES
from gateway.edge.rate import TENANT_IN_FLIGHT, Rate
from gateway.edgefeed.changes import RoutesSet
from tests.unit.gateway.edge.factory import NOTICES, SLUG, route, routes, token

from .harness import Service, Stack, serving, stack, until

UPLOAD = "/api/v1/recruitment/uploads"
SLOW = "/api/v1/recruitment/slow"
PUBLIC = f"/public/{SLUG}/recruitment/notices"
MEGABYTE = 1_000_000
MORE = RoutesSet(
    service="recruitment",
    routes=(
        *routes(),
        route("POST", UPLOAD, "u", audience="signed-in", body_limit=300 * MEGABYTE, deadline=60.0),
        route("GET", SLOW, "s", audience="signed-in", deadline=0.2),
        route("POST", SLOW, "s", audience="signed-in", deadline=0.2),
    ),
)
Raw = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def bearer() -> dict[str, str]:
    return {"Authorization": f"Bearer {token()}"}


@contextlib.asynccontextmanager
async def raw_service(talk: Raw) -> AsyncIterator[int]:
    """A service that speaks bytes of the test's own making."""
    tasks = set()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.add(asyncio.current_task())
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await talk(reader, writer)
        writer.transport.abort()

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in tasks:
            if task is not None:
                task.cancel()
        await server.wait_closed()


async def request_of(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            head += await reader.readexactly(int(line.split(b":")[1]))
    return head


async def test_a_large_body_is_streamed_in_both_directions_in_bounded_memory() -> None:
    service = Service()

    async def back(scope: Any, receive: Any, send: Any) -> None:
        size, more = 0, True
        while more:
            message = await receive()
            size += len(message.get("body", b""))
            more = message.get("more_body", False)
        service.remember(scope, size)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _ in range(size // MEGABYTE):
            await send({"type": "http.response.body", "body": b"y" * MEGABYTE, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    service.handler = back

    async def parts() -> AsyncIterator[bytes]:
        for _ in range(200):
            yield b"x" * MEGABYTE

    async with serving(service) as port, stack(port, MORE) as at:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        received = 0
        async with at.client.stream("POST", UPLOAD, content=parts(), headers=bearer()) as answer:
            assert answer.status_code == 200
            async for part in answer.aiter_bytes():
                received += len(part)
        assert received == service.seen[0]["size"] == 200 * MEGABYTE
        # Client, edge and service share this process; all three together stay far below the 200 MB that
        # passed.
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 80_000


async def test_a_body_of_announced_length_is_streamed_with_that_length() -> None:
    service = Service()
    async with serving(service) as port, stack(port, MORE) as at:
        answer = await at.client.post(UPLOAD, content=b"x" * 5 * MEGABYTE, headers=bearer())
        assert answer.status_code == 200
        assert service.seen[0]["size"] == 5 * MEGABYTE
        assert service.seen[0]["headers"]["content-length"] == str(5 * MEGABYTE)
        assert "transfer-encoding" not in service.seen[0]["headers"]


async def test_too_long_a_body_is_refused_whether_announced_or_counted() -> None:
    service = Service()

    async def parts() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b"x" * 100_000

    async with serving(service) as port, stack(port) as at:
        announced = await at.client.post(NOTICES, content=b"x" * (MEGABYTE + 1), headers=bearer())
        counted = await at.client.post(NOTICES, content=parts(), headers=bearer())
        assert (announced.status_code, counted.status_code) == (413, 413)
        assert announced.json()["type"] == "/problems/too-large"
        assert service.seen == []
        assert (await at.client.post(NOTICES, content=b"x" * MEGABYTE, headers=bearer())).status_code == 200


async def test_events_pass_as_they_come_and_the_service_learns_that_the_client_left() -> None:
    service, left, go_on = Service(), asyncio.Event(), asyncio.Event()

    async def events(scope: Any, receive: Any, send: Any) -> None:
        headers = [(b"content-type", b"text/event-stream")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"data: 1\n\n", "more_body": True})
        await go_on.wait()
        await send({"type": "http.response.body", "body": b"data: 2\n\n", "more_body": True})
        while (await receive())["type"] != "http.disconnect":
            pass
        left.set()

    service.handler = events
    async with serving(service) as port, stack(port, MORE) as at:
        async with at.client.stream("GET", NOTICES, headers=bearer()) as answer:
            parts = answer.aiter_bytes()
            assert await anext(parts) == b"data: 1\n\n"
            go_on.set()
            assert await anext(parts) == b"data: 2\n\n"
        await asyncio.wait_for(left.wait(), 10)


class Stale:
    """A service that closes each connection when the second request on it arrives, without an answer."""

    def __init__(self) -> None:
        self.requests: list[bytes] = []

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.requests.append(await request_of(reader))
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")
        self.requests.append(await request_of(reader))


@pytest.mark.parametrize(
    ("method", "extra", "status", "reached"),
    [
        ("GET", {}, 200, 3),
        ("PUT", {}, 200, 3),
        ("POST", {"Idempotency-Key": "k"}, 200, 3),
        ("POST", {}, 503, 2),
    ],
)
async def test_a_stale_connection_costs_one_repetition_and_only_where_it_is_safe(
    method: str, extra: dict[str, str], status: int, reached: int
) -> None:
    service = Stale()
    path = NOTICES + "/7" if method == "PUT" else NOTICES
    async with raw_service(service) as port, stack(port) as at:
        assert (await at.client.get(NOTICES, headers=bearer())).status_code == 200
        answer = await at.client.request(
            method, path, content=b"{}" if method != "GET" else None, headers=bearer() | extra
        )
        assert answer.status_code == status
        assert len(service.requests) == reached
        if status == 503:
            assert answer.headers["retry-after"] == "1"


async def test_a_connection_that_breaks_within_an_answer_is_not_repeated() -> None:
    seen = []

    async def half(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await request_of(reader))
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf")
        await writer.drain()
        writer.close()

    async with raw_service(half) as port, stack(port) as at:
        answer = await at.client.get(NOTICES, headers=bearer())
        assert (answer.status_code, answer.json()["type"]) == (503, "/problems/unavailable")
        assert len(seen) == 1


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\nok!",
        b"HTTP/1.1 200 OK\r\ncontent-length: +2\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nbad header\r\ncontent-length: 2\r\n\r\nok",
        b"HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nx: " + b"a" * 70_000 + b"\r\ncontent-length: 2\r\n\r\nok",
        b"nonsense\r\n\r\n",
    ],
)
async def test_an_answer_of_doubtful_framing_becomes_503(answer: bytes) -> None:
    async def doubtful(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request_of(reader)
        writer.write(answer)
        await reader.read()

    async with raw_service(doubtful) as port, stack(port) as at:
        got = await at.client.get(NOTICES, headers=bearer())
        assert (got.status_code, got.headers["retry-after"]) == (503, "1")


async def test_bytes_behind_an_answer_never_reach_the_next_request() -> None:
    answers = 0

    async def poisoned(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal answers
        while True:
            await request_of(reader)
            answers += 1
            good = b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n%d" % answers
            writer.write(good + b"HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nforged")

    async with raw_service(poisoned) as port, stack(port) as at:
        for expected in (b"1", b"2", b"3"):
            assert (await at.client.get(NOTICES, headers=bearer())).content == expected


async def test_interim_answers_and_answers_that_end_with_the_connection_are_understood() -> None:
    async def interim(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request_of(reader)
        writer.write(b"HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nx-a: b\r\n\r\nuntil ")
        await writer.drain()
        writer.write(b"close")
        await writer.drain()
        writer.close()

    async with raw_service(interim) as port, stack(port) as at:
        answer = await at.client.get(NOTICES, headers=bearer())
        assert (answer.content, answer.headers["x-a"]) == (b"until close", "b")
        assert "link" not in answer.headers


async def test_a_service_that_is_late_answers_504_and_its_connection_is_not_used_again() -> None:
    connections = 0

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        await reader.read()

    async with raw_service(silent) as port, stack(port, MORE) as at:
        loop = asyncio.get_running_loop()
        began = loop.time()
        for _ in range(2):
            answer = await at.client.get(SLOW, headers=bearer())
            assert (answer.status_code, answer.json()["type"]) == (504, "/problems/deadline-exceeded")
        assert loop.time() - began < 5
        assert connections == 2
        await until(lambda: at.edge.parts.services["recruitment"].upstream.open == 0)


async def test_a_body_that_does_not_come_is_not_waited_for_beyond_the_deadline() -> None:
    async with serving(Service()) as port, stack(port, MORE) as at:
        reader, writer = await asyncio.open_connection("127.0.0.1", at.port)
        head = f"POST {SLOW} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token()}\r\ncontent-length: 10\r\n\r\nabc"
        writer.write(head.encode())
        assert (await asyncio.wait_for(reader.readline(), 10)).split()[1] == b"504"
        writer.close()
        await writer.wait_closed()


async def test_the_circuit_opens_and_one_probe_closes_it() -> None:
    reached = 0
    well = False

    async def ailing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal reached
        await request_of(reader)
        reached += 1
        if well:
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
            await writer.drain()
        writer.close()

    async with raw_service(ailing) as port, stack(port) as at:
        circuit = at.edge.parts.services["recruitment"].circuit
        circuit._open_seconds = 0.05
        for _ in range(FAILURES):
            assert (await at.client.get(NOTICES, headers=bearer())).status_code == 503
        assert (circuit.is_open, reached) == (True, FAILURES)
        assert (await at.client.get(NOTICES, headers=bearer())).status_code == 503
        well = True

        async def healed() -> bool:
            return (await at.client.get(NOTICES, headers=bearer())).status_code == 200

        async with asyncio.timeout(10):
            while not await healed():
                pass
        assert not circuit.is_open
        # The gateway's own circuit, at the same address here, never opened.
        assert not at.edge.parts.services["gateway"].circuit.is_open


async def test_a_service_that_is_down_answers_503_and_is_found_when_it_is_back() -> None:
    probe = await asyncio.start_server(lambda _r, w: w.close(), "127.0.0.1", 0)
    port = probe.sockets[0].getsockname()[1]
    probe.close()
    await probe.wait_closed()
    async with stack(port) as at:
        answer = await at.client.get(NOTICES, headers=bearer())
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")


async def test_a_client_over_its_rate_answers_429_with_the_time_to_wait() -> None:
    async with serving(Service()) as port, stack(port, client_rate=Rate("client", 0.1, 2.0)) as at:
        statuses = [(await at.client.get(NOTICES, headers=bearer())).status_code for _ in range(3)]
        assert statuses == [200, 200, 429]
        answer = await at.client.get(NOTICES, headers=bearer())
        assert 1 <= int(answer.headers["retry-after"]) <= 10
        assert answer.headers["ratelimit"].startswith('"client";r=0;t=')
        assert (await at.client.get(PUBLIC)).status_code == 200
        await until(lambda: [refusal.status for refusal in at.refusals] == [429])


async def test_a_tenant_whose_requests_hang_does_not_stop_the_others() -> None:
    """Case 15, small: the places of one tenant are full, another tenant and the public of it are served."""
    release, service = asyncio.Event(), Service()

    async def hanging(scope: Any, receive: Any, send: Any) -> None:
        if scope["path"] == UPLOAD:
            await release.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    service.handler = hanging
    async with serving(service) as port, stack(port, MORE) as at:
        hung = [
            asyncio.create_task(at.client.post(UPLOAD, headers=bearer(), timeout=60)) for _ in range(TENANT_IN_FLIGHT)
        ]
        upstream = at.edge.parts.services["recruitment"].upstream
        await until(lambda: upstream.open == TENANT_IN_FLIGHT)
        own = await at.client.get(NOTICES, headers=bearer() | {"Origin": "https://portal.example"})
        other = await at.client.get("/public/other/recruitment/notices")
        assert (own.status_code, own.headers["retry-after"], other.status_code) == (429, "1", 200)
        assert own.headers.get_list("access-control-allow-origin") == ["https://portal.example"]
        release.set()
        assert {answer.status_code for answer in await asyncio.gather(*hung)} == {200}


async def test_waiting_requests_get_the_connections_that_come_free(at_cap: Stack) -> None:
    answers = await asyncio.gather(*(at_cap.client.get(NOTICES, headers=bearer()) for _ in range(40)))
    assert {answer.status_code for answer in answers} == {200}
    assert at_cap.edge.parts.services["recruitment"].upstream.open <= 2


@pytest.fixture(name="at_cap")
async def _at_cap() -> AsyncIterator[Stack]:
    async with serving(Service()) as port, stack(port) as at:
        at.edge.parts.services["recruitment"].upstream._cap = 2
        yield at
