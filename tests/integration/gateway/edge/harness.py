"""A real edge, a real edge feed, and small real services, in one event loop."""

import asyncio
import contextlib
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
import uvicorn

from gateway.edge.app import Edge
from gateway.edge.main import create_app
from gateway.edge.rate import CLIENT_RATE, Rate
from gateway.edge.server import Server
from gateway.edgefeed.changes import Change
from gateway.edgefeed.messages import Refusal
from gateway.edgefeed.server import EdgeFeed
from kernel.access.principal import HEADER, Principal, verify
from kernel.config import ProcessConfig
from tests.unit.gateway.edge.factory import ISSUER, changes

EDGE_KEY = "aa" * 32
PRINCIPAL_KEY = "bb" * 32
PATIENCE_SECONDS = 10.0
"""How long a test waits for what must come; never the measure of anything."""
PLENTY = Rate("address", 100_000.0, 100_000.0)

App = Callable[[Any, Any, Any], Awaitable[None]]


class _Server(uvicorn.Server):
    """Without signal handlers: the test run keeps its own."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.asynccontextmanager
async def serving(app: App) -> AsyncIterator[int]:
    """Serve an ASGI application; yields its port."""
    config = uvicorn.Config(
        app,
        port=0,
        log_level="error",
        http="httptools",
        access_log=False,
        proxy_headers=False,
        timeout_graceful_shutdown=1,
    )
    server = _Server(config)
    task = asyncio.create_task(server.serve())
    await until(lambda: server.started or task.done())
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        await task


@contextlib.asynccontextmanager
async def serving_edge(edge: Edge) -> AsyncIterator[Server]:
    """Serve an edge."""
    server = Server(edge)
    await server.start(socket.create_server(("127.0.0.1", 0), backlog=2048))
    try:
        yield server
    finally:
        await server.stop(1.0)


async def until(true: Callable[[], Any]) -> None:
    """Wait until `true()`; fails when it does not come about."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not true():  # noqa: ASYNC110 -- the conditions are states of real sockets; nothing sets an event
            await asyncio.sleep(0.005)


@dataclass
class Service:
    """A service that remembers what reached it and answers as it is told."""

    status: int = 200
    headers: Sequence[tuple[bytes, bytes]] = ((b"content-type", b"application/json"),)
    body: bytes = b'{"ok":true}'
    seen: list[dict[str, Any]] = field(default_factory=list)
    handler: App | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        if self.handler is not None:
            await self.handler(scope, receive, send)
            return
        size, more = 0, True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            size += len(message.get("body", b""))
            more = message.get("more_body", False)
        self.remember(scope, size)
        length = (b"content-length", str(len(self.body)).encode())
        await send({"type": "http.response.start", "status": self.status, "headers": [*self.headers, length]})
        await send({"type": "http.response.body", "body": self.body})

    def remember(self, scope: Any, size: int) -> None:
        """Note a request."""
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        self.seen.append(
            {"method": scope["method"], "path": scope["path"], "headers": headers, "size": size, "scope": scope}
        )

    def principal(self, place: int = -1) -> Principal:
        """The principal of a request, verified as services do."""
        scope = self.seen[place]["scope"]
        return verify(
            self.seen[place]["headers"][HEADER.lower()],
            bytes.fromhex(PRINCIPAL_KEY),
            service="recruitment",
            method=scope["method"],
            path=scope["raw_path"].decode(),
            now=time.time(),
        )


@dataclass
class Stack:
    """What a test holds in its hands."""

    edge: Edge
    feed: EdgeFeed
    client: httpx.AsyncClient
    server: Server
    refusals: list[Refusal]
    facts: list[Change]

    @property
    def port(self) -> int:
        """Where the edge listens."""
        return self.server.port


@contextlib.asynccontextmanager
async def feed_of(facts: list[Change], refusals: list[Refusal], **options: Any) -> AsyncIterator[EdgeFeed]:
    """An edge feed that serves `facts`."""

    async def source() -> list[Change]:
        return facts

    async def refused(batch: Sequence[Refusal], dropped: int) -> None:
        refusals.extend(batch)

    feed = EdgeFeed(bytes.fromhex(EDGE_KEY), **options)
    feed.set_snapshot_source(source)
    feed.on_refusal(refused)
    await feed.start("127.0.0.1", 0)
    try:
        yield feed
    finally:
        await feed.stop()


def config_for(feed: EdgeFeed, upstreams: dict[str, str]) -> ProcessConfig:
    """Configuration of an edge before these services."""
    return ProcessConfig(
        process="edge",
        profile="development",
        issuer=ISSUER,
        edge_host="127.0.0.1",
        edge_port=feed.port,
        edge_key=EDGE_KEY,
        principal_keys=dict.fromkeys(upstreams, PRINCIPAL_KEY),
        upstreams=upstreams,
    )


@contextlib.asynccontextmanager
async def stack(
    upstream_port: int,
    *more: Change,
    client_rate: Rate = CLIENT_RATE,
    clock: Callable[[], float] | None = None,
    feed_options: dict[str, Any] | None = None,
) -> AsyncIterator[Stack]:
    """An edge that is ready, before one service at that port (which is the gateway, too)."""
    facts, refusals = changes(*more), list[Refusal]()
    url = f"http://127.0.0.1:{upstream_port}"
    async with feed_of(facts, refusals, **(feed_options or {"beat_seconds": 0.05})) as feed:
        extra = {"clock": clock} if clock is not None else {}
        edge = create_app(
            config_for(feed, {"recruitment": url, "gateway": url}),
            client_rate=client_rate,
            address_rate=PLENTY,
            **extra,
        )
        async with serving_edge(edge) as server:
            await until(lambda: edge.parts.stream.leased)
            url = f"http://127.0.0.1:{server.port}"
            async with httpx.AsyncClient(base_url=url, timeout=PATIENCE_SECONDS) as client:
                yield Stack(edge, feed, client, server, refusals, facts)
