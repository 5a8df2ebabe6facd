"""One connection of a client: requests read one after another, each answered before the next is looked at.

The exchange of a request is the `Edge`'s; here are only bytes, their order, and the times a client may take.
"""

import asyncio
from collections.abc import Callable
from http import HTTPStatus
from typing import Protocol, cast

from gateway.edge.body import HELD_HIGH, NOTHING, Body
from gateway.edge.fields import HEADERS_LIMIT, FieldBlock
from gateway.edge.inbound import SHARED_BYTES, Inbound
from kernel.errors import HeadersTooLarge, Problem

HEAD_SECONDS = 10.0
"""From a request's first byte to the end of its head."""
IDLE_SECONDS = 65.0
"""Between two requests; proxies in front keep theirs for 60 s, so that it is mostly them who close."""
LINGER_SECONDS = 2.0
"""After the last answer: a client that is still writing must not lose it to a reset."""

_STATUS = {status.value: b"HTTP/1.1 %d %b\r\n" % (status.value, status.phrase.encode()) for status in HTTPStatus}
_BODILESS = frozenset({204, 304})
_NEVER = float("inf")
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class ClientGone(Exception):
    """The client left."""


class Answers(Protocol):
    """Who answers: the `Edge`."""

    def begin(self, client: "Client", request: Inbound, body: Body) -> None:
        """A request whose head is read."""

    def refuse(self, client: "Client", request: Inbound, problem: Problem) -> None:
        """A request that cannot be read."""


class Host(Protocol):
    """Who keeps the clients: the `Server`."""

    now: float
    date: bytes

    @property
    def edge(self) -> Answers:
        """Who answers."""
        ...

    def entered(self, client: "Client") -> None:
        """A connection was made."""

    def left(self, client: "Client") -> None:
        """A connection is gone."""


