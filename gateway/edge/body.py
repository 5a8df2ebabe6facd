"""The body of a request as it arrives: by its length, or in chunks (RFC 9112 §7.1), strictly.

What was read is sent on under framing of our own, so chunk extensions and trailers end here.
"""

import asyncio
from collections import deque
from collections.abc import Callable

from gateway.edge.fields import HEADERS_LIMIT, TEXT, field_of, unreadable

HELD_HIGH = 256 * 1024
"""Bytes held for a service that does not take them before reading from the client is paused."""
SIZE_LINE_LIMIT = 256
"""A chunk's size and its extensions, which nobody needs."""
SIZE_DIGITS = 8

_HEX = b"0123456789abcdefABCDEF"


class BodyBroken(Exception):
    """The client left, or sent what is no body, before its end."""


class Body:
    """One request's body. `feed` puts bytes in; `next` and `gather` take them out."""

    __slots__ = ("_chunked", "_failed", "_left", "_pending", "_state", "_trailers", "_waiter", "complete", "held",
                 "on_room", "parts")  # fmt: skip

    def __init__(self, length: int | None) -> None:
        self._chunked = length is None
        self._left = length or 0
        self.complete = length == 0
        self.parts: deque[bytes] = deque()
        self.held = 0
        self.on_room: Callable[[], None] | None = None
        """Called when parts were taken out."""
        self._pending = b""
        self._state = _SIZE
        self._trailers = 0
        self._failed = False
        self._waiter: asyncio.Future[None] | None = None

    def feed(self, data: bytes) -> bytes:
        """Take what belongs to the body and return the rest. Raises: `BadRequest` on malformed chunks."""
        if self._chunked:
            data = self._feed_chunks(self._pending + data if self._pending else data)
        else:
            part = data[: self._left]
            data = data[self._left :]
            self._left -= len(part)
            self._put(part)
            self.complete = self._left == 0
        self._wake()
        return data

    def fail(self) -> None:
        """Nothing more will come; who waits is told."""
        self._failed = not self.complete
        self._wake()

    async def next(self) -> bytes:
        """The next part; empty at the end. Raises: `BodyBroken`."""
        while not self.parts:
            if self.complete:
                return b""
            await self._more()
        part = self.parts.popleft()
        self.held -= len(part)
        if self.on_room is not None:
            self.on_room()
        return part

    async def gather(self, limit: int) -> None:
        """Wait until the body is complete, or more than `limit` bytes are here. Raises: `BodyBroken`."""
        while not self.complete and self.held <= limit:
            await self._more()

    def whole(self) -> bytes:
        """All that is here; it stays, since a request may be sent twice."""
        if len(self.parts) > 1:
            self.parts = deque([b"".join(self.parts)])
        return self.parts[0] if self.parts else b""

    async def _more(self) -> None:
        if self._failed:
            raise BodyBroken
        self._waiter = asyncio.get_running_loop().create_future()
        try:
            await self._waiter
        finally:
            self._waiter = None
        if self._failed and not self.parts:
            raise BodyBroken

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _put(self, part: bytes) -> None:
        if part:
            self.parts.append(part)
            self.held += len(part)

    def _feed_chunks(self, data: bytes) -> bytes:
        at = 0
        while not self.complete:
            if self._state == _DATA:
                part = data[at : at + self._left]
                at += len(part)
                self._left -= len(part)
                self._put(part)
                if self._left:
                    break
                self._state = _DATA_END
            elif self._state == _DATA_END:
                if len(data) - at < 2:
                    break
                if data[at : at + 2] != b"\r\n":
                    raise unreadable("chunk longer than its size")
                at += 2
                self._state = _SIZE
            else:
                limit = SIZE_LINE_LIMIT if self._state == _SIZE else HEADERS_LIMIT
                end = data.find(b"\r\n", at)
                if end < 0 and len(data) - at <= limit:
                    break
                if end < 0 or end - at > limit:
                    raise unreadable("chunk line too long")
                self._line(data[at:end])
                at = end + 2
        self._pending = b"" if self.complete else data[at:]
        return data[at:] if self.complete else b""

    def _line(self, line: bytes) -> None:
        if line.translate(None, TEXT):
            raise unreadable("a control character in a chunk line")
        if self._state == _TRAILER:
            self._trailers += len(line)
            if self._trailers > HEADERS_LIMIT:
                raise unreadable("trailers too long")
            self.complete = not line
            if line:
                field_of(line)
            return
        size, _, _ = line.partition(b";")
        if not size or len(size) > SIZE_DIGITS or size.translate(None, _HEX):
            raise unreadable("chunk size")
        self._left = int(size, 16)
        self._state = _DATA if self._left else _TRAILER


_SIZE, _DATA, _DATA_END, _TRAILER = range(4)

NOTHING = Body(0)
"""Of every request without a body; it is complete and stays so."""
