"""The connection of a process to JetStream: kept for ever, proved durable, never trusted as the truth.

Facts behind the settings: the client gives up after 60 reconnects unless told otherwise, notices a frozen
broker after four minutes, and JetStream acknowledges before the data is on disk unless `sync_interval:
always` is set.
"""

import asyncio
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import httpx
import structlog
from nats.js import JetStreamContext, api
from nats.js.errors import NotFoundError

from kernel.config import ProcessConfig
from kernel.events.client import Broker

PING_SECONDS = 10
RECONNECT_SECONDS = 1
CLOSE_SECONDS = 1
DUPLICATE_WINDOW_SECONDS = 120
"""JetStream's own default; what comes later than that is caught by the inbox."""

log = structlog.get_logger(__name__)


def stream_of(process: str) -> str:
    """Name of the stream into which a process publishes."""
    return f"SHEGONG_{process.upper()}"


def inbox_prefix(process: str) -> str:
    """Where answers to a process arrive; no other process may listen there."""
    return f"_INBOX.{process}"


def relay_called(process: str) -> str:
    """The subject on which a process's workers call their relay."""
    return f"{inbox_prefix(process)}.relay"


@dataclass(frozen=True, slots=True)
class StreamState:
    """Which incarnation of a stream this is (when it was made, microseconds) and how far it reaches."""

    generation: int
    last_seq: int


def generation_of(info: api.StreamInfo) -> int:
    """When a stream was made, in microseconds: one that was lost and made again is another."""
    if not isinstance(info.created, datetime):
        raise TypeError("the server did not say when the stream was made")
    return round(info.created.timestamp() * 1_000_000)


def _end_process() -> None:
    # The supervisor starts it again; a process without news must not look healthy.
    os.kill(os.getpid(), signal.SIGTERM)


class Nats:
    """One connection. It is made in the background, so a process serves its API while the broker is away."""

    def __init__(self, config: ProcessConfig, fatal: Callable[[], None]) -> None:
        self.config = config
        self.client = Broker()
        self._fatal = fatal
        self._closing = False
        self._connecting: asyncio.Task[None] | None = None

    @classmethod
    def open(cls, config: ProcessConfig, *, fatal: Callable[[], None] = _end_process) -> "Nats":
        """Begin to connect; returns at once. `fatal` is called if the client ever closes by itself."""
        made = cls(config, fatal)
        made._connecting = asyncio.create_task(made._connect(), name="nats-connect")
        return made

    async def connected(self) -> JetStreamContext:
        """Wait for the first connection."""
        if self._connecting is None:
            raise RuntimeError("Nats.open() makes the connection")
        # Shielded: a waiter that is cancelled must not end the connecting for the others.
        await asyncio.shield(self._connecting)
        return self.client.jetstream()

    async def close(self) -> None:
        """Close for good; what is held by consumers was given back before."""
        self._closing = True
        if self._connecting is None:
            return
        # An attempt under way is let finish: the client leaves its socket open when cancelled in the midst of it.
        done, waiting = await asyncio.wait([self._connecting], timeout=CLOSE_SECONDS)
        if done and not self.client.is_closed:
            await self.client.close()
        if waiting:
            # No broker answers: nothing is open, only the trying is to be ended.
            self._connecting.cancel()
            await asyncio.wait([self._connecting], timeout=CLOSE_SECONDS)

    async def ensure_stream(self) -> StreamState:
        """Make the process's own stream if it is not there, and have it keep news for as long as it is to.

        Returns its state.
        """
        js = await self.connected()
        name = stream_of(self.config.process)
        age = self.config.stream_days * 86_400
        try:
            info = await js.stream_info(name)
        except NotFoundError:
            info = await js.add_stream(
                api.StreamConfig(
                    name=name,
                    subjects=[f"shegong.{self.config.process}.>"],
                    storage=api.StorageType.FILE,
                    retention=api.RetentionPolicy.LIMITS,
                    discard=api.DiscardPolicy.NEW,
                    allow_atomic=True,
                    duplicate_window=DUPLICATE_WINDOW_SECONDS,
                    max_age=age,
                )
            )
            log.warning("stream made", stream=name)
        if info.config.max_age != age:
            info = await js.update_stream(info.config.evolve(max_age=age))
            log.warning("stream keeps news for another time", stream=name, days=self.config.stream_days)
        return StreamState(generation_of(info), info.state.last_seq)

    async def not_ready(self) -> str | None:
        """Why this process should not be sent work on account of NATS, or None.

        Asks the server itself whether it syncs every write: the answer lacks the member when it does not.
        """
        if not self.client.is_connected:
            return "nats: not connected"
        try:
            async with httpx.AsyncClient(timeout=2, trust_env=False) as client:
                answer = await client.get(f"{self.config.nats_monitor_url}/varz")
                settings = answer.json().get("jetstream", {}).get("config", {})
        except (httpx.HTTPError, ValueError):
            return "nats: the monitor does not answer"
        if settings.get("sync_always") is not True:
            return "nats: jetstream sync_interval is not `always`, acknowledged events could be lost"
        return None

    async def _connect(self) -> None:
        config = self.config
        await self.client.connect(
            servers=[config.nats_url],
            user=config.nats_user,
            password=config.nats_password.get_secret_value(),
            name=f"shegong-{config.process}",
            inbox_prefix=inbox_prefix(config.process).encode(),
            connect_timeout=2,
            max_reconnect_attempts=-1,
            reconnect_time_wait=RECONNECT_SECONDS,
            ping_interval=PING_SECONDS,
            max_outstanding_pings=2,
            error_cb=self._on_error,
            disconnected_cb=self._on_disconnected,
            reconnected_cb=self._on_reconnected,
            closed_cb=self._on_closed,
        )
        log.info("nats connected")

    async def _on_error(self, error: Exception) -> None:
        log.warning("nats error", kind=type(error).__name__)

    async def _on_disconnected(self) -> None:
        log.warning("nats disconnected")

    async def _on_reconnected(self) -> None:
        log.info("nats connected again")

    async def _on_closed(self) -> None:
        if not self._closing:
            log.critical("nats connection closed for good")
            self._fatal()
