"""Health at the edge: its own, by its lease, and that of every service, asked over the way that requests go.

No permission and no personal data: names of processes, and one word each.
"""

import asyncio

import orjson

from gateway.edge.client import Client
from gateway.edge.connection import UpstreamError
from gateway.edge.forward import Service
from gateway.edge.inbound import Inbound
from gateway.edge.parts import Parts

HEALTH = "/health/"
LIVE, READY, SERVICES = "/health/live", "/health/ready", "/health/services"
ASK_SECONDS = 2.0
"""A service that is well answers within milliseconds."""
FRESH_SECONDS = 1.0
"""However many ask, each service is asked once a second."""
_LINES = b"content-type: application/json\r\ncache-control: no-store\r\n"


class HealthDesk:
    """Answers the three paths."""

    def __init__(self, edge: Parts) -> None:
        self._edge = edge
        self._found: dict[str, str] = {}
        self._found_at = float("-inf")
        self._asking: asyncio.Task[None] | None = None

    def answers(self, client: Client, request: Inbound) -> bool:
        """Answer when it is about health and to be read; True when so."""
        if request.path not in (LIVE, READY, SERVICES) or request.method != "GET":
            return False
        if request.path == SERVICES:
            self._edge.start_task(self._of_all(client, request))
        else:
            ready = request.path == LIVE or self._edge.stream.leased
            word = "live" if request.path == LIVE else "ready" if ready else "failing"
            _say(client, request, ready, {"status": word})
        return True

    async def _of_all(self, client: Client, request: Inbound) -> None:
        if self._edge.loop.time() - self._found_at >= FRESH_SECONDS:
            if self._asking is None or self._asking.done():
                self._asking = self._edge.start_task(self._ask_all())
            await asyncio.wait([self._asking])
        leased = self._edge.stream.leased
        well = leased and all(word == "ready" for word in self._found.values())
        told = {"status": "ready" if well else "failing", "edge": "ready" if leased else "failing"}
        _say(client, request, well, told | {"services": self._found})

    async def _ask_all(self) -> None:
        services = self._edge.services
        words = await asyncio.gather(*(_word_of(service) for service in services.values()))
        self._found = dict(zip(services, words, strict=True))
        self._found_at = self._edge.loop.time()


async def _word_of(service: Service) -> str:
    """`ready`, `failing` (it says so itself) or `unreachable`. Its circuit is not asked, and not told."""
    upstream = service.upstream
    deadline = asyncio.get_running_loop().time() + ASK_SECONDS
    head = b"GET " + READY.encode() + b" HTTP/1.1\r\nhost: " + upstream.authority + b"\r\n\r\n"
    try:
        connection = await upstream.send(head, deadline=deadline, whole=True, repeatable=True)
    except UpstreamError:
        return "unreachable"
    status = connection.status
    try:
        while await connection.chunk(ASK_SECONDS):
            pass
    except UpstreamError:
        return "unreachable"
    finally:
        upstream.give_back(connection)
    return "ready" if status == 200 else "failing"


def _say(client: Client, request: Inbound, well: bool, told: dict[str, object]) -> None:
    content = orjson.dumps(told)
    if request.head_only:
        client.answer(200 if well else 503, _LINES + b"content-length: %d\r\n" % len(content), None)
    else:
        client.answer(200 if well else 503, _LINES, content)
