"""The busiest hour of all tenants of a platform: how long it takes until what was told in it is kept and chained.

Its events are told as fast as they go in, in every tenant by its size; relay, consumers and the gateway's chain are
those of the platform that runs, over all the rows that it has.
"""

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import asyncpg
import uvloop

from bench.platform import Platform, Run
from bench.platform.events import A_NEED, tell
from bench.table import Outcome, Spread, Target
from kernel.config import Process
from kernel.db.transaction import Database
from kernel.events.nats import Nats, stream_of
from kernel.events.relay import calling
from kernel.privacy import kms

A_WORKER = 0.1
"""Events in the busiest hour: 170,000 of 1.7 million workers, as docs/performance.md reckons."""
HOUR_SECONDS = 3600.0
LISTENERS: tuple[Process, ...] = ("assessment", "roster")
"""Who keeps needs."""
AT_ONCE = 4
"""Tenants that tell at a time."""
LOOK_SECONDS = 0.5
WAIT_SECONDS = 7200.0
_BOTH = (
    "select count(*) from k_inbox where source = 'training' and aggregate_type = 'need' and last_version = 2"
    " and tenant_id = any($1)"
)
_CHAINED = (
    "select coalesce(sum(last_version), 0) from k_inbox where source = 'training' and aggregate_type = 'audit'"
    " and tenant_id = any($1)"
)
_OUTBOX = "select pg_total_relation_size('k_outbox')"


def run(asked: Run) -> Outcome:
    """Measure on the platform, one hour a round."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_run(asked, asked.platform))


async def _run(asked: Run, platform: Platform) -> Outcome:
    needs = {UUID(one.setting.tenant): max(1, round(one.workers * A_WORKER / A_NEED)) for one in platform.tenants}
    events = sum(needs.values()) * A_NEED
    rounds = [await _hour(platform, needs) for _ in range(asked.rounds)]
    outcome = Outcome("hour", ("",), facts={"events": events, "tenants": len(needs), "workers": asked.workers})
    for what in rounds[0]:
        outcome.rows.append((what, [Spread.of([each[what] for each in rounds])]))
    through = Spread.of([each["s until all is kept and chained"] for each in rounds])
    outcome.targets.append(Target("the busiest hour's events, s", through, HOUR_SECONDS, at_most=True))
    return outcome


async def _hour(platform: Platform, needs: dict[UUID, int]) -> dict[str, float]:
    config = platform.config("training")
    kms.install(kms.FileKms(Path(config.kms_file)))
    database, nats = Database.open(config), Nats.open(config)
    places = asyncio.Semaphore(AT_ONCE)
    told, owed = sum(needs.values()), _Left(platform, list(needs))
    try:
        js = await nats.connected()
        before, began = await owed.kept(), time.perf_counter()
        stored = (await js.stream_info(stream_of("training"))).state.bytes

        async def one(tenant: UUID) -> None:
            async with places:
                await tell(database, tenant, needs[tenant])

        with calling(database, nats):
            async with asyncio.TaskGroup() as group:
                for tenant in needs:
                    group.create_task(one(tenant))
        all_told = time.perf_counter() - began
        async with asyncio.timeout(WAIT_SECONDS):
            while True:
                both, chained = await owed.kept()
                if both - before[0] >= told and chained - before[1] >= 2 * told:
                    break
                await asyncio.sleep(LOOK_SECONDS)
        seconds, events = time.perf_counter() - began, told * A_NEED
        stored = (await js.stream_info(stream_of("training"))).state.bytes - stored
        return {
            "s until all is told": all_told,
            "s until all is kept and chained": seconds,
            "events/s": events / seconds,
            "stream, bytes an event": stored / events,
            "outbox afterwards, KiB": await owed.look("training", _OUTBOX) / 1024,
        }
    finally:
        await owed.close()
        await nats.close()
        await database.close()


class _Left:
    """What those who hear of needs, and the gateway, have of the tenants' events so far."""

    def __init__(self, platform: Platform, tenants: Sequence[UUID]) -> None:
        self._platform, self._tenants = platform, list(tenants)
        self._open: dict[str, asyncpg.Connection] = {}

    async def kept(self) -> tuple[int, int]:
        """Needs of which everybody has kept both events, and entries chained."""
        both = [int(await self.look(each, _BOTH, self._tenants)) for each in LISTENERS]
        return min(both), int(await self.look("gateway", _CHAINED, self._tenants))

    async def look(self, process: Process, query: str, *values: object) -> float:
        """A number that a database tells."""
        if process not in self._open:
            self._open[process] = await asyncpg.connect(self._platform.database_url(process))
        return float(await self._open[process].fetchval(query, *values))

    async def close(self) -> None:
        """End its connections."""
        for connection in self._open.values():
            await connection.close()
