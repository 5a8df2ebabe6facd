"""One request from its first check to its answer (architecture.md, Gateway; T4, T5, T8, T9).

A request that is here whole, for a service with a free connection, goes its way without a task: decided, signed and
written at once, and answered from the callback of the connection. Everything else (a body still coming, no free
connection, a repetition, a long answer) takes a task. Both ways share every check and every word.
"""

import asyncio
from collections.abc import Coroutine

import structlog

from gateway.edge import answers, cors, forward, trace
from gateway.edge.admission import Admission, admit, allow, methods_at
from gateway.edge.body import NOTHING, Body, BodyBroken
from gateway.edge.client import Client, ClientGone
from gateway.edge.connection import Broken, Connection, UpstreamError
from gateway.edge.facts import Facts
from gateway.edge.headers import answer_lines, lines, request_head
from gateway.edge.inbound import Inbound
from gateway.edge.parts import Parts
from gateway.edge.rate import Limiter
from gateway.edge.refusals import Asker
from kernel.errors import Forbidden, Problem, TooLarge, TooManyRequests, Unauthenticated, Unavailable, places

_AUDITED = frozenset({401, 403, 404, 429})
_EVENTS = b"text/event-stream"

WATCH_SECONDS = 1.0
"""How long after its token or post ended a stream that is silent may stay open; nothing passes on it any more."""

log = structlog.get_logger(__name__)


