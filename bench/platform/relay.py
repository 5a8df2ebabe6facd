"""The relay, beside raw atomic batches of 256 to the same broker, and beside one message at a time (sync always)."""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import uvloop

from bench.platform import Run
from bench.table import Outcome, Spread, Target
from deploy.cli.stack.testing import TestStack
from kernel.config import Process, ProcessConfig
from kernel.db.transaction import Database
from kernel.events.nats import Nats
from kernel.events.publish import BATCH, Outgoing, publish
from kernel.events.relay import run_relay
from kernel.ids import new_id
from kernel.privacy import kms

TO_RAW, TO_SINGLE = 0.4, 8.0
"""Targets of performance.md."""
PROCESS: Process = "roster"
BODY = b'{"post_id":"01900000-0000-7000-8000-000000000301","valid_from":"2025-05-06","text":"' + b"x" * 128 + b'"}'
"""About as long as an event of the platform."""
WAIT_SECONDS = 120.0
_LEFT = "select exists (select from k_outbox)"
_FILL = """
insert into k_outbox (tenant_id, id, aggregate_type, aggregate_id, aggregate_version, event, event_version, unit_no,
 data, business_time, request_id)
select $1, gen_random_uuid(), 'bench', gen_random_uuid(), 1, 'made', 1, 1, $2::jsonb, now(), 'bench'
from generate_series(1, $3)
"""


def run(asked: Run) -> Outcome:
    """Measure on servers of its own, so that no consumer and no other relay is at work beside it."""
    with tempfile.TemporaryDirectory(prefix="bench-relay-") as name:
        stack = TestStack(Path(name)).start()
        try:
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:  # as the processes run
                return runner.run(_run(asked, stack))
        finally:
            stack.stop()


async def _run(asked: Run, stack: TestStack) -> Outcome:
    # About as many as it relays in the time that each side has.
    config, count = stack.config(PROCESS), max(BATCH * 2, round(asked.seconds * 6000))
    kms.install(kms.FileKms(config.kms_file))
    raw, relayed, single = list[float](), list[float](), list[float]()
    async with _opened(config) as (database, nats):
        await nats.ensure_stream()
        for number in range(-1, asked.rounds):
            found = (
                await _raw(nats, count, BATCH),
                await _relayed(stack, database, nats, config, count),
                await _raw(nats, max(32, count // 20), 1),
            )
            if number >= 0:  # the round before the first warms up
                for kept, value in zip((raw, relayed, single), found, strict=True):
                    kept.append(value)
    ours = Spread.of(relayed)
    outcome = Outcome("relay", ("messages/s",), facts={"messages": count, "bytes": len(BODY)})
    outcome.rows = [
        (f"raw atomic batches of {BATCH}", [Spread.of(raw)]),
        ("the relay, from the outbox to the archive", [ours]),
        ("one message at a time", [Spread.of(single)]),
    ]
    for what, beside, least in (
        (f"relay, to raw atomic batches of {BATCH}, sync always", raw, TO_RAW),
        ("relay, to one message at a time", single, TO_SINGLE),
    ):
        ratio = Spread.of([one / other for one, other in zip(relayed, beside, strict=True)])
        outcome.targets.append(Target(what, ratio, least, ours=ours, beside=Spread.of(beside)))
    return outcome


@asynccontextmanager
async def _opened(config: ProcessConfig) -> AsyncIterator[tuple[Database, Nats]]:
    database, nats = Database.open(config), Nats.open(config)
    try:
        await nats.connected()
        yield database, nats
    finally:
        await nats.close()
        await database.close()


async def _raw(nats: Nats, count: int, at_once: int) -> float:
    subject = f"shegong.{PROCESS}.{uuid4()}.bench.made.v1"
    messages = [Outgoing(str(new_id()), subject, "", BODY) for _ in range(count)]
    begun = time.perf_counter()
    for at in range(0, count, at_once):
        await publish(nats.client, PROCESS, messages[at : at + at_once])
    return count / (time.perf_counter() - begun)


async def _relayed(stack: TestStack, database: Database, nats: Nats, config: ProcessConfig, count: int) -> float:
    """From the start of a relay that finds the rows until the last of them lies in the archive."""
    tenant: UUID = new_id()
    connection = await asyncpg.connect(stack.urls.database.rpartition("/")[0] + f"/shegong_{PROCESS}")
    try:
        await connection.execute(_FILL, tenant, BODY.decode(), count)
        await connection.execute("analyze k_outbox")
        begun = time.perf_counter()
        relay = asyncio.create_task(run_relay(database, nats, config))
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                while await connection.fetchval(_LEFT):  # noqa: ASYNC110 - another process moves the rows and tells nobody
                    await asyncio.sleep(0.02)
            return count / (time.perf_counter() - begun)
        finally:
            relay.cancel()
            await asyncio.gather(relay, return_exceptions=True)
    finally:
        await connection.close()
