"""One HTTP/1.1 connection to a service, on httptools' response parser, one exchange at a time (RFC 9112).

Strict on purpose: an answer whose framing two readers could understand differently ends the connection, and
bytes that nobody asked for do so too, so no answer can reach another request.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import cast

import httptools

from gateway.edge import plain
from gateway.edge.headers import Field, answered

READ_HIGH, READ_LOW = 256 * 1024, 64 * 1024
"""Bytes of an answer held for a slow client before reading from the service is paused, and resumed."""


_NEVER = float("inf")


class UpstreamError(Exception):
    """The exchange failed before its end."""


class Broken(UpstreamError):
    """The connection broke. `untouched`: not one byte of an answer had arrived."""

    def __init__(self, words: str, *, untouched: bool) -> None:
        super().__init__(words)
        self.untouched = untouched


class BadAnswer(UpstreamError):
    """What arrived is not an HTTP/1.1 answer with unambiguous framing."""


class Late(UpstreamError):
    """The deadline passed."""


class Connection(asyncio.Protocol):
    """See `Upstream` for its life. Between `begin` and `end` it is busy with one exchange."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self.clock = self._loop.time
        self._parser = httptools.HttpResponseParser(self)
        self._waiter: asyncio.Future[None] | None = None
        self._room: asyncio.Future[None] | None = None
        self._reading_paused = False
        self._timer: asyncio.TimerHandle | None = None
        self._deadline = _NEVER
        self.on_lost: asyncio.Future[None] = self._loop.create_future()
        self.on_answer: Callable[[], None] | None = None
        """Instead of a coroutine that waits: called whenever more of an answer, its end or an error is here."""
        self.transport: asyncio.Transport
        self.idle_since = 0.0
        self.counted = True
        """Whether it holds a place under the cap of its pool."""
        self.alive = False
        self.busy = False
        self._reset()

    def _reset(self) -> None:
        self.status = 0
        self.fields: list[Field] = []
        self.complete = False
        """Whether the whole answer is here (perhaps still in `_chunks`)."""
        self._chunks: deque[bytes] = deque()
        self._held = 0
        self._head_bytes = 0
        self.answering = False
        """Whether `status` and `fields` are here."""
        self._until_close = False
        self._touched = False
        self._keep = False
        self.request_sent = False
        """Whether the request is written to its end."""
        self.error: UpstreamError | None = None
        """Why the exchange failed."""

    # One exchange, called by the forwarding task.

    def begin(self, head: bytes) -> None:
        """Start an exchange by writing `head` (which may have a whole body behind it)."""
        self._reset()
        self.busy = True
        if not self.alive:
            # It closed between being handed over and being used.
            self.error = Broken("connection lost", untouched=True)
        self.transport.write(head)

    def ask(self, request: bytes, deadline: float, on_answer: Callable[[], None]) -> None:
        """Start an exchange with a whole request and be called back; `deadline` is loop time. See `on_answer`."""
        self.begin(request)
        self.request_sent = True
        self.on_answer = on_answer
        self._until(deadline)
        if self.error is not None:
            # Never from within: who asks is still at work.
            self._loop.call_soon(self._wake)

    async def write(self, data: bytes) -> None:
        """Write a part of the request's body; waits while the service does not take it.

        Raises: `UpstreamError` when the exchange failed meanwhile."""
        if self._room is not None:
            await self._room
        if self.error is not None:
            raise self.error
        self.transport.write(data)

    def sent_all(self) -> None:
        """The request is written to its end; without this the connection is not used again."""
        self.request_sent = True

    async def head(self, deadline: float) -> None:
        """Wait for `status` and `fields`. `deadline` is loop time. Raises: `UpstreamError`."""
        while not self.answering:
            await self._wait(deadline)

    async def chunk(self, idle_seconds: float) -> bytes:
        """The next part of the answer's body; empty at its end. Raises: `UpstreamError`, `Late` after
        `idle_seconds` without any."""
        while not self._chunks:
            if self.complete:
                return b""
            await self._wait(self.clock() + idle_seconds)
        data = self._chunks.popleft()
        self._held -= len(data)
        if self._reading_paused and self._held < READ_LOW and self.alive:
            self._reading_paused = False
            self.transport.resume_reading()
        return data

    def whole(self) -> bytes:
        """The body, when `complete`."""
        body = self._chunks[0] if len(self._chunks) == 1 else b"".join(self._chunks)
        self._chunks.clear()
        return body

    def end(self) -> bool:
        """End the exchange; True when the connection may serve another."""
        self.busy = False
        self.on_answer = None
        self._deadline = _NEVER
        reusable = self.alive and self.complete and self._keep and self.request_sent and self.error is None
        if self._reading_paused and reusable:
            self._reading_paused = False
            self.transport.resume_reading()
        if not reusable:
            self.abort()
        return reusable

    def fail(self, error: UpstreamError) -> None:
        """End the exchange from outside: whoever waits gets `error`."""
        if self.error is None:
            self.error = error
        self._wake()
        self.abort()

    def abort(self) -> None:
        """Close at once."""
        if self.alive:
            self.alive = False
            self.transport.abort()

    async def _wait(self, deadline: float) -> None:
        if self.error is not None:
            raise self.error
        self._waiter = self._loop.create_future()
        self._until(deadline)
        try:
            await self._waiter
        finally:
            self._deadline = _NEVER
            self._waiter = None
        if self.error is not None and not self._chunks:
            raise self.error

    def _until(self, deadline: float) -> None:
        """Fail when `deadline` passes. The timer is left standing between exchanges and moved on when it goes off:
        making and cancelling one for each costs more than the rest of the waiting."""
        self._deadline = deadline
        if self._timer is not None and self._timer.when() > deadline:
            self._timer.cancel()
            self._timer = None
        if self._timer is None:
            self._timer = self._loop.call_at(deadline, self._time_is_up)

    def _time_is_up(self) -> None:
        self._timer = None
        if not self.alive or self._deadline == _NEVER:
            return
        if self.clock() >= self._deadline:
            self._deadline = _NEVER
            self.fail(Late("deadline passed"))
        else:
            self._timer = self._loop.call_at(self._deadline, self._time_is_up)

    def _wake(self) -> None:
        if self.on_answer is not None:
            self.on_answer()
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
        if self._room is not None and not self._room.done() and self.error is not None:
            self._room.set_result(None)

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The connection stands."""
        # uvloop's transports are not subclasses of asyncio's, so nothing can be asked of the type.
        self.transport = cast(asyncio.Transport, transport)
        self.alive = True

    def data_received(self, data: bytes) -> None:
        """Bytes of an answer; without a request under way the connection is poisoned and closed."""
        if not self.busy or self.complete:
            self._keep = False
            self.abort()
            return
        try:
            read = None if self._touched else plain.read(data)
            self._touched = True
            if read is None:
                self._parser.feed_data(data)
            else:
                self.status, self.fields, body = read
                if body:
                    self.on_body(body)
                self.answering = self._keep = self.complete = True
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            self._keep = False
            if not self.complete:
                self.fail(BadAnswer(type(error).__name__))
            else:
                self.abort()
        if self._held > READ_HIGH and not self._reading_paused and self.alive and not self.complete:
            self._reading_paused = True
            self.transport.pause_reading()
        if self.answering and self.error is None:
            self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone; an answer that ends by its closing is complete when it closed cleanly."""
        self.alive = False
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self.busy and not self.complete:
            if self.answering and self._until_close and exc is None and self.error is None:
                self.complete = True
            elif self.error is None:
                self.error = Broken("connection lost", untouched=not self._touched)
        if self._room is not None and not self._room.done():
            self._room.set_result(None)
        self._wake()
        if not self.on_lost.done():
            self.on_lost.set_result(None)

    def pause_writing(self) -> None:
        """The service does not take more for now."""
        self._room = self._loop.create_future()

    def resume_writing(self) -> None:
        """The service takes more."""
        if self._room is not None and not self._room.done():
            self._room.set_result(None)
        self._room = None

    # httptools

    def on_message_begin(self) -> None:
        """A second message behind the first answers nothing that was asked."""
        if self.complete:
            raise BadAnswer("a second answer")

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header field; trailers are not passed on."""
        if self.answering:
            return
        self._head_bytes += len(name) + len(value)
        if self._head_bytes > plain.HEAD_LIMIT or b"\n" in value or b"\r" in value or b"\0" in value:
            raise BadAnswer("head too long or not clean")
        self.fields.append(answered(plain.name_of(name), value))

    def on_headers_complete(self) -> None:
        """Judge the framing before anything of the answer is passed on."""
        status = self._parser.get_status_code()
        if status < 200:
            if status == 101:
                raise BadAnswer("an upgrade nobody asked for")
            self.fields.clear()
            return
        lengths = encodings = 0
        for name, value, _ in self.fields:
            if name == b"content-length":
                lengths += 1
                if not value.isdigit():
                    raise BadAnswer("content-length")
            elif name == b"transfer-encoding":
                encodings += 1
                if value.strip().lower() != b"chunked":
                    raise BadAnswer("transfer-encoding")
        if lengths + encodings > 1 or status > 599:
            raise BadAnswer("ambiguous framing")
        self.status = status
        self._until_close = not lengths and not encodings and status not in (204, 304)
        # HTTP/1.0 knows no kept connection (RFC 9112, C.2.2): what it says of one is not believed.
        kept = self._parser.get_http_version() == "1.1" and self._parser.should_keep_alive()
        self._keep = kept and not self._until_close
        self.answering = True

    def on_body(self, body: bytes) -> None:
        """A part of the body."""
        self._chunks.append(body)
        self._held += len(body)

    def on_message_complete(self) -> None:
        """The answer, or an interim one before it, is complete."""
        if self.answering:
            self.complete = True
