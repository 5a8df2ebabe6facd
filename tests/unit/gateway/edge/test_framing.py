"""The parser of answers against h11 as the judge: what both accept means the same, cut anywhere."""

import asyncio
from itertools import pairwise
from typing import Any

import h11
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.edge.connection import Connection, UpstreamError

FIELDS = st.sampled_from(
    [
        b"content-length: 5",
        b"Content-Length: 0",
        b"content-length: 05",
        b"content-length: 5, 5",
        b"content-length: -1",
        b"transfer-encoding: chunked",
        b"Transfer-Encoding: CHUNKED",
        b"transfer-encoding: identity",
        b"transfer-encoding: gzip, chunked",
        b"connection: close",
        b"connection: keep-alive",
        b"x-a:b",
        b"x-a: \tb ",
        b"x-a:",
        b" folded",
        b"x a: b",
        b"x-a\t: b",
        b": empty",
        b"trailer: x",
    ]
)
STATUS = st.sampled_from(
    [b"HTTP/1.1 200 OK", b"HTTP/1.1 204 No Content", b"HTTP/1.1 304 Not Modified", b"HTTP/1.0 200 OK",
    b"HTTP/1.1 404 ",
     b"HTTP/1.1 200", b"HTTP/1.1 99 X", b"HTTP/2.0 200 OK", b"HTTP/1.1  200 OK", b"ICY 200 OK"]
)  # fmt: skip
BODIES = st.sampled_from(
    [b"", b"hello", b"hello!", b"5\r\nhello\r\n0\r\n\r\n", b"5;x=y\r\nhello\r\n0\r\nx: y\r\n\r\n",
    b"5\r\nhello0\r\n\r\n",
     b"5\nhello\n0\n\n", b"0x5\r\nhello\r\n0\r\n\r\n", b"-5\r\n", b"ffffffffffffffffff\r\n",
     b"0\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"]
)  # fmt: skip


class Transport(asyncio.Transport):
    """A transport that goes nowhere."""

    def write(self, data: Any) -> None:
        """Nothing is sent."""

    def abort(self) -> None:
        """Nothing is open."""

    def pause_reading(self) -> None:
        """Nothing is read."""

    def resume_reading(self) -> None:
        """Nothing is read."""


async def ours(data: bytes, cuts: list[int]) -> tuple[int, bytes, bool] | None:
    """Status, body and whether the connection may be used again; None when refused or incomplete."""
    connection = Connection()
    connection.connection_made(Transport())
    connection.begin(b"")
    connection.sent_all()
    places = sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})
    for start, end in pairwise(places):
        if connection.alive:
            connection.data_received(data[start:end])
    try:
        if not connection.complete:
            connection.connection_lost(None)
        await connection.head(asyncio.get_running_loop().time() + 5)
        body = b""
        while part := await connection.chunk(5):
            body += part
        return connection.status, body, connection.end()
    except UpstreamError:
        return None


def judged(data: bytes) -> tuple[int, bytes, bool] | None:
    """The same by h11."""
    judge = h11.Connection(h11.CLIENT)
    judge.send(h11.Request(method="GET", target="/", headers=[("host", "x")]))
    judge.send(h11.EndOfMessage())
    judge.receive_data(data)
    judge.receive_data(b"")
    status, body = 0, b""
    try:
        while True:
            event = judge.next_event()
            if isinstance(event, h11.Response):
                status = event.status_code
            elif isinstance(event, h11.Data):
                body += bytes(event.data)
            elif isinstance(event, h11.EndOfMessage):
                return status, body, judge.their_state is h11.DONE and judge.trailing_data[0] == b""
            elif event in (h11.NEED_DATA, h11.PAUSED) or isinstance(event, h11.ConnectionClosed):
                return None
    except h11.RemoteProtocolError:
        return None


@settings(max_examples=600, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(STATUS, st.lists(FIELDS, max_size=4), BODIES, st.lists(st.integers(0, 200), max_size=5))
def test_what_the_edge_accepts_h11_reads_the_same(
    status: bytes, fields: list[bytes], body: bytes, cuts: list[int]
) -> None:
    data = b"\r\n".join([status, *fields, b"", b""]) + body
    found, judge = asyncio.run(ours(data, cuts)), judged(data)
    assert found == asyncio.run(ours(data, [])), "where the bytes are cut changes nothing"
    if found is not None:
        assert judge is not None, "never more lenient than the judge"
        assert found[:2] == judge[:2]
        assert judge[2] or not found[2], "never kept where the judge would not"


def test_a_connection_of_http_1_0_is_not_kept_whatever_it_says() -> None:
    data = b"HTTP/1.0 200 OK\r\ncontent-length: 5\r\nconnection: keep-alive\r\n\r\nhello"
    assert asyncio.run(ours(data, [])) == judged(data) == (200, b"hello", False)


def test_a_plain_answer_is_read_and_its_connection_kept() -> None:
    for data in (
        b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    ):
        assert asyncio.run(ours(data, [])) == judged(data) == (200, b"hello", True)
        for cut in range(len(data)):
            assert asyncio.run(ours(data, [cut])) == (200, b"hello", True)
