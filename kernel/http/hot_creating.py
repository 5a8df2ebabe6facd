"""Hot makings: a POST that makes one row, answered before the framework looks for a route, in one trip to the database.

Only the plain good case is made here: key new, body right, everything as this process remembers it. It is committed
before it is answered, with the bytes and fields of the ordinary operation. Whatever else it is (a repetition, a
refusal, a database that does not answer), nothing was written, or nobody knows; the ordinary operation then judges and
answers, and the key keeps it from doing anything twice.
"""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from pydantic import BaseModel
from starlette.datastructures import State
from starlette.types import Message, Receive, Scope, Send

from kernel.access.permission import Permission
from kernel.context import Context
from kernel.db.table import TenantTable, closable_unit_columns
from kernel.events.outbox import CHANNEL, Act, entry
from kernel.http import idempotency
from kernel.http.etag import etag
from kernel.http.hot import attempt
from kernel.http.hot_statement import RECORDED, columns, statement
from kernel.http.router import BODY_LIMIT
from kernel.ids import new_id
from kernel.org.known import Known, Memory

JSON = b"application/json"


@dataclass(frozen=True, slots=True)
class Making:
    """What is to be made: a row of a table, all its columns but the tenant named, the answer with the row's `id`, and
    the act that is recorded."""

    table: type[TenantTable]
    row: Mapping[str, Any]
    view: BaseModel
    act: Act


@dataclass(frozen=True, slots=True)
class HotCreating:
    """The operation `POST path` (201, `creates=True`).

    `make` gives what one such request makes, from its checked body and what is known; None, or a refusal raised, where
    the ordinary operation has to look. It writes nothing.
    """

    path: str
    permission: Permission
    body: type[BaseModel]
    make: Callable[[Known, Any], Awaitable[Making | None]]


class HotCreatings:
    """Those of one service, before its application's routes."""

    def __init__(self, state: State, creatings: Sequence[HotCreating]) -> None:
        self._state = state
        self._creatings = {each.path: each for each in creatings}
        self._memory = Memory()

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> Receive | None:
        """Answer, then None; or what the application receives from, to do it itself."""
        creating = self._creatings.get(scope["path"])
        if creating is None or scope["query_string"]:
            return receive
        given = dict(reversed(scope["headers"]))  # of repeated fields the first counts
        if given.get(b"content-type") != JSON or not 0 < _length(given) <= BODY_LIMIT:
            return receive
        received: list[Message] = []
        body = await _read(receive, received)
        if body is None:
            return _again(received, receive)
        made = await attempt(
            self._state,
            scope,
            creating.permission,
            lambda context: self._made(creating, scope["path"], given, body, context),
        )
        if made is None:
            return _again(received, receive)
        headers, answer = made
        fields = [(b"content-length", str(len(answer)).encode()), *headers]
        await send({"type": "http.response.start", "status": 201, "headers": fields})
        await send({"type": "http.response.body", "body": answer})
        return None

    async def _made(
        self, creating: HotCreating, path: str, given: Mapping[bytes, bytes], body: bytes, context: Context
    ) -> tuple[list[tuple[bytes, bytes]], bytes] | None:
        key = idempotency.read_key(given.get(b"idempotency-key", b"").decode("latin-1"))
        print_ = idempotency.fingerprint("POST", path, body)
        known = Known(self._memory, self._state.database, context)
        making = await creating.make(known, creating.body.model_validate(json.loads(body)))
        if making is None or not _rests_on(known, making):
            return None
        headers, answer = _answer(creating.path, making)
        claim = _claim(context, creating.path, key, print_, headers, answer)
        return (headers, answer) if await self._stored(known, making, claim) else None

    async def _stored(self, known: Known, making: Making, claim: Sequence[object]) -> bool:
        database, context = self._state.database, known.context
        told = entry(context, new_id(), making.act)
        row = (making.row[each.name] for each in columns(making.table))
        arguments = (*claim, *known.arguments(), *row, *(told[name] for name in RECORDED))
        [found] = await database.fetch_folded(context, statement(making.table), *arguments, by_key=True)
        if not found["believed"]:
            known.forget()
        if found["made"]:
            database.bell.ring({(CHANNEL, "")})
        return bool(found["made"])


def _claim(
    context: Context, path: str, key: str, print_: str, headers: Sequence[tuple[bytes, bytes]], answer: bytes
) -> tuple[object, ...]:
    kept = {name.decode(): value.decode() for name, value in headers if name.decode() in idempotency.KEPT_HEADERS}
    actor = idempotency.actor_key(context.actor)
    return actor, path, key, print_, 201, msgspec.json.encode(kept).decode(), answer


def _answer(path: str, making: Making) -> tuple[list[tuple[bytes, bytes]], bytes]:
    headers = [(b"content-type", JSON), (b"cache-control", b"no-store")]
    version = getattr(making.view, "version", None)
    if isinstance(version, int):
        headers.append((b"etag", etag(version).encode()))
    headers.append((b"location", f"{path}/{getattr(making.view, 'id')}".encode()))  # noqa: B009 - of any view
    return headers, making.view.__pydantic_serializer__.to_json(making.view)


def _rests_on(known: Known, making: Making) -> bool:
    """Whether the statement will see that no unit which the row names is closed (`kernel.org.standing`)."""
    named = (making.row[name] for name in closable_unit_columns(making.table))
    return all(each is None or known.rests_on(each) for each in named)


def _length(given: Mapping[bytes, bytes]) -> int:
    said = given.get(b"content-length", b"")
    return int(said) if said.isdigit() else 0


async def _read(receive: Receive, received: list[Message]) -> bytes | None:
    """The body; None where the client went away. What came is noted in `received`."""
    body = b""
    more = True
    while more:
        message = await receive()
        received.append(message)
        if message["type"] != "http.request":
            return None
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


def _again(received: list[Message], receive: Receive) -> Receive:
    """Receive first what was received already."""

    async def receive_again() -> Message:
        return received.pop(0) if received else await receive()

    return receive_again
