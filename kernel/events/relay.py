"""The relay: takes committed events from the outbox to the stream, one relay per database, order kept.

It is woken after each commit (over the broker where another worker of the service commits, by NOTIFY where a command
does, `kernel.db.bell`), and always polls: a call can be lost. The outbox is a queue, not a log with positions: a
transaction that commits late is found whenever it commits. A row leaves the outbox only after the stream confirmed it;
a relay that dies in between publishes it again, which Msg-Id and inbox absorb.
"""

import asyncio
import contextlib
import math
import time
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

import structlog
from nats.aio.msg import Msg
from nats.errors import Error as NatsError

from kernel.config import ProcessConfig, crash_point
from kernel.db.transaction import Database
from kernel.events.ending import go_on
from kernel.events.nats import Nats, relay_called
from kernel.events.outbox import CHANNEL
from kernel.events.publish import BATCH, Confirmed, Staged, StreamMissing, commit, fitting, stage
from kernel.events.relay_store import RelayStore, relay_store

POLL_SECONDS = 1.0
LOCK_SECONDS = 1.0
RECONCILE_SECONDS = 10.0
"""How often the stream is compared with the archive: a lost stream is noticed within that time."""
RETRY_SECONDS = 1.0
LULL_SECONDS = 0.02
"""For which moving the last few waits: those who await them have processor and disk first."""
MANY = 8
"""Events in one batch, which say that more come."""
GATHER_SECONDS = 0.05
"""For which the next are waited for then, unless half a batch is there: one of one costs hardly less than one of
sixty."""

log = structlog.get_logger(__name__)

Batch = tuple[list[Any], Staged]
"""Rows, and their messages at the broker but for the last."""
Sent = tuple[list[Any], Confirmed]
"""Rows that the broker confirmed, and where they lie."""


async def run_relay(db: Database, nats: Nats, config: ProcessConfig) -> None:
    """Relay until cancelled.

    Waits while another process of this service is the relay; survives both outages.
    """
    while True:
        go_on()
        try:
            await nats.connected()
            async with relay_store(db) as store:
                with calling(db, nats):
                    # PostgreSQL tells nobody that an advisory lock is free, so asking again is the only way.
                    while not await store.lock():  # noqa: ASYNC110 - no event exists for it
                        await asyncio.sleep(LOCK_SECONDS)
                relay = Relay(store, nats, config)
                with db.bell.answered(CHANNEL, relay.wake):
                    async with _heard(nats, relay.wake):
                        await relay.run()
        except Exception as error:
            # Whatever it was, events wait safely in the outbox; the loop must not end while the process
            # lives.
            log.warning("relay interrupted", kind=type(error).__name__, cause=_cause(error))
        await asyncio.sleep(RETRY_SECONDS)


def calling(db: Database, nats: Nats) -> contextlib.AbstractContextManager[None]:
    """While it lasts, what is committed here calls the relay, another process, through the broker: a message there
    takes half as long as a transaction of the database."""
    return db.bell.answered(CHANNEL, lambda: nats.client.knock(relay_called(nats.config.process)))


@contextlib.asynccontextmanager
async def _heard(nats: Nats, wake: Callable[[], None]) -> AsyncIterator[None]:
    async def hear(_: Msg) -> None:
        wake()

    subscription = await nats.client.subscribe(relay_called(nats.config.process), cb=hear)
    try:
        yield
    finally:
        with contextlib.suppress(NatsError):
            await subscription.unsubscribe()


