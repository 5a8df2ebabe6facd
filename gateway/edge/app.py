"""The edge as an ASGI application: check, decide, sign, forward (architecture.md, Gateway; T4, T5, T8,
T9)."""

import asyncio
import time
from collections.abc import Callable, Mapping, MutableMapping
from typing import Any

import structlog

from gateway.edge import answers, cors, trace
from gateway.edge.admission import Admission, admit, allow, methods_at
from gateway.edge.answers import Headers, Send
from gateway.edge.connection import UpstreamError
from gateway.edge.facts import Facts
from gateway.edge.forward import Receive, Service
from gateway.edge.headers import answer_headers, request_head
from gateway.edge.inbound import Inbound
from gateway.edge.principals import Signer
from gateway.edge.rate import Bulkhead, Limiter
from gateway.edge.refusals import Asker, RefusalBuffer
from gateway.edge.stream import EdgeStream
from gateway.edge.tokens import TokenChecker
from kernel.errors import Forbidden, Problem, TooManyRequests, Unauthenticated, Unavailable
from kernel.ids import new_id

LIVE, READY = "/health/live", "/health/ready"
START_SECONDS = 3.0
"""How long callers wait for the first lease of an edge that starts; without a gateway they are refused after that."""
_AUDITED = frozenset({401, 403, 404, 429})

log = structlog.get_logger(__name__)


