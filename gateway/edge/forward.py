"""One exchange with a service: the request streamed in, the answer streamed out, within the deadline (T8)."""

import asyncio
from collections.abc import Callable

from gateway.edge.body import NOTHING, Body, BodyBroken
from gateway.edge.circuit import Circuit
from gateway.edge.client import Client, ClientGone
from gateway.edge.connection import Connection, Late, UpstreamError
from gateway.edge.inbound import Inbound
from gateway.edge.pool import CONNECT_SECONDS, Crowded, Upstream
from kernel.errors import DeadlineExceeded, Problem, Text, TooLarge, Unavailable

HeadFor = Callable[[bytes], bytes]

GATHER_LIMIT = 64 * 1024
"""Bodies up to this size are taken whole before the first byte goes out, both ways: one write instead of two, a
request that can be repeated, and a service that breaks in the middle still gets a proper problem."""
IDLE_SECONDS = 60.0
"""Longest silence within a streamed answer; event streams send a comment every 15 s."""
STALL_SECONDS = 60.0
"""Longest time in which a client must take a part of the answer; then it is gone."""

_REPEATABLE = frozenset({"GET", "PUT", "DELETE"})
_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})


class Abandoned(UpstreamError):
    """The client left, or did not send what it announced; nothing is wrong with the service."""


class Over(UpstreamError):
    """Whoever opened a stream of events may not go on with it: it ends, complete."""


class BodyTooLong(UpstreamError):
    """The body turned out longer than the operation's limit."""


class Service:
    """One service: its connections and its circuit."""

    def __init__(self, upstream: Upstream, circuit: Circuit) -> None:
        self.upstream = upstream
        self.circuit = circuit

    def admits(self, now: float, seconds: float) -> None:
        """Raises: `Unavailable` while the circuit is open."""
        if not self.circuit.admits(now, seconds + CONNECT_SECONDS):
            raise Unavailable(cause="circuit open")

    async def ask(
        self,
        request: Inbound,
        body: Body,
        head_for: HeadFor,
        *,
        limit: int,
        deadline: float,
        fresh: bool,
    ) -> tuple[Connection, asyncio.Task[None] | None]:
        """Send the request and wait for the head of the answer; `body` has been gathered and the circuit asked.

        `head_for(framing line)` makes the request's head. Returns the connection, and the task that still writes
        the request. Raises: a `Problem` (413, 503, 504), `Abandoned`.
        """
        pump: asyncio.Task[None] | None = None
        connection: Connection | None = None
        try:
            if body.complete:
                connection = await self.upstream.send(
                    whole_request(request, body, head_for),
                    deadline=deadline,
                    whole=True,
                    repeatable=repeatable(request),
                    fresh=fresh,
                )
            else:
                chunked = request.length is None
                framing = b"transfer-encoding: chunked" if chunked else b"content-length: %d" % (request.length or 0)
                connection = await self.upstream.send(
                    head_for(framing), deadline=deadline, whole=False, repeatable=False
                )
                pump = asyncio.create_task(_pump(connection, body, limit, chunked=chunked))
                await connection.head(deadline)
        except BaseException as error:
            # A client that sends too much or too slowly says nothing about the service.
            ours = connection is not None and not connection.request_sent
            await stop(pump)
            if connection is not None:
                self.upstream.give_back(connection)
            if isinstance(error, UpstreamError):
                if not ours:
                    self.failed(error)
                raise as_problem(error) from error
            raise
        self.circuit.succeeded()
        return connection, pump

    def failed(self, error: UpstreamError) -> None:
        """Count it against the service, unless it was the crowd before it or the client."""
        if not isinstance(error, Crowded | Abandoned):
            self.circuit.failed(asyncio.get_running_loop().time())


def repeatable(request: Inbound) -> bool:
    """Whether the request may be sent twice."""
    return request.method in _REPEATABLE or b"idempotency-key" in request.read


def whole_request(request: Inbound, body: Body, head_for: HeadFor) -> bytes:
    """Head and body, when the body is complete."""
    content = b"" if body is NOTHING else body.whole()
    if content or request.method in _WITH_BODY:
        return head_for(b"content-length: %d" % len(content)) + content
    return head_for(b"")


async def gather_request(client: Client, body: Body, limit: int, deadline: float) -> None:
    """Have a short body here whole, and the beginning of a long one. Raises: `TooLarge`, `DeadlineExceeded`,
    `BodyBroken`."""
    client.invite()
    try:
        async with asyncio.timeout_at(deadline):
            await body.gather(min(GATHER_LIMIT, limit))
    except TimeoutError:
        raise DeadlineExceeded(Text("请求体未在时限内到达", "The body did not arrive in time.")) from None
    if body.held > limit:
        raise TooLarge


def announced(connection: Connection) -> int | None:
    """The length of the answer's body as its head says."""
    return next((int(value) for name, value, _ in connection.fields if name == b"content-length"), None)


async def gather_answer(connection: Connection, deadline: float) -> bytes | None:
    """The whole body when it is here or announced as short; None when it has to be streamed. Raises:
    `UpstreamError`."""
    if connection.complete:
        return connection.whole()
    length = announced(connection)
    if length is None or length > GATHER_LIMIT:
        return None
    parts = []
    while part := await connection.chunk(max(deadline - asyncio.get_running_loop().time(), 0.0)):
        parts.append(part)
    return b"".join(parts)


async def stream_answer(connection: Connection, client: Client, goes_on: Callable[[], bool] = lambda: True) -> None:
    """Send the body part by part, no faster than the client takes it, as long as it `goes_on`. Raises: `UpstreamError`,
    `ClientGone`."""
    client.on_gone = lambda: connection.fail(Abandoned("the client left"))
    try:
        while (part := await connection.chunk(IDLE_SECONDS)) and goes_on():
            async with asyncio.timeout(STALL_SECONDS):
                await client.part(part)
    except Over:
        pass  # told by the end of the answer
    except TimeoutError as error:
        raise ClientGone("the client does not read") from error
    finally:
        client.on_gone = None
    client.end()


async def _pump(connection: Connection, body: Body, limit: int, *, chunked: bool) -> None:
    """Write the body as it comes; fails the exchange when it is wrong."""
    sent = 0
    try:
        while part := await body.next():
            sent += len(part)
            if sent > limit:
                connection.fail(BodyTooLong("over the limit"))
                return
            await connection.write(b"%x\r\n%b\r\n" % (len(part), part) if chunked else part)
        if chunked:
            await connection.write(b"0\r\n\r\n")
        connection.sent_all()
    except BodyBroken:
        connection.fail(Abandoned("the client left within the body"))
    except UpstreamError:
        return  # whoever waits for the answer gets the same error


async def stop(task: asyncio.Task[None] | None) -> None:
    """Cancel it and wait for its end."""
    if task is not None and not task.done():
        task.cancel()
        await asyncio.wait([task])


def as_problem(error: UpstreamError) -> Exception:
    """What the client is told; `Abandoned` itself when there is nobody to tell."""
    if isinstance(error, Abandoned):
        return error
    made: Problem
    if isinstance(error, BodyTooLong):
        made = TooLarge()
    elif isinstance(error, Late):
        made = DeadlineExceeded(cause="service did not answer in time")
    else:
        made = Unavailable(cause=f"{type(error).__name__}: {error}")
    return made
