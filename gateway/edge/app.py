"""The edge: what begins with a request, and what it answers by itself (architecture.md, Gateway; T8)."""

import asyncio

from gateway.edge.body import NOTHING, Body
from gateway.edge.client import Client
from gateway.edge.exchange import Exchange
from gateway.edge.health import HEALTH, HealthDesk
from gateway.edge.inbound import Inbound
from gateway.edge.parts import Parts
from kernel.errors import Problem

START_SECONDS = 3.0
"""How long callers wait for the first lease of an edge that starts; without a gateway they are refused after that."""


class Edge:
    """One edge process."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self._health = HealthDesk(parts)
        self._streaming: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Seek the gateway. An edge that is started again refuses nobody: callers wait in the socket's queue until it
        may serve."""
        self.parts.loop = asyncio.get_running_loop()
        self._streaming = asyncio.create_task(self.parts.stream.run())
        await self.parts.stream.wait_for_first_lease(START_SECONDS)

    async def stop(self) -> None:
        """Let go of gateway and services."""
        tasks = [task for task in (self._streaming, *self.parts.tasks) if task is not None]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
        for service in self.parts.services.values():
            service.upstream.close()

    def begin(self, client: Client, request: Inbound, body: Body) -> None:
        """A request whose head is read."""
        if request.path.startswith(HEALTH) and self._health.answers(client, request):
            return
        Exchange(self.parts, client, request, body).begin()

    def refuse(self, client: Client, request: Inbound, problem: Problem) -> None:
        """A request that cannot be read."""
        Exchange(self.parts, client, request, NOTHING).refuse(problem)
