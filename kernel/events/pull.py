"""A durable pull consumer that stays alive: requests, heartbeats, and making it again when it was lost.

The client's own `fetch` waits for a full batch before it hands out the first message, and ends in a plain
timeout when the consumer no longer exists or when the broker died with the request parked. Here one long
request is kept open, messages are handed out as they come, and silence (no heartbeat) leads to a look at the
consumer.
"""

import asyncio
import json

import structlog
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.js import api
from nats.js.errors import NotFoundError

from kernel.events.nats import Nats, stream_of
from kernel.events.subscriptions import Feed

WINDOW = 64
"""Messages held at once per feed; with the lanes full the broker keeps the rest."""
ACK_WAIT_SECONDS = 10
"""After a kill the broker delivers again after this long, so an outage's backlog is gone within half a minute; work in
progress says so before."""
MAX_PENDING = 2_000
"""Messages delivered and not yet acknowledged: those that wait for a gap or a second try count too."""
EXPIRES_SECONDS = 30.0
HEARTBEAT_SECONDS = 1.0
SILENCE_SECONDS = 3.0
_HEARTBEAT = "100"
_SUSPECT = ("409", "503")
"""Consumer deleted, leader changed, nobody answers: look whether the consumer is still there."""

log = structlog.get_logger(__name__)


def durable_name(process: str, feed: Feed) -> str:
    """Name of the consumer of `process` for the events of one aggregate type of one service."""
    return f"{process}__{feed[0]}__{feed[1]}"


def feed_of(process: str, name: str) -> Feed | None:
    """The feed of a consumer of `process`, by its name; None for one of another."""
    whose, _, feed = name.partition("__")
    source, _, aggregate_type = feed.partition("__")
    return (source, aggregate_type) if whose == process else None


class Pull:
    """The messages of one feed, as they come."""

    def __init__(self, nats: Nats, process: str, feed: Feed) -> None:
        self._nats = nats
        self._stream = stream_of(feed[0])
        self._name = durable_name(process, feed)
        self._filter = f"shegong.{feed[0]}.*.{feed[1]}.>"
        self._open = 0
        self._subscription: Subscription | None = None
        self._inbox = ""
        self._queue: asyncio.Queue[Msg] = asyncio.Queue()

    async def ensure(self) -> None:
        """Make the consumer if it is not there. Raises `NotFoundError` while its stream does not exist.

        A consumer made again starts at the beginning of the stream; the inbox knows what was applied.
        """
        js = await self._nats.connected()
        try:
            await js.consumer_info(self._stream, self._name)
        except NotFoundError:
            await js.add_consumer(
                self._stream,
                api.ConsumerConfig(
                    name=self._name,
                    durable_name=self._name,
                    filter_subject=self._filter,
                    deliver_policy=api.DeliverPolicy.ALL,
                    ack_policy=api.AckPolicy.EXPLICIT,
                    ack_wait=ACK_WAIT_SECONDS,
                    max_deliver=-1,
                    max_ack_pending=MAX_PENDING,
                ),
            )
            log.warning("consumer made", consumer=self._name)

    async def start(self) -> None:
        """Make the consumer and listen for what it delivers."""
        await self.ensure()
        client = self._nats.client
        self._inbox = client.new_inbox()
        self._queue = asyncio.Queue()
        self._subscription = await client.subscribe(self._inbox, cb=self._queue.put)
        self._open = 0

    async def next(self, free: int) -> Msg | None:
        """The next message, or None when there is none just now. `free` is how many more may be held (≥ 1).

        Raises `NotFoundError` when the stream is gone.
        """
        if self._open <= 0:
            await self._request(free)
        try:
            async with asyncio.timeout(SILENCE_SECONDS):
                message = await self._queue.get()
        except TimeoutError:
            # Not even a heartbeat: the request was lost with its server, or the consumer is gone.
            self._open = 0
            await self.ensure()
            return None
        if message.reply:
            self._open -= 1
            return message
        status = (message.headers or {}).get("Status")
        if status != _HEARTBEAT:
            self._open = 0
            if status in _SUSPECT:
                await self.ensure()
        return None

    async def stop(self) -> list[Msg]:
        """Stop fetching; returns what was delivered and not handed out, to be given back."""
        if self._subscription is not None and not self._nats.client.is_closed:
            await self._subscription.unsubscribe()
        self._subscription = None
        left = []
        while not self._queue.empty():
            message = self._queue.get_nowait()
            if message.reply:
                left.append(message)
        return left

    async def _request(self, batch: int) -> None:
        wanted = {
            "batch": batch,
            "expires": int(EXPIRES_SECONDS * 1e9),
            "idle_heartbeat": int(HEARTBEAT_SECONDS * 1e9),
        }
        subject = f"$JS.API.CONSUMER.MSG.NEXT.{self._stream}.{self._name}"
        await self._nats.client.publish(subject, json.dumps(wanted).encode(), reply=self._inbox)
        self._open = batch