class Client(asyncio.Protocol):
    """See the module. `request` and `body` are those being answered, None between two."""

    def __init__(self, server: Host) -> None:
        self._server = server
        self._transport: asyncio.Transport
        self._address: str | None = None
        self._buffer = b""
        self._paused = False
        self._room: asyncio.Future[None] | None = None
        self._advancing = False
        self._lingering = False
        self._chunked = False
        self._last: FieldBlock | None = None
        """What the request before said: the next one mostly says the same."""
        self.request: Inbound | None = None
        self.body: Body | None = None
        self.gone = False
        self.on_gone: Callable[[], None] | None = None
        """Called once when the client leaves while it is answered."""
        self.closes_at = 0.0
        """When the server closes it, by the server's clock."""

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client is there."""
        # uvloop's transports are not subclasses of asyncio's, so nothing can be asked of the type.
        self._transport = cast(asyncio.Transport, transport)
        peer = transport.get_extra_info("peername")
        self._address = peer[0] if isinstance(peer, tuple) else None
        self.closes_at = self._server.now + HEAD_SECONDS
        self._server.entered(self)

    def data_received(self, data: bytes) -> None:
        """Bytes of a body, of a head, or of requests to come."""
        if self._lingering:
            return
        self._buffer = self._buffer + data if self._buffer else data
        self._advance()

    def connection_lost(self, exc: Exception | None) -> None:
        """The client left."""
        self.gone = True
        self._server.left(self)
        if self.body is not None:
            self.body.fail()
        if self._room is not None and not self._room.done():
            self._room.set_result(None)
        if self.on_gone is not None:
            self.on_gone()

    def pause_writing(self) -> None:
        """The client does not take more for now."""
        self._room = asyncio.get_running_loop().create_future()

    def resume_writing(self) -> None:
        """The client takes more."""
        if self._room is not None and not self._room.done():
            self._room.set_result(None)
        self._room = None

    # Reading

    def _advance(self) -> None:
        """Go as far as the bytes here lead. An answer given meanwhile comes back in here; this loop goes on for it."""
        if self._advancing:
            return
        self._advancing = True
        try:
            while self._buffer and not self.gone and not self._lingering:
                if self.request is None:
                    if not self._head():
                        break
                elif self.body is not None and not self.body.complete:
                    self._body_bytes(self.body)
                else:
                    break  # the next request waits for this one's answer
        finally:
            self._advancing = False
        self._hold()

    def _head(self) -> bool:
        """Begin the next request; False when its head is not here yet."""
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0 and len(self._buffer) <= HEADERS_LIMIT:
            self.closes_at = min(self.closes_at, self._server.now + HEAD_SECONDS)
            return False
        request = self.request = Inbound(self._address)
        self.closes_at = _NEVER
        problem: Problem | None = None
        body = NOTHING
        try:
            if not 0 <= end <= HEADERS_LIMIT:
                raise HeadersTooLarge(cause="head too long")
            request.take(self._buffer[:end], self._last)
            fields = request.fields
            if fields is not self._last and len(fields.raw) <= SHARED_BYTES:
                self._last = fields
            if request.length != 0:
                body = Body(request.length)
        except Problem as refused:
            # What follows cannot be told from a body any more.
            request.keep = False
            problem = refused
        self._buffer = self._buffer[end + 4 :] if problem is None else b""
        self.body = body
        if not body.complete:
            body.on_room = self._hold
            if self._buffer:
                self._body_bytes(body)
        if problem is None:
            self._server.edge.begin(self, request, body)
        else:
            self._server.edge.refuse(self, request, problem)
        return True

    def _body_bytes(self, body: Body) -> None:
        try:
            self._buffer = body.feed(self._buffer)
        except Problem:
            if self.request is not None:
                self.request.keep = False
            self._buffer = b""
            body.fail()

    def _hold(self) -> None:
        """Stop reading while what is here has nowhere to go; go on when it has."""
        full = bool(self.request and self._buffer) or (self.body is not None and self.body.held > HELD_HIGH)
        if full != self._paused and not self.gone:
            self._paused = full
            if full:
                self._transport.pause_reading()
            else:
                self._transport.resume_reading()

    def invite(self) -> None:
        """Send 100 (Continue) to a client that waits for it before it sends the body."""
        request, body = self.request, self.body
        if request and body and not body.complete and not body.held and b"expect" in request.read and not self.gone:
            self._transport.write(_CONTINUE)

    # Answering

    def answer(self, status: int, lines: bytes, content: bytes | None) -> None:
        """Answer whole. `content` is None where only its announced length is told (HEAD)."""
        if self.gone:
            return
        head = self._head_of(status, lines)
        if content is None or status in _BODILESS:
            self._transport.write(head + b"\r\n")
        else:
            self._transport.write(b"%bcontent-length: %d\r\n\r\n%b" % (head, len(content), content))
        self._done()

    def start(self, status: int, lines: bytes, length: int | None) -> None:
        """Begin an answer whose parts follow; chunked when their length is not known."""
        assert self.request is not None  # noqa: S101 -- only an exchange calls it
        self._chunked = length is None and not self.request.old
        head = self._head_of(status, lines)
        if length is not None:
            head += b"content-length: %d\r\n" % length
        elif self._chunked:
            head += b"transfer-encoding: chunked\r\n"
        if not self.gone:
            self._transport.write(head + b"\r\n")

    async def part(self, data: bytes) -> None:
        """The next part, once the client takes it. Raises: `ClientGone`."""
        if self._room is not None:
            await self._room
        if self.gone:
            raise ClientGone
        self._transport.write(b"%x\r\n%b\r\n" % (len(data), data) if self._chunked else data)

    def end(self) -> None:
        """The answer is complete."""
        if not self.gone:
            if self._chunked:
                self._transport.write(b"0\r\n\r\n")
            self._done()

    def abort(self) -> None:
        """Close at once: an answer that cannot be finished must not look finished."""
        if not self.gone:
            self._transport.abort()

    def close_when_idle(self) -> None:
        """Close now, or after the answer being given."""
        if self.request is not None:
            self.request.keep = False
        elif not self.gone:
            self._transport.close()

    def _head_of(self, status: int, lines: bytes) -> bytes:
        request, body = self.request, self.body
        assert request is not None  # noqa: S101 -- only an exchange calls it
        if body is not None and not body.complete:
            request.keep = False
        first = _STATUS.get(status) or b"HTTP/1.1 %d \r\n" % status
        return first + self._server.date + lines + (b"" if request.keep else b"connection: close\r\n")

    def _done(self) -> None:
        request, body = self.request, self.body
        self.request = self.body = self.on_gone = None
        if request is not None and request.keep:
            self.closes_at = self._server.now + IDLE_SECONDS
            if self._buffer or self._paused:
                self._advance()
                self._hold()
        else:
            if body is not None:
                body.on_room = None
            self._linger()

    def _linger(self) -> None:
        self._lingering = True
        self._buffer = b""
        self.closes_at = self._server.now + LINGER_SECONDS
        self._hold()
        if self._transport.can_write_eof():
            self._transport.write_eof()
