"""What all exchanges of one edge share."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Mapping

from gateway.edge import answers
from gateway.edge.forward import Service
from gateway.edge.principals import Signer
from gateway.edge.rate import Bulkhead, Limiter
from gateway.edge.refusals import RefusalBuffer
from gateway.edge.stream import EdgeStream
from gateway.edge.tokens import TokenChecker


class Parts:
    """Made in `main.create_app`."""

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
        self.for_problems = b"".join(line for name, line in self.for_data.items() if name != b"cache-control")
        self.wall = wall
        self.loop: asyncio.AbstractEventLoop
        self.tasks: set[asyncio.Task[None]] = set()
        self.ending = asyncio.Event()
        """Set when the edge is told to end: answers without an end must end."""

    async def ends_within(self, seconds: float) -> bool:
        """Wait that long; whether the edge was told to end meanwhile."""
        try:
            await asyncio.wait_for(self.ending.wait(), seconds)
        except TimeoutError:
            return False
        return True

    def start_task(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        """Run it, held until it is done."""
        task = self.loop.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return task
