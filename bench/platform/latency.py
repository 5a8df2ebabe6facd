"""How long an event takes: from its insert in one service to the commit of what assessment made of it.

One at a time at a modest pace, so that what an event sets off elsewhere is done before the next one comes: without a
pause it would be measured how many of them the machine can do.
"""

import asyncio
import contextlib
import math
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
import uvloop

from bench.platform import Platform, Run, plainest
from bench.table import Outcome, Spread, Target
from contracts.roster import PostTaken
from contracts.training import NeedOpened
from kernel.clock import utcnow
from kernel.config import Process
from kernel.context import Context, TenantId
from kernel.db.transaction import Database
from kernel.events.event import Event
from kernel.events.nats import Nats
from kernel.events.outbox import emit
from kernel.events.relay import calling
from kernel.ids import new_id
from kernel.privacy import kms

P50_MS, P99_MS = 5.0, 20.0
"""Targets of performance.md."""
TO_PARTS = 2.0
"""The first of them beside the 2.5 ms that a prototype took on the machine they were set on: a ratio travels."""
A_SECOND = 5
LATE_SECONDS = 10.0
CHANNEL = "bench_latency"
_WATCH = f"""
create or replace function {CHANNEL}() returns trigger language plpgsql as
$$ begin perform pg_notify('{CHANNEL}', new.id::text); return null; end $$;
"""
_TOLD = f"create or replace trigger {CHANNEL} after insert on {{}} for each row execute function {CHANNEL}()"
_WATCHED = ("assessment_post", "assessment_learning_need")
_UNWATCH = f"drop function if exists {CHANNEL} cascade"


@dataclass(frozen=True)
class Kind:
    """An event to measure, of a service."""

    what: str
    process: Process
    make: Callable[[Platform, Any, UUID], tuple[Event, UUID]]
    """With the row of a unit and the aggregate's id; also tells the id of what assessment makes of it."""
    hearers: tuple[Process, ...]
    """The services that hear of it, first assessment, which is watched."""


def _owed(_: Platform, unit: Any, need: UUID) -> tuple[Event, UUID]:
    made = NeedOpened(
        person_id=str(new_id()),
        kind="yearly",
        cycle="2026",
        required_hours="40",
        forms=[],
        community_unit_no=unit["unit_no"],
    )
    return made, need


def _taken(platform: Platform, unit: Any, dossier: UUID) -> tuple[Event, UUID]:
    staff, post = platform.setting.ground.staff, new_id()
    made = PostTaken(
        post_id=str(post),
        dossier_id=str(dossier),
        person_id=str(new_id()),
        category=staff.category,
        relation=staff.relation,
        role=staff.code,
        post_title=staff.title,
        community_unit_id=str(unit["id"]),
        community_unit_no=unit["unit_no"],
        township_unit_id=None,
        township_unit_no=None,
        valid_from="2026-01-01",
    )
    return made, post


KINDS = (
    Kind("hours owed, heard by two services", "training", _owed, ("assessment", "roster")),
    Kind(
        "post taken, heard by three, of which two tell more",
        "roster",
        _taken,
        ("assessment", "roster", "training"),
    ),
)


def run(asked: Run) -> Outcome:
    """Measure against the running services."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_run(asked, asked.platform))


class Watch:
    """Learns of assessment's commits from the database, which tells of one once it is on disk: asking again and again
    would take the processor from the services."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection
        self._seen: dict[str, asyncio.Future[float]] = {}

    @classmethod
    @contextlib.asynccontextmanager
    async def of(cls, platform: Platform) -> "AsyncIterator[Watch]":
        """While it lasts the tables tell."""
        connection = await asyncpg.connect(platform.database_url("assessment"))
        made = cls(connection)
        try:
            await connection.execute(_WATCH)
            for table in _WATCHED:
                await connection.execute(_TOLD.format(table))
            await connection.add_listener(CHANNEL, made._hear)
            yield made
            await connection.execute(_UNWATCH)
        finally:
            await connection.close()

    async def unit(self, tenant: UUID) -> Any:
        """One of the tenant's communities."""
        return await self._connection.fetchrow(
            "select id, unit_no from k_org_unit where tenant_id = $1 and level = 'community' limit 1", tenant
        )

    def commit(self, row: UUID) -> "asyncio.Future[float]":
        """When the row was committed, by `perf_counter`."""
        return self._seen.setdefault(str(row), asyncio.get_running_loop().create_future())

    def _hear(self, _: object, __: object, ___: object, row: str) -> None:
        if (waiting := self._seen.pop(row, None)) is not None:
            waiting.set_result(time.perf_counter())


