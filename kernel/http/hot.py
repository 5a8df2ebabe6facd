"""Hot readings: one record by its id, answered before the framework looks for a route, in one trip to the database.

Only the plain good case is answered here, with the bytes and fields that the ordinary operation gives. Whatever else it
is (a query, another spelling of the id, a refusal, nothing found, a database that does not answer), the ordinary
operation judges and answers it.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from kernel.access.permission import Permission
from kernel.context import Context
from kernel.db.transaction import Database
from kernel.errors import Problem
from kernel.http.etag import etag
from kernel.http.router import admit

ID_LENGTH = 36
Read = Callable[[Database, Context, UUID], Awaitable[Mapping[str, Any] | None]]


@dataclass(frozen=True, slots=True)
class HotReading:
    """The operation `GET prefix{id}`; `read` gives the members of its answer (with `version`), None where nothing is
    found."""

    prefix: str
    permission: Permission
    read: Read


class HotReadings:
    """ASGI middleware before the application's routes."""

    def __init__(self, app: ASGIApp, readings: Sequence[HotReading]) -> None:
        self._app = app
        self._readings = {(len(each.prefix) + ID_LENGTH, each.prefix): each for each in readings}
        self._encoder = msgspec.json.Encoder()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or let the application do it."""
        if scope["type"] == "http" and scope["method"] == "GET" and not scope["query_string"]:
            path: str = scope["path"]
            reading = self._readings.get((len(path), path[:-ID_LENGTH]))
            if reading is not None:
                found = await self._found(reading, path, scope, receive)
                if found is not None:
                    await _answer(send, self._encoder.encode(found), etag(found["version"]))
                    return
        await self._app(scope, receive, send)

    async def _found(self, reading: HotReading, path: str, scope: Scope, receive: Receive) -> Mapping[str, Any] | None:
        request = Request(scope, receive)
        try:
            wanted = UUID(path[-ID_LENGTH:])
            await admit(request, reading.permission)
            return await reading.read(request.app.state.database, request.state.context, wanted)
        except (Problem, ValueError):
            return None  # said by the ordinary operation, in its words


async def _answer(send: Send, body: bytes, tag: str) -> None:
    headers = [
        (b"content-length", str(len(body)).encode()),
        (b"content-type", b"application/json"),
        (b"etag", tag.encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
