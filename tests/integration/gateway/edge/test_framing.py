"""Framing against h11 as the judge, over real sockets: no request reaches a service that h11 reads differently.

A service that records what it gets stands behind a real edge. Whatever is thrown at the edge, each request that the
service reads is one that h11 reads in the same bytes, in the same order, equal in method, target, fields and body.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

import h11
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.edge.client import Client
from gateway.edge.fields import HEADERS_LIMIT
from gateway.edge.server import Server
from tests.unit.gateway.edge.factory import NOTICES, SLUG, token

from .harness import stack, until
from .test_exchange import raw_service

PUBLIC = f"/public/{SLUG}/recruitment/notices"
OURS = frozenset({"host", "x-request-id", "x-forwarded-for", "traceparent", "shegong-principal", "transfer-encoding",
                  "content-length"})  # fmt: skip


class Read(NamedTuple):
    """A request as somebody read it."""

    method: str
    target: str
    fields: tuple[tuple[bytes, bytes], ...]
    body: bytes


def read_all(data: bytes) -> Iterator[Read]:
    """The complete requests that h11 reads; ends where it refuses or waits. Fields are those that may travel on."""
    judge = h11.Connection(h11.SERVER, max_incomplete_event_size=4 * HEADERS_LIMIT)
    judge.receive_data(data)
    with contextlib.suppress(h11.RemoteProtocolError):
        while True:
            event = judge.next_event()
            if not isinstance(event, h11.Request):
                return
            body = b""
            while isinstance(part := judge.next_event(), h11.Data):
                body += bytes(part.data)
            if not isinstance(part, h11.EndOfMessage):
                return
            fields = tuple((bytes(name), bytes(value)) for name, value in event.headers)
            yield Read(event.method.decode(), event.target.decode("latin-1"), fields, body)
            judge.send(h11.Response(status_code=200, headers=[("content-length", "0")]))
            judge.send(h11.EndOfMessage())
            if judge.their_state is not h11.DONE:
                return
            judge.start_next_cycle()


@dataclass
class Recorder:
    """A service that keeps the bytes of each connection, and answers what h11 reads in them."""

    streams: list[bytearray] = field(default_factory=list)

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        stream, answered = bytearray(), 0
        self.streams.append(stream)
        while data := await reader.read(65_536):
            stream += data
            for _ in list(read_all(bytes(stream)))[answered:]:
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")
                answered += 1

    def seen(self) -> list[Read]:
        """All requests, each read to its end; raises where h11 would refuse what the edge wrote."""
        found = []
        for stream in self.streams:
            judge = h11.Connection(h11.SERVER, max_incomplete_event_size=4 * HEADERS_LIMIT)
            judge.receive_data(bytes(stream))
            with contextlib.suppress(StopIteration):
                judge.next_event()  # raises on what is no request at all
            found += read_all(bytes(stream))
        return found


@dataclass
class Fence:
    """The edge, the recorder behind it, and what the edge has read."""

    server: Server
    port: int
    recorder: Recorder

    async def throw(self, data: bytes, cuts: list[int]) -> list[Read]:
        """Send `data` in pieces; returns what the service read of it."""
        self.recorder.streams.clear()
        for service in self.server.edge.parts.services.values():
            service.upstream.close()
        _, writer = await asyncio.open_connection("127.0.0.1", self.port)
        await until(lambda: self.server._clients)
        (client,) = self.server._clients
        places = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
        for start, end in pairwise(places):
            before = client.taken  # type: ignore[attr-defined]  # counted by `_Counting`
            writer.write(data[start:end])
            await until(lambda want=before + end - start: _settled(client, want))  # type: ignore[misc]  # a default
        writer.transport.abort()
        await until(lambda: not self.server._clients and not self.server.edge.parts.lanes._taken)
        await until(lambda: not any(not task.done() for task in self.server.edge.parts.tasks if task is not None))
        return self.recorder.seen()


def _settled(client: Client, taken: int) -> bool:
    """Nothing more will come of the bytes sent so far."""
    if client.gone or client._lingering:
        return True
    waits = client.request is None or (client.body is not None and not client.body.complete)
    return bool(waits and client.taken >= taken and not client._paused)  # type: ignore[attr-defined]  # as above


class _Counting(Client):
    """Counts what it was given."""

    def __init__(self, server: Server) -> None:
        super().__init__(server)
        self.taken = 0

    def data_received(self, data: bytes) -> None:
        self.taken += len(data)
        super().data_received(data)


@pytest.fixture(name="fence", scope="module")
async def _fence() -> AsyncIterator[Fence]:
    recorder, patch = Recorder(), pytest.MonkeyPatch()
    patch.setattr("gateway.edge.server.Client", _Counting)
    async with raw_service(recorder) as service, stack(service) as at:
        yield Fence(at.server, at.port, recorder)
    patch.undo()


def same_as_judged(seen: list[Read], data: bytes) -> None:
    """Each request seen stands in what the judge reads, in order; none is there that it does not read."""
    judged = read_all(data)
    for got in seen:
        assert any(_equal(got, meant) for meant in judged), f"{got.method} {got.target} {got.body!r} in {data!r}"


def _equal(got: Read, meant: Read) -> bool:
    if (got.method, got.body) != ("GET" if meant.method == "HEAD" else meant.method, meant.body):
        return False
    if got.target != meant.target.replace(PUBLIC, NOTICES):
        return False
    left = iter(meant.fields)
    return all(any((name, value) == field for field in left) for name, value in got.fields if name.decode() not in OURS)


def good(method: str = "GET", target: str = PUBLIC, *fields: str, body: str = "") -> bytes:
    lines = [f"{method} {target} HTTP/1.1", "Host: x", f"Authorization: Bearer {token()}", *fields, "", body]
    return "\r\n".join(lines).encode("latin-1")


CHUNKED = "Transfer-Encoding: chunked"


async def test_good_requests_reach_the_service_as_the_judge_reads_them(fence: Fence) -> None:
    data = (
        good("GET", PUBLIC + "?a=b", "X-A:  b\t ", "X-Empty:")
        + good("POST", NOTICES, "Content-Length: 5", body="hello")
        + good("POST", NOTICES, CHUNKED, body='5;ext=1\r\nhello\r\n3;a="b"\r\nabc\r\n0\r\nX-Trailer: 1\r\n\r\n')
        + good("HEAD", NOTICES)
        + good("POST", NOTICES, "Content-Length: 0")
    )
    for cuts in ([], [1, 40, 41, 500], list(range(0, len(data), 7))):
        seen = await fence.throw(data, cuts)
        same_as_judged(seen, data)
        assert [(read.method, read.body) for read in seen] == [
            ("GET", b""), ("POST", b"hello"), ("POST", b"helloabc"), ("GET", b""), ("POST", b"")
        ]  # fmt: skip
        assert (b"x-a", b"b") in seen[0].fields


@pytest.mark.parametrize(
    "data",
    [
        good("POST", NOTICES, "Content-Length: 5", CHUNKED, body="0\r\n\r\nGET /x HTTP/1.1\r\n\r\n"),
        good("POST", NOTICES, CHUNKED, "Content-Length: 5", body="0\r\n\r\n"),
        good("POST", NOTICES, "Content-Length: 5", "Content-Length: 6", body="hello!"),
        good("POST", NOTICES, "Content-Length: 5", "Content-Length: 5", body="hello"),
        good("POST", NOTICES, "Content-Length: 5, 5", body="hello"),
        good("POST", NOTICES, "Content-Length: +5", body="hello"),
        good("POST", NOTICES, "Content-Length: 0x5", body="hello"),
        good("POST", NOTICES, "Content-Length: 5_0", body="hello"),
        good("POST", NOTICES, "Content-Length: \xb2", body="hello"),
        good("POST", NOTICES, "Content-Length : 5", body="hello"),
        good("POST", NOTICES, "Transfer-Encoding: gzip, chunked", body="0\r\n\r\n"),
        good("POST", NOTICES, "Transfer-Encoding: xchunked", body="0\r\n\r\n"),
        good("POST", NOTICES, "Transfer-Encoding:\x0bchunked", body="0\r\n\r\n"),
        good("POST", NOTICES, CHUNKED, CHUNKED, body="0\r\n\r\n"),
        good("POST", NOTICES, CHUNKED, body="5\r\nhello0\r\n\r\n"),
        good("POST", NOTICES, CHUNKED, body="0x5\r\nhello\r\n0\r\n\r\n"),
        good("POST", NOTICES, CHUNKED, body="-5\r\nhello\r\n0\r\n\r\n"),
        good("POST", NOTICES, CHUNKED, body="5\nhello\n0\n\n"),
        good("POST", NOTICES, CHUNKED, body="5;a\nb\r\nhello\r\n0\r\n\r\n"),
        good("POST", NOTICES, CHUNKED, body="f" * 17 + "\r\n"),
        good("POST", NOTICES, CHUNKED, body="5;" + "e" * 1000 + "\r\nhello\r\n0\r\n\r\n"),
        good("POST", NOTICES, CHUNKED, body="0\r\n folded\r\n\r\n"),
        good("POST", NOTICES, CHUNKED, body="0\r\nno colon\r\n\r\n"),
        good("POST", NOTICES, CHUNKED, body="0\r\nX A: b\r\n\r\n"),
        good("POST", NOTICES, CHUNKED, body="0\r\nX-A: b\n\r\n\r\n"),
        good("GET", PUBLIC, "X-A: b", " folded"),
        good("GET", PUBLIC, " leading: x"),
        good("GET", PUBLIC, "X-A: b\nX-B: c"),
        good("GET", PUBLIC, "X-A: b\rX-B: c"),
        good("GET", PUBLIC, "X-A: b\0c"),
        good("GET", PUBLIC, "X A: b"),
        good("GET", PUBLIC, ": b"),
        good("GET", PUBLIC, "no colon"),
        good("GET", PUBLIC, "Host: y"),
        good("GET", f"http://other.example{PUBLIC}"),
        good("GET", PUBLIC + "\t"),
        good("GET", PUBLIC + " x"),
        good("GET", PUBLIC + "#f"),
        good("CONNECT", "x:443"),
        good("get", PUBLIC),
        good("GET", PUBLIC).replace(b"HTTP/1.1", b"HTTP/2.0"),
        good("GET", PUBLIC).replace(b"HTTP/1.1", b"HTTP/1.10"),
        good("GET", PUBLIC).replace(b"Host: x\r\n", b""),
        good("GET", PUBLIC).replace(b"\r\n", b"\n"),
        good("POST", NOTICES, CHUNKED, body="0\r\n\r\n").replace(b"HTTP/1.1", b"HTTP/1.0"),
        b"\r\n" + good("GET", PUBLIC),
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ],
)  # fmt: skip
async def test_what_could_be_read_in_two_ways_is_refused_and_nothing_behind_it_is_read(
    fence: Fence, data: bytes
) -> None:
    assert await fence.throw(data + good("GET", NOTICES, "X-Smuggled: 1"), []) == []


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (good("GET", PUBLIC, "X: " + "a" * HEADERS_LIMIT), b"431"),
        (b"GET /" + b"a" * HEADERS_LIMIT, b"431"),
        (good("GET", PUBLIC, *(f"X-{n}: 1" for n in range(120))), b"431"),
        (good("GET", PUBLIC, "X A: b"), b"400"),
        (good("GET", "/" + "a" * 4000), b"400"),
    ],
)
async def test_a_refused_head_is_answered_before_the_connection_ends(fence: Fence, data: bytes, status: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", fence.port)
    writer.write(data)
    answer = await asyncio.wait_for(reader.read(), 10)
    assert answer.split(b" ")[1] == status
    assert b"\r\nconnection: close\r\n" in answer
    assert answer.count(b"HTTP/1.1 4") == 1
    writer.close()
    await writer.wait_closed()


ENDS = st.sampled_from([b"\r\n"] * 12 + [b"\n", b"\r", b"\r\r\n", b"\r\n ", b"\n\r\n"])
LINES = st.sampled_from(
    [f"GET {PUBLIC} HTTP/1.1", f"POST {NOTICES} HTTP/1.1", f"POST {NOTICES} HTTP/1.1", f"PUT {NOTICES}/7 HTTP/1.1",
     f"HEAD {PUBLIC} HTTP/1.1", f"POST {NOTICES} HTTP/1.0", f"GET {PUBLIC}?q=1 HTTP/1.1", f"GET  {PUBLIC} HTTP/1.1",
     f"POST {NOTICES}", f"GET http://x{PUBLIC} HTTP/1.1", f"POST {NOTICES} HTTP/1.1 x", "GET * HTTP/1.1"]
)  # fmt: skip
FIELDS = st.sampled_from(
    ["Content-Length: 5", "Content-Length: 5", "content-length: 0", "Content-Length: 05", "Content-Length: 5,5",
     "Content-Length: -1", "Content-Length:5 ", "Content-Length: 5\t", "Transfer-Encoding: chunked", CHUNKED,
     "transfer-encoding: CHUNKED", "Transfer-Encoding: identity", "Transfer-Encoding: chunked, identity",
     "Transfer-Encoding: chunked;q=1", "Connection: close", "Connection: keep-alive, X-A", "Expect: 100-continue",
     "X-A: b", "X-A:b", "X-A: \xe7", "X-A: a\tb", "X-A: \x7f", "x_a: b", "X-A : b", " folded", "\tfolded", "X-A",
     "X-A: b\0", "Upgrade: h2c", "TE: trailers", "Trailer: x", "Host: y", "Shegong-Principal: x", "X: " + "y" * 9000]
)  # fmt: skip
BODIES = st.sampled_from(
    [b"", b"", b"hello", b"5\r\nhello\r\n0\r\n\r\n", b"5;x\r\nhello\r\n0\r\n\r\n", b"5\r\nhello\r\n0\r\nx: y\r\n\r\n",
     b"00005\r\nhello\r\n000\r\n\r\n", b"5 \r\nhello\r\n0\r\n\r\n", b"5\r\nhello0\r\n\r\n", b"0\r\n\r\n",
     b"5\nhello\n0\n\n", b"A\r\nhello\r\n0\r\n\r\n", b"g\r\n", b"0\r\n x\r\n\r\n", b"0\r\nbad\r\n\r\n",
     b"5;a=\"\r\n\"\r\nhello\r\n0\r\n\r\n"]
)  # fmt: skip


@st.composite
def requests(draw: st.DrawFn) -> bytes:
    """One request, right in most places."""
    lines = [draw(LINES), "Host: x", f"Authorization: Bearer {token()}", *draw(st.lists(FIELDS, max_size=3))]
    return b"".join(line.encode("latin-1") + draw(ENDS) for line in lines) + b"\r\n" + draw(BODIES)


@st.composite
def streams(draw: st.DrawFn) -> bytes:
    """Some requests behind each other, sometimes with a byte wrong."""
    data = b"".join(draw(st.lists(requests(), min_size=1, max_size=3)))
    for _ in range(draw(st.integers(0, 2)) if draw(st.booleans()) else 0):
        at, piece = (
            draw(st.integers(0, len(data))),
            draw(st.sampled_from([b"", b"\0", b"\r", b"\n", b" ", b":", b"\xff"])),
        )
        data = data[:at] + piece + data[at + draw(st.integers(0, 1)) :]
    return data


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(streams(), st.lists(st.integers(0, 4000), max_size=4))
async def test_no_disagreement_ever_reaches_a_service(fence: Fence, data: bytes, cuts: list[int]) -> None:
    same_as_judged(await fence.throw(data, cuts), data)