class Edge:
    """One edge process. Its parts are made in `main.create_app`."""

    def __init__(
        self,
        *,
        stream: EdgeStream,
        refusals: RefusalBuffer,
        tokens: TokenChecker,
        signer: Signer,
        services: Mapping[str, Service],
        by_client: Limiter,
        by_address: Limiter,
        lanes: Bulkhead,
        https: bool,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self.stream = stream
        self._refusals = refusals
        self._tokens = tokens
        self._signer = signer
        self._services = services
        self._by_client = by_client
        self._by_address = by_address
        self._lanes = lanes
        self._for_data = answers.secured(answers.FOR_DATA, https=https)
        self._for_pages = answers.secured(answers.FOR_PAGES, https=https)
        self._wall = wall

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """ASGI: HTTP and lifespan; a web socket is refused."""
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008})

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        stream = asyncio.create_task(self.stream.run())
        # An edge that is started again refuses nobody: callers wait in the socket's queue until it may serve.
        await self.stream.wait_for_first_lease(START_SECONDS)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        stream.cancel()
        await asyncio.wait([stream])
        for service in self._services.values():
            service.upstream.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _http(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        request, asker, request_id = Inbound(scope), Asker(), str(new_id())
        own: Headers = [(b"x-request-id", request_id.encode())]
        facts = self.stream.facts
        try:
            if scope["path"] in (LIVE, READY):
                await self._health(scope["path"], send)
                return
            request.check()
            if facts is None or not self.stream.leased:
                raise Unavailable(cause="no lease from the gateway")
            await self._serve(request, facts, asker, request_id, own, receive, send)
        except Problem as problem:
            self._report(problem.status, request, asker, request_id)
            if problem.status >= 500:
                log.warning("refused", status=problem.status, template=asker.template, cause=str(problem))
            if facts is not None and (origin := request.read.get(b"origin")):
                own += self._cors(origin, facts, asker)
            extra = own + [field for field in self._for_data if field[0] != b"cache-control"]
            await answers.send_problem(send, problem, request.language, request_id, extra, head_only=request.head_only)
        except UpstreamError as error:
            # The answer had begun, or the client is gone: closing the connection is all that can be said.
            log.info("exchange ended early", template=asker.template, reason=type(error).__name__)

    async def _serve(
        self,
        request: Inbound,
        facts: Facts,
        asker: Asker,
        request_id: str,
        own: Headers,
        receive: Receive,
        send: Send,
    ) -> None:
        methods = methods_at(request, facts)
        if request.method == "OPTIONS":
            await self._options(request, facts, allow(methods) if methods is not None else None, own, send)
            return
        try:
            admission = admit(request, methods, facts, self._tokens, self._wall(), asker)
        except Unauthenticated:
            # Guessing tokens costs the guesser; a good token is never slowed by it.
            self._limit(self._by_address, request.address, own)
            raise
        self._limit(self._by_client if admission.by_client else self._by_address, admission.rate_key, own)
        if origin := request.read.get(b"origin"):
            own += self._cors(origin, facts, asker, request.path if admission.principal is None else None)
        lane = (admission.lane, admission.service)
        if not self._lanes.enter(lane):
            raise TooManyRequests(cause="too many requests of the tenant at once", headers={"Retry-After": "1"})
        try:
            await self._forward(request, admission, asker, request_id, own, receive, send)
        finally:
            self._lanes.leave(lane)

    async def _forward(
        self,
        request: Inbound,
        admission: Admission,
        asker: Asker,
        request_id: str,
        own: Headers,
        receive: Receive,
        send: Send,
    ) -> None:
        service = self._services.get(admission.service)
        if service is None:
            raise Unavailable(cause=f"no upstream for {admission.service}")
        head = self._head(request, admission, request_id, service.upstream.authority)
        answer = await service.ask(request, head, receive, body_limit=admission.body_limit, seconds=admission.deadline)
        try:
            # A public page without an id has nothing to be guessed; for all else the id may stand in the body.
            if asker.template and ("{" in asker.template or admission.principal is not None):
                self._report(answer.status, request, asker, request_id)
            defaults = self._for_pages if admission.principal is None else self._for_data
            body = b"" if request.head_only else await answer.gathered()
            headers = answer_headers(answer.headers, own, defaults)
            if body and not any(name == b"content-length" for name, _ in headers):
                headers.append((b"content-length", b"%d" % len(body)))
            if body is not None:
                # Free for the next before this client has read its answer.
                await answer.close()
            await send({"type": "http.response.start", "status": answer.status, "headers": headers})
            if body is None:
                await answer.stream(receive, send)
            else:
                await send({"type": "http.response.body", "body": body})
        finally:
            await answer.close()

    def _head(
        self, request: Inbound, admission: Admission, request_id: str, authority: bytes
    ) -> Callable[[bytes], bytes]:
        traceparent, continues = trace.continued(request.read.get(b"traceparent"))
        own = [b"x-request-id: " + request_id.encode(), b"traceparent: " + traceparent.encode()]
        if request.address:
            own.append(b"x-forwarded-for: " + request.address.encode())
        if admission.principal is not None:
            own.append(self._signer.line(request, admission, self._wall(), request_id, traceparent))
        target = admission.target + b"?" + request.query if request.query else admission.target
        secrets = admission.principal is None

        def head(framing: bytes) -> bytes:
            lines = [*own, framing] if framing else own
            return request_head(request, target, authority, lines, secrets=secrets, trace=continues)

        return head

    def _limit(self, limiter: Limiter, key: object, own: Headers) -> None:
        now = asyncio.get_running_loop().time()
        verdict = limiter.take(key, now, 1.0 / self.stream.edges)
        own += answers.rate_fields(limiter.rate.name, limiter.policy, verdict)
        if not verdict.allowed:
            raise TooManyRequests(headers={"Retry-After": str(verdict.retry_after)})

    def _cors(self, origin: bytes, facts: Facts, asker: Asker, open_path: str | None = None) -> Headers:
        if open_path is not None and not open_path.startswith(cors.OPEN_TO_CLIENTS):
            return []
        if cors.allowed(origin, facts, client_id=asker.client_id, tenant=asker.tenant):
            return cors.answer(origin)
        return [(b"vary", b"Origin")]

    async def _options(self, request: Inbound, facts: Facts, allowed: str | None, own: Headers, send: Send) -> None:
        """A preflight, or the plain question which methods a path has."""
        methods = allowed or "GET, HEAD, OPTIONS, POST"
        self._limit(self._by_address, request.address, own)
        origin = request.read.get(b"origin")
        if origin and b"access-control-request-method" in request.read:
            callable_ = allowed is not None or request.path.startswith(cors.OPEN_TO_CLIENTS)
            if not callable_ or not cors.allowed(origin, facts, client_id=None, tenant=None):
                raise Forbidden(cause="origin not registered")
            own += cors.preflight(origin, methods.encode())
        else:
            own.append((b"allow", methods.encode()))
        await answers.send_whole(send, 204, own, b"")

    async def _health(self, path: str, send: Send) -> None:
        ready = path == LIVE or self.stream.leased
        word = b"live" if path == LIVE else b"ready" if ready else b"failing"
        headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
        await answers.send_whole(send, 200 if ready else 503, headers, b'{"status":"%b"}' % word)

    def _report(self, status: int, request: Inbound, asker: Asker, request_id: str) -> None:
        """A refusal on an operation, for the audit; unknown paths are noise, and may hold anything."""
        if status in _AUDITED and asker.template is not None:
            self._refusals.add(
                asker, status=status, method=request.method, request_id=request_id, address=request.address
            )
