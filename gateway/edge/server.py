"""The edge's own HTTP/1.1 server: it listens, keeps the time of its clients, and ends in order.

Between the socket and the checks of the edge stands nothing but `Client`: a general server and the ASGI messages cost
more than all the checks together (docs/performance.md), and their parser is more lenient than ours may be.
"""

import asyncio
import contextlib
import gc
import signal
import socket
import time
from email.utils import formatdate

from gateway.edge.app import Edge
from gateway.edge.client import Client

CLIENTS = 10_000
"""Connections at a time, some 10 KB each."""
TICK_SECONDS = 1.0
"""How exactly clients' times are kept."""


class Server:
    """Serves one edge on one socket."""

    def __init__(self, edge: Edge) -> None:
        self.edge = edge
        self.now = 0.0
        """Seconds of the loop's clock, as exact as a tick."""
        self.date = b""
        """The Date field, as a line."""
        self._clients: set[Client] = set()
        self._ending = False
        self._empty = asyncio.Event()
        self._ticking: asyncio.TimerHandle | None = None
        self._listening: asyncio.Server | None = None

    @property
    def port(self) -> int:
        """Where it listens. Raises: `RuntimeError` before it does."""
        if self._listening is None:
            raise RuntimeError("the server is not started")
        return int(self._listening.sockets[0].getsockname()[1])

    async def start(self, listening: socket.socket) -> None:
        """Be ready, then accept."""
        self._tick()
        await self.edge.start()
        loop = asyncio.get_running_loop()
        self._listening = await loop.create_server(lambda: Client(self), sock=listening)

    async def stop(self, grace_seconds: float) -> None:
        """Accept no more, answer what is under way, end."""
        self._ending = True
        self.edge.parts.ending.set()
        if self._listening is not None:
            self._listening.close()
        for client in list(self._clients):
            client.close_when_idle()
        if self._clients:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(grace_seconds):
                    await self._empty.wait()
        for client in list(self._clients):
            client.abort()
        if self._ticking is not None:
            self._ticking.cancel()
        await self.edge.stop()

    def entered(self, client: Client) -> None:
        """A connection was made."""
        if self._ending or len(self._clients) >= CLIENTS:
            client.abort()
        else:
            self._clients.add(client)

    def left(self, client: Client) -> None:
        """A connection is gone."""
        self._clients.discard(client)
        if self._ending and not self._clients:
            self._empty.set()

    def _tick(self) -> None:
        loop = asyncio.get_running_loop()
        self.now = loop.time()
        self.date = f"date: {formatdate(time.time(), usegmt=True)}\r\n".encode()
        for client in [each for each in self._clients if each.closes_at <= self.now]:
            client.abort()
        self._ticking = loop.call_later(TICK_SECONDS, self._tick)


async def run(edge: Edge, listening: socket.socket, grace_seconds: float) -> None:
    """Serve until SIGTERM or SIGINT."""
    loop, asked = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, asked.set)
    server = Server(edge)
    await server.start(listening)
    # What is here now (the program, the facts) lives on; looking through it again and again would cost every caller.
    gc.collect()
    gc.freeze()
    await asked.wait()
    await server.stop(grace_seconds)
