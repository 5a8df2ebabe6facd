"""The six applications: where they are made, and how one is served on a socket."""

import asyncio
import gc
import importlib
import socket
import sys
from collections.abc import Callable, Iterator
from typing import Any

import uvicorn
import uvloop

from deploy.cli.supervisor.logs import configure_logs
from gateway.edge import server as edge_server
from gateway.edge.app import Edge
from kernel.config import DATABASES, PROCESSES, SERVICES, Process, ProcessConfig

FACTORIES: dict[str, str] = {
    "edge": "gateway.edge.main",
    "gateway": "gateway.main",
    **{service: f"services.{service}.service" for service in SERVICES},
}
"""By process: the module whose `create_app(config)` makes its application (ASGI, but for the edge)."""
EDGE_GRACE_SECONDS = 3
"""How long open requests may still take when a process is told to end; the edge is told first."""
GRACE_SECONDS = 4
YOUNG_OBJECTS = 20_000
"""Made and not freed before the garbage collector looks at the youngest."""


def importing() -> Iterator[Process]:
    """Import the applications one by one, so that the forked children have nothing to import; each as it is there.

    Those with a database come first: their migrations may run while the others are imported.
    """
    for process in (*DATABASES, *(each for each in PROCESSES if each not in DATABASES)):
        # What is imported stays: to search it for garbage again and again takes a fifth of the time.
        gc.disable()
        try:
            factory(process)
        finally:
            gc.enable()
        yield process


def factory(process: Process) -> Callable[[ProcessConfig], Any]:
    """The function that makes the application of a process."""
    made: Callable[[ProcessConfig], Any] = importlib.import_module(FACTORIES[process]).create_app
    return made


def serve(config: ProcessConfig, server: socket.socket) -> None:
    """Make the application and serve it until SIGTERM or SIGINT. Exits non-zero when it cannot start."""
    if config.process == "edge":
        serve_edge(factory("edge")(config), server)
        return
    configure_logs()
    # A request leaves few cycles behind and makes thousands of objects: the usual 700 has every one of them searched.
    gc.set_threshold(YOUNG_OBJECTS)
    running = _Server(
        uvicorn.Config(
            factory(config.process)(config),
            loop="uvloop",
            http="httptools",
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
    )
    running.run(sockets=[server])
    if not running.started:
        sys.exit(3)


class _Server(uvicorn.Server):
    """Lets streams of events end before it waits for open answers."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """As uvicorn does, after the application was told."""
        app: Any = self.config.app
        for tell in app.state.at_end:
            tell()
        await super().shutdown(sockets)


def serve_edge(edge: Edge, server: socket.socket) -> None:
    """Serve the edge until SIGTERM or SIGINT, by its own server."""
    configure_logs()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(edge_server.run(edge, server, EDGE_GRACE_SECONDS))
