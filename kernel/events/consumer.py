"""Consumers: one per source service and aggregate type, aggregates side by side, each in its own order.

Acknowledged only after the commit. Events of one aggregate that wait together are applied in one transaction; where
that fails, one by one. What cannot be applied is tried again with growing delays, then becomes a
dead letter; an outage of the database is nobody's fault and counts no try. On cancellation nothing more is
fetched, what is being applied may finish, the rest is given back to the broker at once.
"""

import asyncio
import contextlib
from collections import deque
from itertools import islice, takewhile
from uuid import UUID

import structlog
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js.errors import NotFoundError

from kernel.config import ProcessConfig
from kernel.db.transaction import Database
from kernel.errors import Unavailable
from kernel.events.dead_letters import bury, drain, reason_of
from kernel.events.ending import go_on
from kernel.events.envelope import Envelope, Malformed, parse
from kernel.events.inbox import SETTLED, Outcome, count_try, receive, receive_together
from kernel.events.nats import Nats
from kernel.events.pull import ACK_WAIT_SECONDS, WINDOW, Pull
from kernel.events.subscriptions import Feed, Subscriptions

MAX_FAILURES = 5
MAX_INTERRUPTIONS = 20
"""Tries that ended with the process.

Many, since an innocent event is often in hand when a process is killed.
"""
FIRST_DELAY = 0.5
LONGEST_DELAY = 30.0
"""Between tries of an event whose handler failed: doubled each time."""
GAP_SECONDS = 0.2
LONG_GAP_SECONDS = 1.0
"""Between looks whether an earlier event has come: short at first, since mostly another worker is applying it."""
PATIENT_GAPS = 15
"""After so many deliveries (ten seconds) an event that waits for an earlier one is set aside among the dead
letters and applied from there at once when the earlier one was; a lost event cannot fill the broker's window."""
HANDLER_SECONDS = 60
GRACE_SECONDS = 5
TOGETHER = 32
"""Events in one transaction at most: what comes first is seen only when the last is applied."""
GATHER_SECONDS = 0.05
"""For which a feed with handlers of runs waits for more: of what it takes in, nobody awaits the single event."""
IN_RUNS = 256
"""Events of such a feed in one transaction at most."""
RETRY_SECONDS = 1.0

log = structlog.get_logger(__name__)

Lane = tuple[UUID, UUID]
Held = tuple[Envelope, Msg]


class Waiting(deque[Held]):
    """Events of one aggregate, in order; the first `in_hand` are being applied."""

    in_hand = 1


