"""The same journey with nothing but its parts: what this machine can do at best, whatever is built on them.

A row is inserted and its commit tells of it, one process publishes it and waits for the broker's disk, others, as many
as hear of it on the platform, insert what they hear of. No checks, no order, no security, nothing kept from happening
twice.
"""

import asyncio
import contextlib
import multiprocessing
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from multiprocessing.synchronize import Event
from typing import Any
from uuid import UUID

import asyncpg
import uvloop
from nats.js import api

from bench.platform import Platform
from kernel.config import Process, ProcessConfig
from kernel.events.nats import Nats, stream_of
from kernel.ids import new_id

FROM: Process = "training"
AGGREGATE = "bench"
CHANNEL = "bench_plainest"
START_SECONDS = 30.0
OUT, READ = "bench_out", "bench_read"
_TABLE = "create table if not exists {} (id uuid primary key, data jsonb not null)"
_TELL = f"insert into {OUT} values ($1, $2)"  # noqa: S608 - constants, here and below
_NEXT = f"select id, data from {OUT}"  # noqa: S608
_GONE = f"delete from {OUT} where id = $1"  # noqa: S608
_KEEP = f"insert into {READ} values ($1, $2) on conflict do nothing"  # noqa: S608
Work = Callable[[asyncpg.Connection, Nats, Event], Coroutine[Any, Any, None]]


@contextlib.asynccontextmanager
async def running(platform: Platform, told: str, hearers: Sequence[Process]) -> AsyncIterator[asyncpg.Connection]:
    """While it lasts, what `tell` writes with the connection that is yielded comes to `READ` of each of `hearers`.

    `told` is the SQL that has a table, to be put into it, tell of its rows; the first of the hearers tells.
    """
    source, targets = platform.database_url(FROM), [platform.database_url(each) for each in hearers]
    spawn = multiprocessing.get_context("spawn")
    writer = await asyncpg.connect(source)
    readers = [await asyncpg.connect(target) for target in targets]
    try:
        await writer.execute(_TABLE.format(OUT))
        for reader in readers:
            await reader.execute(_TABLE.format(READ))
        await readers[0].execute(told.format(READ))
        heard = [(each, target, _consumer) for each, target in zip(hearers, targets, strict=True)]
        roles = ((FROM, source, _relay), *heard)
        ready = [spawn.Event() for _ in roles]
        children = [
            spawn.Process(target=_serve, args=(platform.config(process), url, work, at), daemon=True)
            for (process, url, work), at in zip(roles, ready, strict=True)
        ]
        try:
            for child in children:
                child.start()
            for at in ready:
                if not await asyncio.to_thread(at.wait, START_SECONDS):
                    raise TimeoutError("a process of the plainest chain did not start")
            yield writer
        finally:
            for child in children:
                child.terminate()
                await asyncio.to_thread(child.join)
        await writer.execute(f"drop table {OUT}")
        for reader in readers:
            await reader.execute(f"drop table {READ}")
    finally:
        for connection in (writer, *readers):
            await connection.close()


async def tell(writer: asyncpg.Connection, row: UUID, data: str) -> None:
    """Insert a row, in a transaction of the caller's; its commit tells the relay."""
    await writer.execute(_TELL, row, data)
    await writer.execute(f"notify {CHANNEL}")


def _serve(config: ProcessConfig, url: str, work: Work, ready: Event) -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:  # as the processes run
        runner.run(_work(config, url, work, ready))


async def _work(config: ProcessConfig, url: str, work: Work, ready: Event) -> None:
    connection, nats = await asyncpg.connect(url), Nats.open(config)
    await nats.connected()
    await work(connection, nats, ready)


async def _relay(connection: asyncpg.Connection, nats: Nats, ready: Event) -> None:
    js, woken = await nats.connected(), asyncio.Event()
    await connection.add_listener(CHANNEL, lambda *_: woken.set())
    subject = f"shegong.{FROM}.{new_id()}.{AGGREGATE}.made.v1"
    ready.set()
    while True:
        await woken.wait()
        woken.clear()
        for row in await connection.fetch(_NEXT):
            await js.publish(subject, str(row["data"]).encode(), headers={"Nats-Msg-Id": str(row["id"])})
            await connection.execute(_GONE, row["id"])


async def _consumer(connection: asyncpg.Connection, nats: Nats, ready: Event) -> None:
    js = await nats.connected()
    # Of nobody's name: the broker forgets it when this process has ended.
    new = api.ConsumerConfig(deliver_policy=api.DeliverPolicy.NEW)
    hearing = await js.pull_subscribe(f"shegong.{FROM}.*.{AGGREGATE}.>", stream=stream_of(FROM), config=new)
    ready.set()
    while True:
        with contextlib.suppress(TimeoutError):
            for message in await hearing.fetch(1, timeout=1):
                row = UUID((message.headers or {})["Nats-Msg-Id"])
                await connection.execute(_KEEP, row, message.data.decode())
                await message.ack()