class Relay:
    """The work of the one relay that holds the lock."""

    def __init__(self, store: RelayStore, nats: Nats, config: ProcessConfig) -> None:
        self._store = store
        self._nats = nats
        self._config = config
        self._generation = 0
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """There may be something to publish."""
        self._wake.set()

    async def run(self) -> None:
        """Reconcile, then publish whatever comes. Ends with the exception that stopped it."""
        await self._store.listen(self.wake)
        log.info("relay at work")
        reconcile_due = 0.0
        while True:
            go_on()
            now = time.monotonic()
            if now >= reconcile_due:
                await self.reconcile()
                reconcile_due = now + RECONCILE_SECONDS
            try:
                await self.drain(reconcile_due)
                await self._woken(POLL_SECONDS)
            except StreamMissing:
                reconcile_due = 0.0

    async def reconcile(self) -> int:
        """Publish again what the stream has lost, in the order of its first publication; returns how many.

        The stream is made if it is missing. PostgreSQL is the truth: a wiped broker costs time, not events.
        """
        state = await self._nats.ensure_stream()
        self._generation = state.generation
        await self._store.cut_off(state.generation, state.last_seq)
        total = 0
        while rows := await self._store.lost(state.generation, BATCH):
            go_on()
            if not total:
                log.error("the stream lost events, publishing them again", stream_seq=state.last_seq)
            rows, confirmed = await self._commit(await self._stage(rows))
            await self._store.found_again(rows, confirmed.sequences, state.generation)
            total += len(rows)
            if confirmed.error:
                raise confirmed.error
        if total:
            log.error("the stream is whole again", events=total)
        return total

    async def drain(self, until: float = math.inf) -> None:
        """Publish until the outbox is empty, or `until` (monotonic). Raises when the broker does not confirm.

        While a batch is on its way to the broker's disk, the one before it is moved, and the next one is taken and
        sent after it but for its last message: so it comes second, whatever becomes of the first.
        """
        batch = await self._stage(await self._take())
        sent: Sent | None = None
        while batch[0]:
            go_on()
            crash_point(self._config, "relay.before_publish")
            committing = asyncio.create_task(self._commit(batch))
            try:
                batch = await self._ahead(sent, batch, until)
            finally:
                sent = await committing
            crash_point(self._config, "relay.after_ack")
            if sent[1].error:
                # What was not confirmed comes before what was sent ahead; the broker forgets that.
                await self._move(sent)
                raise sent[1].error
            few = len(sent[0]) < MANY
            while few and not batch[0] and time.monotonic() < until and await self._woken(LULL_SECONDS):
                batch = await self._stage(await self._take(behind=sent[0]))
        await self._move(sent)

    async def _ahead(self, sent: Sent | None, batch: Batch, until: float) -> Batch:
        if MANY <= len(batch[0]) < BATCH // 2:
            await asyncio.sleep(GATHER_SECONDS)
        rows: list[Any] = []
        # Of a few nothing came behind unless somebody called, and who awaits them has the processor first.
        if time.monotonic() < until and (len(batch[0]) >= MANY or self._wake.is_set()):
            rows = await self._take(behind=[*(sent[0] if sent else ()), *batch[0]])
        moving = asyncio.create_task(self._move(sent))
        await asyncio.sleep(0)  # the database begins before the messages take the processor
        try:
            return await self._stage(rows)
        finally:
            await moving

    async def _take(self, behind: Sequence[Any] = ()) -> list[Any]:
        self._wake.clear()  # before it looks: what wakes it from here on may not be seen
        return list(await self._store.take(BATCH, behind))

    async def _stage(self, rows: list[Any]) -> Batch:
        messages = fitting([await self._store.outgoing(row) for row in rows])
        return rows[: len(messages)], await stage(self._nats.client, self._config.process, messages)

    async def _commit(self, batch: Batch) -> Sent:
        rows, staged = batch
        confirmed = await commit(self._nats.client, self._config.process, staged)
        return rows[: len(confirmed.sequences)], confirmed

    async def _move(self, sent: Sent | None) -> None:
        if sent is None:
            return
        rows, confirmed = sent
        async with self._store.moved(rows, confirmed.sequences, self._generation):
            crash_point(self._config, "relay.before_mark")
        crash_point(self._config, "relay.after_mark")

    async def _woken(self, within: float) -> bool:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within):
                await self._wake.wait()
        return self._wake.is_set()


def _cause(error: BaseException) -> str:
    # The text of a database error can hold values of a row; the broker's cannot.
    return str(error) if type(error).__module__.startswith(("kernel.", "nats.")) else ""
