"""Hot readings: one record by its id, answered before the framework looks for a route, in one trip to the database.

Only the plain good case is answered here, with the bytes and fields that the ordinary operation gives. Whatever else it
is (a query, another spelling of the id, a refusal, nothing found, a database that does not answer), the ordinary
operation judges and answers it.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

import msgspec
import structlog
from starlette.datastructures import State
from starlette.responses import Response
from starlette.types import Scope, Send

from kernel.access.permission import Permission
from kernel.access.principal import HEADER
from kernel.context import Context
from kernel.db.transaction import Database
from kernel.errors import Problem, Unavailable, places
from kernel.http.etag import etag
from kernel.http.problems import answer
from kernel.http.router import allow, identify

log = structlog.get_logger("http")
ID_LENGTH = 36
PRINCIPAL = HEADER.lower().encode()
T = TypeVar("T")
Read = Callable[[Database, Context, UUID], Awaitable[Mapping[str, Any] | None]]


@dataclass(frozen=True, slots=True)
class HotReading:
    """The operation `GET prefix{id}`; `read` gives the members of its answer (with `version`), None where nothing is
    found."""

    prefix: str
    permission: Permission
    read: Read


class HotReadings:
    """Those of one service, before its application's routes."""

    def __init__(self, state: State, readings: Sequence[HotReading]) -> None:
        self._state = state
        self._readings = {(len(each.prefix) + ID_LENGTH, each.prefix): each for each in readings}
        self._encoder = msgspec.json.Encoder()

    async def answer(self, scope: Scope, send: Send) -> bool:
        """Answer, or say that the application must."""
        path: str = scope["path"]
        reading = self._readings.get((len(path), path[:-ID_LENGTH]))
        if reading is None or scope["query_string"]:
            return False
        read, database = reading.read, self._state.database
        found = await attempt(
            self._state, scope, reading.permission, lambda context: read(database, context, UUID(path[-ID_LENGTH:]))
        )
        if found is None:
            return False
        await _answer(send, self._encoder.encode(found), etag(found["version"]))
        return True


async def attempt(
    state: State, scope: Scope, permission: Permission, work: Callable[[Context], Awaitable[T | None]]
) -> T | None:
    """`work` for whoever asks and may; None where the ordinary operation has to judge the request, in its words."""
    context = None
    try:
        header = next((value for name, value in scope["headers"] if name == PRINCIPAL), None)
        signed = None if header is None else header.decode("latin-1")
        principal = identify(state, scope["method"], scope["raw_path"], signed)
        context = principal.context()
        await allow(state, principal, context, permission)
        return await work(context)
    except Unavailable as refused:
        if refused.waited and context is not None:
            raise Crowded(context, refused) from refused
        return None
    except (Problem, ValueError):
        return None
    except Exception as error:
        log.error("bug", permission=permission.name, error=type(error).__name__, places=places(error))
        return None


class Crowded(Exception):
    """The request stood in line for the database for nothing. The ordinary operation would stand there again, and make
    the line longer; it is answered at once, in the same words."""

    def __init__(self, context: Context, refused: Unavailable) -> None:
        super().__init__("crowded")
        self.context = context
        self.refused = refused

    def response(self) -> Response:
        """The answer."""
        log.error("problem", name=self.refused.name, cause=str(self.refused), path="-")
        return answer(self.refused, self.context.language, self.context.request_id)


async def _answer(send: Send, body: bytes, tag: str) -> None:
    headers = [
        (b"content-length", str(len(body)).encode()),
        (b"content-type", b"application/json"),
        (b"etag", tag.encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
