"""The edge: what its exchanges share, and what it answers by itself (architecture.md, Gateway; T8)."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Mapping

import structlog

from gateway.edge import answers
from gateway.edge.body import NOTHING, Body
from gateway.edge.client import Client
from gateway.edge.exchange import Exchange
from gateway.edge.forward import Service
from gateway.edge.health import HealthDesk
from gateway.edge.inbound import Inbound
from gateway.edge.principals import Signer
from gateway.edge.rate import Bulkhead, Limiter
from gateway.edge.refusals import RefusalBuffer
from gateway.edge.stream import EdgeStream
from gateway.edge.tokens import TokenChecker
from kernel.errors import Problem

START_SECONDS = 3.0
"""How long callers wait for the first lease of an edge that starts; without a gateway they are refused after that."""

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
        streams: Bulkhead,
        https: bool,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self.stream = stream
        self.refusals = refusals
        self.tokens = tokens
        self.signer = signer
        self.services = services
        self.by_client = by_client
        self.by_address = by_address
        self.lanes = lanes
        self.streams = streams
        self.for_data = answers.secured(answers.FOR_DATA, https=https)
        self.for_pages = answers.secured(answers.FOR_PAGES, https=https)
        self.for_problems = [field for field in self.for_data if field[0] != b"cache-control"]
        self.wall = wall
        self.loop: asyncio.AbstractEventLoop
        self._health = HealthDesk(self)
        self._streaming: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Seek the gateway. An edge that is started again refuses nobody: callers wait in the socket's queue until it
        may serve."""
        self.loop = asyncio.get_running_loop()
        self._streaming = asyncio.create_task(self.stream.run())
        await self.stream.wait_for_first_lease(START_SECONDS)

    async def stop(self) -> None:
        """Let go of gateway and services."""
        tasks = [task for task in (self._streaming, *self._tasks) if task is not None]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
        for service in self.services.values():
            service.upstream.close()

    def begin(self, client: Client, request: Inbound, body: Body) -> None:
        """A request whose head is read."""
        if self._health.answers(client, request):
            return
        Exchange(self, client, request, body).begin()

    def refuse(self, client: Client, request: Inbound, problem: Problem) -> None:
        """A request that cannot be read."""
        Exchange(self, client, request, NOTHING).refuse(problem)

    def start_task(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        """Run it, held until it is done."""
        task = self.loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task
