"""Answers without an end: server-sent events (WHATWG HTML, 9.2), for operations that tell what changes.

Such an operation names `EventStream` as its `response_class`, so its document says `text/event-stream`, by which the
edge, clients and tests know it. A stream opens its own short transactions; none is open while it waits.
"""

import contextlib
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Hashable, Iterator
from typing import Any

import orjson
import structlog
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from kernel.errors import Problem, Text, TooManyRequests, places

MEDIA_TYPE = "text/event-stream"
KEEP_ALIVE = b": keep-alive\n\n"
KEEP_ALIVE_SECONDS = 15.0
"""A line of comment in silence, so that no proxy takes the stream for dead."""
PER_READER = 10
"""Streams of one reader at one process: the windows somebody has open."""
PER_PROCESS = 2_000
RETRY_MILLISECONDS = 2_000
"""When a client that lost its stream comes back."""

log = structlog.get_logger("stream")


class Places:
    """How many streams are open, and whose."""

    def __init__(self, per_reader: int = PER_READER, per_process: int = PER_PROCESS) -> None:
        self._per_reader, self._per_process = per_reader, per_process
        self._taken: Counter[Hashable] = Counter()

    @property
    def taken(self) -> int:
        """How many are open."""
        return self._taken.total()

    @contextlib.contextmanager
    def one(self, reader: Hashable) -> Iterator[None]:
        """A place as long as the block lasts. Raises `TooManyRequests` where there is none."""
        if self._taken[reader] >= self._per_reader or self.taken >= self._per_process:
            raise TooManyRequests(
                Text("打开的实时连接过多", "Too many streams are open."), headers={"Retry-After": "30"}
            )
        self._taken[reader] += 1
        try:
            yield
        finally:
            self._taken[reader] -= 1
            if not self._taken[reader]:
                del self._taken[reader]


class EventStream(StreamingResponse):
    """Sends `events` as they come, in a place of the reader's; ends them when the client leaves."""

    media_type = MEDIA_TYPE

    def __init__(self, events: AsyncGenerator[bytes], open_places: Places, reader: Hashable) -> None:
        # Named in full: Starlette would add a charset, and this type has only one.
        headers = {"Content-Type": MEDIA_TYPE, "Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        super().__init__(_to_the_end(events), headers=headers)
        self._places, self._reader, self._events = open_places, reader, events

    @classmethod
    def described(cls) -> dict[str, Any]:
        """Its part of the API document: what one event is made of."""
        members = {"event": "string", "id": "string", "data": "string", "retry": "integer"}
        each = {"type": "object", "properties": {name: {"type": kind} for name, kind in members.items()}}
        return {"200": {"content": {cls.media_type: {"schema": each}}}}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take a place before the answer begins: one that is refused is still a problem document."""
        with self._places.one(self._reader):
            try:
                await super().__call__(scope, receive, send)
            finally:
                await self._events.aclose()


async def _to_the_end(events: AsyncGenerator[bytes]) -> AsyncIterator[bytes]:
    """What goes wrong in the middle cannot be told any more: the stream ends, and the client comes back."""
    try:
        async for each in events:
            yield each
    except Problem as problem:
        log.info("stream ended", status=problem.status, cause=str(problem))
    except Exception as error:
        # Not passed on: the server above would log it with its text and thus with values.
        log.error("stream failed", error=type(error).__name__, places=places(error))


def event(name: str, position: str, data: object) -> bytes:
    """One event. `position` is where a client resumes; `data` as JSON, which has no line breaks."""
    return b"retry: %d\nevent: %s\nid: %s\ndata: %s\n\n" % (
        RETRY_MILLISECONDS,
        name.encode(),
        position.encode(),
        orjson.dumps(data),
    )
