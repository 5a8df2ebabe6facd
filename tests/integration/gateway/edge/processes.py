"""Edges as processes of their own, as `shegong serve edge` runs them."""

import asyncio
import contextlib
import os
import re
import socket
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx

from deploy.cli.configuration import as_environment
from gateway.edgefeed.server import EdgeFeed

from .harness import PATIENCE_SECONDS, config_for

START_SECONDS = 60.0
"""A process that is started imports for seconds where the machine has other work too."""


@dataclass
class EdgeProcess:
    """One that is ready."""

    pid: int
    port: int
    client: httpx.AsyncClient

    def memory(self, what: str = "VmRSS") -> int:
        """Bytes resident now, or at most since `forget_peak` (`VmHWM`)."""
        found = re.search(rf"^{what}:\s+(\d+) kB", Path(f"/proc/{self.pid}/status").read_text(), re.MULTILINE)
        assert found
        return int(found[1]) * 1024

    def forget_peak(self) -> None:
        """Count the peak from now on."""
        Path(f"/proc/{self.pid}/clear_refs").write_text("5")


@contextlib.asynccontextmanager
async def edge_process(feed: EdgeFeed, upstreams: dict[str, str]) -> AsyncIterator[EdgeProcess]:
    """Start one and wait until it serves."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    config = config_for(feed, upstreams).model_copy(update={"listen_port": port})
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "deploy.cli", "serve", "edge",
        env=os.environ | as_environment(config), stdout=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE_SECONDS) as client:
            async with asyncio.timeout(START_SECONDS):
                while not await _ready(client):  # noqa: ASYNC110 -- the state of another process
                    await asyncio.sleep(0.05)
            yield EdgeProcess(process.pid, port, client)
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def _ready(client: httpx.AsyncClient) -> bool:
    try:
        return (await client.get("/health/ready")).status_code == 200
    except httpx.TransportError:
        return False