async def _run(asked: Run, platform: Platform) -> Outcome:
    count = max(2, round(asked.seconds * A_SECOND))
    outcome = Outcome("latency", ("p50 ms", "p99 ms"), facts={"events a round": count, "events a second": A_SECOND})
    async with Watch.of(platform) as watch:
        unit = await watch.unit(platform.tenant)
        for kind in KINDS:
            async with plainest.running(platform, _TOLD, kind.hearers) as writer:
                rounds = [await _round(platform, watch, writer, kind, unit, count) for _ in range(asked.rounds)]
            ours, plain = ([each[side] for each in rounds] for side in (0, 1))
            p50, p99 = _spread(ours, 0.5), _spread(ours, 0.99)
            beside = _spread(plain, 0.5)
            outcome.rows += [
                (f"{kind.what}: insert to other service's commit", [p50, p99]),
                ("the same journey with nothing but its parts", [beside, _spread(plain, 0.99)]),
            ]
            what = f"event to other service's commit ({kind.what})"
            ratio = Spread.of([_percentile(one, 0.5) / _percentile(other, 0.5) for one, other in rounds])
            outcome.targets += [
                Target(f"{what}, p50, ms", p50, P50_MS, at_most=True),
                Target(f"{what}, p99, ms", p99, P99_MS, at_most=True),
                Target(f"{what}, p50, to its parts alone", ratio, TO_PARTS, at_most=True, ours=p50, beside=beside),
            ]
    return outcome


def _spread(rounds: list[list[float]], share: float) -> Spread:
    """The percentile of all events, since a round has few, between those of the rounds."""
    found = [_percentile(times, share) for times in rounds]
    return Spread(_percentile([each for times in rounds for each in times], share), min(found), max(found))


def _percentile(times: list[float], share: float) -> float:
    return sorted(times)[max(0, math.ceil(len(times) * share) - 1)]


async def _round(
    platform: Platform, watch: Watch, writer: asyncpg.Connection, kind: Kind, unit: Any, count: int
) -> tuple[list[float], list[float]]:
    """Milliseconds of the platform, and of the plainest chain, in turns."""
    config = platform.config(kind.process)
    kms.install(kms.FileKms(Path(config.kms_file)))
    database, nats = Database.open(config), Nats.open(config)
    ours, plain = list[float](), list[float]()
    try:
        await nats.connected()
        with calling(database, nats):  # as each worker of the service that is not its relay
            for _ in range(count + 1):
                ours.append(await _paced(_one(database, watch, platform, kind, unit)))
                plain.append(await _paced(_plain(writer, watch, platform, kind, unit)))
    finally:
        await nats.close()
        await database.close()
    return ours[1:], plain[1:]  # the first has to connect


async def _paced(one: Coroutine[Any, Any, float]) -> float:
    began = time.perf_counter()
    found = await one
    await asyncio.sleep(max(0.0, began + 1 / A_SECOND - time.perf_counter()))
    return found


async def _one(database: Database, watch: Watch, platform: Platform, kind: Kind, unit: Any) -> float:
    """Milliseconds."""
    aggregate = new_id()
    event, made = kind.make(platform, unit, aggregate)
    commit = watch.commit(made)
    async with database.transaction(Context.system(TenantId(platform.tenant), utcnow())) as tx:
        begun = time.perf_counter()
        await emit(tx, event, aggregate_id=aggregate, unit_no=unit["unit_no"])
    async with asyncio.timeout(LATE_SECONDS):
        return (await commit - begun) * 1000


async def _plain(writer: asyncpg.Connection, watch: Watch, platform: Platform, kind: Kind, unit: Any) -> float:
    """Milliseconds."""
    row = new_id()
    event, _ = kind.make(platform, unit, row)
    data, commit = msgspec.json.encode(event).decode(), watch.commit(row)
    async with writer.transaction():
        begun = time.perf_counter()
        await plainest.tell(writer, row, data)
    async with asyncio.timeout(LATE_SECONDS):
        return (await commit - begun) * 1000
