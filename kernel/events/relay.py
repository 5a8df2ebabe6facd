"""The relay: takes committed events from the outbox to the stream, one relay per database, order kept.

It is woken after each commit, by NOTIFY where another process commits (`kernel.db.bell`), and always polls: a call can
be lost. The outbox is a queue, not a log with positions: a transaction that commits late is found whenever it
commits. A row leaves the outbox only after the stream confirmed it; a relay that dies in between publishes it again,
which Msg-Id and inbox absorb.
"""

import asyncio
import math
import time
from typing import Any

import structlog

from kernel.config import ProcessConfig, crash_point
from kernel.db.transaction import Database
from kernel.events.ending import go_on
from kernel.events.nats import Nats
from kernel.events.outbox import CHANNEL
from kernel.events.publish import BATCH, Confirmed, StreamMissing, fitting, publish
from kernel.events.relay_store import RelayStore, relay_store

POLL_SECONDS = 1.0
LOCK_SECONDS = 1.0
RECONCILE_SECONDS = 10.0
"""How often the stream is compared with the archive: a lost stream is noticed within that time."""
RETRY_SECONDS = 1.0

log = structlog.get_logger(__name__)

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
                # PostgreSQL tells nobody that an advisory lock is free, so asking again is the only way.
                while not await store.lock():  # noqa: ASYNC110 - no event exists for it
                    await asyncio.sleep(LOCK_SECONDS)
                relay = Relay(store, nats, config)
                with db.bell.answered(CHANNEL, relay.wake):
                    await relay.run()
        except Exception as error:
            # Whatever it was, events wait safely in the outbox; the loop must not end while the process
            # lives.
            log.warning("relay interrupted", kind=type(error).__name__, cause=_cause(error))
        await asyncio.sleep(RETRY_SECONDS)


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
            self._wake.clear()
            try:
                await self.drain(reconcile_due)
                await self._idle()
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
            rows, confirmed = await self._publish(rows)
            await self._store.found_again(rows, confirmed.sequences, state.generation)
            total += len(rows)
            if confirmed.error:
                raise confirmed.error
        if total:
            log.error("the stream is whole again", events=total)
        return total

    async def drain(self, until: float = math.inf) -> None:
        """Publish until the outbox is empty, or `until` (monotonic). Raises when the broker does not confirm.

        While a batch is on its way to the broker's disk, the one before it is moved and the next one is taken.
        """
        rows = await self._store.take(BATCH)
        sent: Sent | None = None
        while rows:
            go_on()
            crash_point(self._config, "relay.before_publish")
            publishing = asyncio.create_task(self._publish(rows))
            try:
                await self._move(sent)
                ahead = await self._store.take(BATCH, behind=rows)
            finally:
                sent = await publishing
            crash_point(self._config, "relay.after_ack")
            if len(sent[0]) < len(rows) or time.monotonic() >= until:
                # The rest of this batch comes before what was taken ahead.
                await self._move(sent)
                if sent[1].error:
                    raise sent[1].error
                sent = None
                if time.monotonic() >= until:
                    return
                ahead = await self._store.take(BATCH)
            rows = ahead
        await self._move(sent)

    async def _move(self, sent: Sent | None) -> None:
        if sent is None:
            return
        rows, confirmed = sent
        async with self._store.moved(rows, confirmed.sequences, self._generation):
            crash_point(self._config, "relay.before_mark")
        crash_point(self._config, "relay.after_mark")

    async def _publish(self, rows: list[Any]) -> Sent:
        messages = fitting([await self._store.outgoing(row) for row in rows])
        confirmed = await publish(self._nats.client, self._config.process, messages)
        return rows[: len(confirmed.sequences)], confirmed

    async def _idle(self) -> None:
        try:
            async with asyncio.timeout(POLL_SECONDS):
                await self._wake.wait()
        except TimeoutError:
            return


def _cause(error: BaseException) -> str:
    # The text of a database error can hold values of a row; the broker's cannot.
    return str(error) if type(error).__module__.startswith(("kernel.", "nats.")) else ""