async def run_consumers(db: Database, nats: Nats, config: ProcessConfig, subscriptions: Subscriptions) -> None:
    """Consume until cancelled; survives outages of database and broker and the loss of its consumers."""
    # Half the pool at most: consuming never starves the API of connections.
    places = asyncio.Semaphore(max(1, config.pool_size // 2))
    feeds = [Consumer(db, nats, config, subscriptions, feed, places) for feed in subscriptions.feeds()]
    async with asyncio.TaskGroup() as group:
        for feed in feeds:
            group.create_task(feed.run(), name=f"consume {feed.feed[0]} {feed.feed[1]}")


class Consumer:
    """One feed: fetches, sorts into lanes by aggregate, applies lane by lane."""

    def __init__(
        self,
        db: Database,
        nats: Nats,
        config: ProcessConfig,
        subscriptions: Subscriptions,
        feed: Feed,
        places: asyncio.Semaphore,
    ) -> None:
        self.feed = feed
        self._db = db
        self._config = config
        self._subscriptions = subscriptions
        self._places = places
        self._pull = Pull(nats, config.process, feed)
        self._lanes: dict[Lane, Waiting] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._room = asyncio.Event()
        self._held = 0
        self._given_back: dict[UUID, int] = {}
        self._gathers = subscriptions.in_runs(feed)
        self._most = IN_RUNS if self._gathers else TOGETHER
        self._window = max(WINDOW, 2 * self._most)

    async def run(self) -> None:
        """Fetch and apply until cancelled."""
        alive = asyncio.create_task(self._keep_alive())
        try:
            while True:
                go_on()
                try:
                    await self._pull.start()
                    await self._fetch()
                except NotFoundError:
                    log.info("the stream is not there yet", source=self.feed[0])
                except Exception as error:
                    # The broker keeps what was not acknowledged; the loop must not end while the process
                    # lives.
                    log.warning("consumer interrupted", feed=self.feed, kind=type(error).__name__)
                await self._give_back(await self._pull.stop())
                await asyncio.sleep(RETRY_SECONDS)
        finally:
            alive.cancel()
            await self._wind_up()

    async def _fetch(self) -> None:
        while True:
            go_on()
            while self._held >= self._window:
                self._room.clear()
                await self._room.wait()
            message = await self._pull.next(self._window - self._held)
            if message is not None:
                await self._sort(message)

    async def _sort(self, message: Msg) -> None:
        try:
            envelope = parse(message.subject, message.headers, message.data)
        except Malformed as error:
            # It belongs to no aggregate, so nothing waits for it and no tenant's table can keep it.
            log.error("message is no event", subject=message.subject, reason=str(error))
            await message.term()
            return
        lane = (envelope.tenant, envelope.aggregate_id)
        self._held += 1
        waiting = self._lanes.get(lane)
        if waiting is not None:
            waiting.append((envelope, message))
            return
        self._lanes[lane] = Waiting([(envelope, message)])
        task = asyncio.create_task(self._work(lane))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work(self, lane: Lane) -> None:
        waiting = self._lanes[lane]
        singly = 0
        try:
            while waiting:
                if self._gathers and not singly and len(waiting) < self._most:
                    await asyncio.sleep(GATHER_SECONDS)
                async with self._places:
                    together = [] if singly else self._together(waiting)
                    if len(together) > 1:
                        waiting.in_hand = len(together)
                        done, delay = await self._several(together), None
                        singly = len(together) - done
                        waiting.in_hand = 1
                    else:
                        done, delay = 1, await self._one(*waiting[0])
                        singly = max(0, singly - 1)
                for _ in range(done):
                    waiting.popleft()
                    self._release()
                if delay is not None:
                    # What follows in the lane would only find the gap.
                    await self._give_back([message for _, message in waiting], delay * 1.1)
                    while waiting:
                        self._remember(waiting.popleft()[0])
                        self._release()
        except Exception as error:
            # Not answered to the broker: it delivers again after its wait, and the inbox knows what was
            # applied.
            log.warning("lane left to the broker", feed=self.feed, kind=type(error).__name__)
        finally:
            for _ in waiting:
                self._release()
            del self._lanes[lane]

    def _release(self) -> None:
        self._held -= 1
        self._room.set()

    def _together(self, waiting: Waiting) -> list[Held]:
        """The first ones. What was tried before is tried by itself, so that it is counted and delays nothing else."""
        return list(takewhile(lambda held: held[1].metadata.num_delivered == 1, islice(waiting, self._most)))

    async def _several(self, held: list[Held]) -> int:
        """Apply the first events of a lane in one transaction and answer the broker. Returns how many are settled."""
        try:
            async with asyncio.timeout(HANDLER_SECONDS):
                envelopes = [envelope for envelope, _ in held]
                found = await receive_together(self._db, self._config, self._subscriptions, envelopes)
        except Exception as error:
            log.info("events are applied one by one", feed=self.feed, events=len(held), reason=reason_of(error))
            return 0
        settled = [each for each, (outcome, _) in zip(held, found, strict=False) if outcome in SETTLED]
        if settled:
            await self._settled(settled, blocked=found[-1][1])
        return len(settled)

    async def _settled(self, held: list[Held], *, blocked: bool) -> None:
        """Apply what waited for the last, and tell the broker to forget them."""
        last, message = held[-1]
        if blocked:
            await drain(self._db, self._subscriptions, last)
        for envelope, _ in held:
            self._given_back.pop(envelope.id, None)
        with contextlib.suppress(NatsError, TimeoutError):
            for _, earlier in held[:-1]:
                await earlier.ack()
            # Confirmed, and the others with it, so that they are not delivered again; if that fails the inbox answers
            # for it.
            await message.ack_sync()

    async def _one(self, envelope: Envelope, message: Msg) -> float | None:
        """Apply one event and answer the broker. Returns the delay if it was given back."""
        if await self._was_interrupted(envelope, message):
            await bury(self._db, envelope, reason="interrupted", attempts=MAX_INTERRUPTIONS, waiting=False)
            await message.term()
            return None
        try:
            async with asyncio.timeout(HANDLER_SECONDS):
                outcome, blocked = await receive(self._db, self._config, self._subscriptions, envelope)
        except Unavailable:
            return await self._later(envelope, message, RETRY_SECONDS)
        except Exception as error:
            return await self._failed(envelope, message, error)
        if outcome is Outcome.GAP and message.metadata.num_delivered < PATIENT_GAPS:
            return await self._later(envelope, message, _gap_delay(message.metadata.num_delivered))
        if outcome in (Outcome.GAP, Outcome.BLOCKED):
            if not await bury(self._db, envelope, reason="earlier event missing", attempts=0, waiting=True):
                return await self._later(envelope, message, GAP_SECONDS)
            await message.term()
            return None
        await self._settled([(envelope, message)], blocked=blocked)
        return None

    async def _failed(self, envelope: Envelope, message: Msg, error: Exception) -> float | None:
        failures = await count_try(self._db, envelope, interrupted=False)
        log.warning(
            "event failed",
            event_id=str(envelope.id),
            subject=envelope.subject,
            reason=reason_of(error),
            failures=failures,
        )
        # What cannot be read will not be readable the next time.
        if failures < MAX_FAILURES and not isinstance(error, Malformed):
            return await self._later(envelope, message, _delay(failures))
        await bury(self._db, envelope, reason=reason_of(error), attempts=failures, waiting=False)
        await message.term()
        return None

    async def _later(self, envelope: Envelope, message: Msg, delay: float) -> float:
        self._remember(envelope)
        await message.nak(delay=delay)
        return delay

    def _remember(self, envelope: Envelope) -> None:
        self._given_back[envelope.id] = self._given_back.get(envelope.id, 0) + 1
        while len(self._given_back) > 10 * self._window:
            self._given_back.pop(next(iter(self._given_back)))

    async def _was_interrupted(self, envelope: Envelope, message: Msg) -> bool:
        """Whether the event has ended too many processes. Counted before it is tried, as nothing is after."""
        if message.metadata.num_delivered == 1 or envelope.id in self._given_back:
            return False
        return await count_try(self._db, envelope, interrupted=True) >= MAX_INTERRUPTIONS

    async def _give_back(self, messages: list[Msg], delay: float | None = None) -> None:
        with contextlib.suppress(NatsError):
            for message in messages:
                await message.nak(delay=delay)

    async def _keep_alive(self) -> None:
        """Tell the broker that what is held is being worked on, before its wait runs out."""
        while True:
            await asyncio.sleep(ACK_WAIT_SECONDS / 3)
            for waiting in list(self._lanes.values()):
                for _, message in list(waiting):
                    with contextlib.suppress(NatsError):
                        await message.in_progress()

    async def _wind_up(self) -> None:
        left = await self._pull.stop()
        for waiting in self._lanes.values():
            # What is being applied may finish.
            while len(waiting) > waiting.in_hand:
                left.append(waiting.pop()[1])
                self._release()
        await self._give_back(left)
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=GRACE_SECONDS)
            held = [message for waiting in self._lanes.values() for _, message in waiting]
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
            await self._give_back(held)


def _gap_delay(deliveries: int) -> float:
    return GAP_SECONDS if deliveries <= PATIENT_GAPS // 3 else LONG_GAP_SECONDS


def _delay(tries: int) -> float:
    return min(FIRST_DELAY * float(2 ** min(max(tries - 1, 0), 16)), LONGEST_DELAY)
