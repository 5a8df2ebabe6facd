"""One exchange with a service: the request streamed in, the answer streamed out, within the deadline (T8)."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from gateway.edge.circuit import Circuit
from gateway.edge.connection import Connection, Late, UpstreamError
from gateway.edge.inbound import Inbound
from gateway.edge.pool import CONNECT_SECONDS, Crowded, Upstream
from kernel.errors import DeadlineExceeded, Problem, Text, TooLarge, Unavailable

Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
HeadFor = Callable[[bytes], bytes]

GATHER_LIMIT = 64 * 1024
"""Answers up to this size are taken whole before the first byte goes out: one write instead of two, and a
service that breaks in the middle still gets a proper problem."""
IDLE_SECONDS = 60.0
"""Longest silence within a streamed answer; event streams send a comment every 15 s."""
STALL_SECONDS = 60.0
"""Longest time in which a client must take a part of the answer; then it is gone."""

_REPEATABLE = frozenset({"GET", "PUT", "DELETE"})
_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})


class ClientGone(UpstreamError):
    """The client left, or did not send what it announced."""


class BodyTooLong(UpstreamError):
    """The body turned out longer than the operation's limit."""


class Service:
    """One service: its connections and its circuit."""

    def __init__(self, upstream: Upstream, circuit: Circuit) -> None:
        self.upstream = upstream
        self.circuit = circuit

    async def ask(
        self, request: Inbound, head_for: HeadFor, receive: Receive, *, body_limit: int, seconds: float
    ) -> "Answering":
        """Send the request and wait for the head of the answer.

        `head_for(framing lines)` makes the request's head. Raises: a `Problem` (413, 503, 504), or
        `ClientGone`.
        """
        deadline = asyncio.get_running_loop().time() + seconds
        if (request.length or 0) > body_limit:
            raise TooLarge
        body, more = b"", False
        if request.length != 0:
            body, more = await _first_part(receive, deadline)
            if len(body) > body_limit:
                raise TooLarge
        loop = asyncio.get_running_loop()
        if not self.circuit.admits(loop.time(), seconds + CONNECT_SECONDS):
            raise Unavailable(cause="circuit open")
        pump: asyncio.Task[None] | None = None
        connection: Connection | None = None
        try:
            if not more:
                framing = b"content-length: %d" % len(body) if body or request.method in _WITH_BODY else b""
                repeatable = request.method in _REPEATABLE or b"idempotency-key" in request.read
                connection = await self.upstream.send(
                    head_for(framing) + body, deadline=deadline, whole=True, repeatable=repeatable
                )
            else:
                framing = (
                    b"transfer-encoding: chunked" if request.length is None else b"content-length: %d" % request.length
                )
                connection = await self.upstream.send(
                    head_for(framing), deadline=deadline, whole=False, repeatable=False
                )
                pump = asyncio.create_task(_pump(connection, body, receive, request.length, body_limit))
                await connection.head(deadline)
        except BaseException as error:
            # A client that sends too much or too slowly says nothing about the service.
            ours = connection is not None and not connection.request_sent
            await _stop(pump)
            if connection is not None:
                self.upstream.give_back(connection)
            if isinstance(error, UpstreamError):
                if not ours and not isinstance(error, Crowded):
                    self.circuit.failed(loop.time())
                raise _problem(error) from error
            raise
        self.circuit.succeeded()
        return Answering(self.upstream, connection, pump, deadline)


class Answering:
    """An answer whose head is here. Always `close` it."""

    def __init__(
        self, upstream: Upstream, connection: Connection, pump: asyncio.Task[None] | None, deadline: float
    ) -> None:
        self._upstream = upstream
        self._connection = connection
        self._pump = pump
        self._deadline = deadline
        self._closed = False
        self.status = connection.status
        self.headers = connection.headers

    async def gathered(self) -> bytes | None:
        """The whole body when it is here or announced as short; None when it has to be streamed.

        Raises: a `Problem` when the service breaks within a short one."""
        connection = self._connection
        if connection.complete:
            return connection.whole()
        announced = next((int(value) for name, value in self.headers if name == b"content-length"), None)
        if announced is None or announced > GATHER_LIMIT:
            return None
        parts = []
        try:
            while part := await connection.chunk(max(self._deadline - asyncio.get_running_loop().time(), 0.0)):
                parts.append(part)
        except UpstreamError as error:
            raise _problem(error) from error
        return b"".join(parts)

    async def stream(self, receive: Receive, send: Send) -> None:
        """Send the body part by part, no faster than the client takes it. Raises: `UpstreamError`."""
        watch = None if self._pump else asyncio.create_task(_watch(receive, self._connection))
        try:
            while part := await self._connection.chunk(IDLE_SECONDS):
                async with asyncio.timeout(STALL_SECONDS):
                    await send({"type": "http.response.body", "body": part, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        except TimeoutError as error:
            raise ClientGone("the client does not read") from error
        finally:
            await _stop(watch)

    async def close(self) -> None:
        """Give the connection back, or close it when the exchange did not come to its end. Once only: given
        back, it is at work for another request."""
        if self._closed:
            return
        self._closed = True
        await _stop(self._pump)
        self._upstream.give_back(self._connection)


async def _first_part(receive: Receive, deadline: float) -> tuple[bytes, bool]:
    try:
        async with asyncio.timeout_at(deadline):
            message = await receive()
    except TimeoutError:
        raise DeadlineExceeded(Text("请求体未在时限内到达", "The body did not arrive in time.")) from None
    if message["type"] == "http.disconnect":
        raise ClientGone("the client left")
    return message.get("body", b""), message.get("more_body", False)


async def _pump(connection: Connection, body: bytes, receive: Receive, length: int | None, limit: int) -> None:
    """Write the body as it comes, chunked unless its length was announced; fails the exchange when it is
    wrong."""
    sent, more = 0, True
    try:
        while True:
            sent += len(body)
            if sent > limit or (length is not None and sent > length):
                connection.fail(BodyTooLong("over the limit"))
                return
            if body:
                await connection.write(body if length is not None else b"%x\r\n%b\r\n" % (len(body), body))
            if not more:
                break
            message = await receive()
            if message["type"] == "http.disconnect":
                connection.fail(ClientGone("the client left"))
                return
            body, more = message.get("body", b""), message.get("more_body", False)
        if length is None:
            await connection.write(b"0\r\n\r\n")
        elif sent != length:
            connection.fail(ClientGone("the body is shorter than announced"))
            return
        connection.sent_all()
    except UpstreamError:
        return  # whoever waits for the answer gets the same error


async def _watch(receive: Receive, connection: Connection) -> None:
    """End the exchange when the client leaves while its answer is streamed."""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            connection.fail(ClientGone("the client left"))
            return


async def _stop(task: asyncio.Task[None] | None) -> None:
    if task is not None and not task.done():
        task.cancel()
        await asyncio.wait([task])


def _problem(error: UpstreamError) -> Exception:
    if isinstance(error, ClientGone):
        return error
    made: Problem
    if isinstance(error, BodyTooLong):
        made = TooLarge()
    elif isinstance(error, Late):
        made = DeadlineExceeded(cause="service did not answer in time")
    else:
        made = Unavailable(cause=f"{type(error).__name__}: {error}")
    return made