class Exchange:
    """See the module. Made for one request, and done with it."""

    __slots__ = (
        "_admission", "_answered", "_asker", "_body", "_client", "_connection", "_deadline", "_edge", "_facts", "_lane",
        "_lanes", "_own", "_pump", "_request", "_request_id", "_service",
    )  # fmt: skip

    def __init__(self, edge: Parts, client: Client, request: Inbound, body: Body) -> None:
        self._edge, self._client, self._request, self._body = edge, client, request, body
        self._request_id = trace.request_id()
        self._own = b"x-request-id: %b\r\n" % self._request_id.encode()
        self._asker = Asker()
        self._facts = edge.stream.facts
        self._admission: Admission
        self._service: forward.Service
        self._connection: Connection | None = None
        self._pump: asyncio.Task[None] | None = None
        self._lanes = edge.lanes
        self._lane: object | None = None
        self._deadline = 0.0
        self._answered = False

    def begin(self) -> None:
        """Decide; then forward, or refuse."""
        try:
            admission = self._admitted()
            if admission is not None:
                self._forward(admission)
        except Problem as problem:
            self.refuse(problem)
            self._finish()
        except Exception as error:
            self._failed(error)

    def refuse(self, problem: Problem) -> None:
        """Answer with a problem."""
        request = self._request
        if problem.status in _AUDITED:
            self._report(problem.status)
        if problem.status >= 500:
            log.warning("refused", status=problem.status, template=self._asker.template, cause=str(problem))
        if self._answered:
            self._client.abort()
            return
        self._answered = True
        if self._facts is not None and (origin := request.read.get(b"origin")) and not self._has_cors():
            self._own += self._cors(origin, self._facts)
        extra = self._own + self._edge.for_problems
        answers.send_problem(
            self._client, problem, request.language, self._request_id, extra, head_only=request.head_only
        )

    # Deciding

    def _admitted(self) -> Admission | None:
        """Every check there is; None when it was answered here."""
        edge, request, asker, facts = self._edge, self._request, self._asker, self._facts
        if facts is None or not edge.stream.leased:
            raise Unavailable(cause="no lease from the gateway")
        methods = methods_at(request, facts)
        if request.method == "OPTIONS":
            self._options(facts, allow(methods) if methods is not None else None)
            return None
        try:
            admission = admit(request, methods, facts, edge.tokens, edge.wall(), asker)
        except Unauthenticated:
            # Guessing tokens costs the guesser; a good token is never slowed by it.
            self._limit(edge.by_address, request.address)
            raise
        self._limit(edge.by_client if admission.by_client else edge.by_address, admission.rate_key)
        if origin := request.read.get(b"origin"):
            self._own += self._cors(origin, facts, request.path if admission.caller is None else None)
        lane = (admission.lane, admission.route.service)
        if not edge.lanes.enter(lane):
            raise TooManyRequests(cause="too many requests of the tenant at once", headers={"Retry-After": "1"})
        self._lane = lane
        return admission

    def _limit(self, limiter: Limiter, key: object) -> None:
        verdict = limiter.take(key, self._edge.loop.time(), self._edge.stream.share)
        self._own += limiter.lines(verdict)
        if not verdict.allowed:
            raise TooManyRequests(headers={"Retry-After": str(verdict.retry_after)})

    def _cors(self, origin: bytes, facts: Facts, open_path: str | None = None) -> bytes:
        if open_path is not None and not open_path.startswith(cors.OPEN_TO_CLIENTS):
            return b""
        if cors.allowed(origin, facts, client_id=self._asker.client_id, tenant=self._asker.tenant):
            return lines(cors.answer(origin))
        return b"vary: Origin\r\n"

    def _has_cors(self) -> bool:
        """Whether the question of the origin is answered already; told twice, browsers believe neither."""
        return b"\r\nvary: " in self._own

    def _options(self, facts: Facts, allowed: str | None) -> None:
        """A preflight, or the plain question which methods a path has."""
        request = self._request
        methods = allowed or "GET, HEAD, OPTIONS, POST"
        self._limit(self._edge.by_address, request.address)
        origin = request.read.get(b"origin")
        if origin and b"access-control-request-method" in request.read:
            callable_ = allowed is not None or request.path.startswith(cors.OPEN_TO_CLIENTS)
            if not callable_ or not cors.allowed(origin, facts, client_id=None, tenant=None):
                raise Forbidden(cause="origin not registered")
            self._own += lines(cors.preflight(origin, methods.encode()))
        else:
            self._own += b"allow: %b\r\n" % methods.encode()
        self._answered = True
        self._client.answer(204, self._own, None)

    # Forwarding

    def _forward(self, admission: Admission) -> None:
        route = admission.route
        service = self._edge.services.get(route.service)
        if service is None:
            raise Unavailable(cause=f"no upstream for {route.service}")
        self._admission, self._service = admission, service
        body, now = self._body, self._edge.loop.time()
        self._deadline = now + route.deadline
        if body is not NOTHING and max(self._request.length or 0, body.held) > route.body_limit:
            raise TooLarge
        if body.complete:
            service.admits(now, route.deadline)
            connection = service.upstream.idle(now)
            if connection is not None:
                self._connection = connection
                asked = forward.whole_request(self._request, body, self._head)
                connection.ask(asked, self._deadline, self._on_answer)
                return
        self._edge.start_task(self._run(self._ask(fresh=False) if body.complete else self._gather()))

    def _head(self, framing: bytes) -> bytes:
        """The head of the request to the service, with this line of framing where it is not empty."""
        request, admission, edge = self._request, self._admission, self._edge
        traceparent, continues = trace.continued(request.read.get(b"traceparent"))
        own = [b"x-request-id: " + self._request_id.encode(), b"traceparent: " + traceparent.encode()]
        if request.address:
            own.append(b"x-forwarded-for: " + request.address.encode())
        if admission.caller is not None:
            line = edge.signer.line(request, admission, admission.caller, edge.wall(), self._request_id, traceparent)
            own.append(line)
        if framing:
            own.append(framing)
        target = admission.target + b"?" + request.query if request.query else admission.target
        authority, secrets = self._service.upstream.authority, admission.caller is None
        return request_head(request, target, authority, own, secrets=secrets, trace=continues)

    def _on_answer(self) -> None:
        """News from the connection of a request that went without a task."""
        connection = self._connection
        if connection is None:
            return
        try:
            error = connection.error
            if error is None and connection.complete:
                self._service.circuit.succeeded()
                self._answer(connection.whole())
            elif error is not None:
                self._without_answer(connection, error)
            elif connection.answering and not self._is_short(connection):
                self._service.circuit.succeeded()
                connection.on_answer = None
                self._edge.start_task(self._run(self._reply(connection)))
        except Problem as problem:
            self.refuse(problem)
            self._finish()
        except Exception as unexpected:
            self._failed(unexpected)

    def _is_short(self, connection: Connection) -> bool:
        length = forward.announced(connection)
        return length is not None and length <= forward.GATHER_LIMIT

    def _without_answer(self, connection: Connection, error: UpstreamError) -> None:
        self._give_back()
        if isinstance(error, Broken) and error.untouched and forward.repeatable(self._request):
            self._edge.start_task(self._run(self._ask(fresh=True)))
            return
        if not connection.answering:
            self._service.failed(error)
        raise forward.as_problem(error) from error

    async def _run(self, work: Coroutine[None, None, None]) -> None:
        """The way with a task."""
        try:
            await work
        except Problem as problem:
            self.refuse(problem)
        except (UpstreamError, ClientGone, BodyBroken) as error:
            # The answer had begun, or the client is gone: closing the connection is all that can be said.
            log.info("exchange ended early", template=self._asker.template, reason=type(error).__name__)
            self._client.abort()
        except Exception as error:
            self._failed(error)
        finally:
            await forward.stop(self._pump)
            self._finish()

    async def _gather(self) -> None:
        """The body first, as far as it is short."""
        route = self._admission.route
        await forward.gather_request(self._client, self._body, route.body_limit, self._deadline)
        self._service.admits(self._edge.loop.time(), route.deadline)
        await self._ask(fresh=False)

    async def _ask(self, *, fresh: bool) -> None:
        connection, self._pump = await self._service.ask(
            self._request,
            self._body,
            self._head,
            limit=self._admission.route.body_limit,
            deadline=self._deadline,
            fresh=fresh,
        )
        self._connection = connection
        await self._reply(connection)

    async def _reply(self, connection: Connection) -> None:
        try:
            content = b"" if self._request.head_only else await forward.gather_answer(connection, self._deadline)
        except UpstreamError as error:
            raise forward.as_problem(error) from error
        if content is not None:
            self._answer(content)
            return
        told = self._lines(connection)
        events = any(field[:2] == (b"content-type", _EVENTS) for field in connection.fields)
        if events:
            self._leave_the_lane_for_events(connection)
        self._answered = True
        self._client.start(connection.status, told, forward.announced(connection))
        if not events:
            await forward.stream_answer(connection, self._client)
            return
        watch = self._edge.start_task(self._watch(connection))
        try:
            await forward.stream_answer(connection, self._client, self._goes_on)
        finally:
            await forward.stop(watch)

    async def _watch(self, connection: Connection) -> None:
        """End a stream of events that falls silent as well, once whoever opened it may not go on."""
        while not await self._edge.ends_within(WATCH_SECONDS) and self._goes_on():
            pass
        connection.fail(forward.Over("may not go on"))

    def _goes_on(self) -> bool:
        """Whether the stream would be opened again, for the same caller in the same post: tokens end, posts move."""
        edge, facts, given = self._edge, self._edge.stream.facts, self._admission.caller
        if facts is None or given is None or not edge.stream.leased or edge.ending.is_set():
            return False
        try:
            methods = methods_at(self._request, facts)
            now = admit(self._request, methods, facts, edge.tokens, edge.wall(), Asker())
        except Problem:
            return False
        return now.caller == given and now.route.permission == self._admission.route.permission

    def _leave_the_lane_for_events(self, connection: Connection) -> None:
        """A stream of events takes no place of requests, whether of the tenant or of the service; it has its own."""
        streams = self._edge.streams
        if not streams.enter(self._lane):
            raise TooManyRequests(cause="too many streams of the tenant", headers={"Retry-After": "60"})
        self._lanes.leave(self._lane)
        self._lanes = streams
        self._service.upstream.release(connection)

    def _answer(self, content: bytes) -> None:
        """Answer whole."""
        connection = self._connection
        assert connection is not None  # noqa: S101 -- it has just answered
        told, status = self._lines(connection), connection.status
        if self._request.head_only:
            length = forward.announced(connection)
            told += b"content-length: %d\r\n" % (len(content) if length is None else length)
        if self._pump is None:
            # Free for the next before this client has read its answer.
            self._give_back()
        self._answered = True
        self._client.answer(status, told, None if self._request.head_only else content)
        if self._pump is None:
            self._finish()

    def _lines(self, connection: Connection) -> bytes:
        template, admission = self._asker.template, self._admission
        # A public page without an id has nothing to be guessed; for all else the id may stand in the body.
        if connection.status in _AUDITED and template and ("{" in template or admission.caller is not None):
            self._report(connection.status)
        defaults = self._edge.for_pages if admission.caller is None else self._edge.for_data
        return answer_lines(connection.fields, self._own, defaults)

    # The end

    def _report(self, status: int) -> None:
        """A refusal on an operation, for the audit; unknown paths are noise, and may hold anything."""
        if self._asker.template is not None:
            self._edge.refusals.add(
                self._asker,
                status=status,
                method=self._request.method,
                request_id=self._request_id,
                address=self._request.address,
            )

    def _failed(self, error: Exception) -> None:
        """A defect of ours: say so, and keep serving."""
        log.error("exchange failed", error=type(error).__name__, places=places(error))
        self.refuse(Problem(cause=type(error).__name__))
        self._finish()

    def _give_back(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            self._service.upstream.give_back(connection)

    def _finish(self) -> None:
        """Whatever happened, what was taken is given back. Once only."""
        if self._connection is not None:
            self._give_back()
        lane, self._lane = self._lane, None
        if lane is not None:
            self._lanes.leave(lane)
