"""How long an event takes: from the insert in roster to assessment's commit of what it made of it."""

import asyncio
import statistics
import time
from pathlib import Path
from uuid import UUID

import asyncpg

from bench.platform import Platform, Run
from bench.table import Outcome, Spread, Target
from contracts.roster import PostTaken
from kernel.clock import utcnow
from kernel.context import Context, TenantId
from kernel.db.transaction import Database
from kernel.events.outbox import emit
from kernel.ids import new_id
from kernel.privacy import kms

P50_MS, P99_MS = 5.0, 20.0
"""Targets of performance.md."""
A_SECOND = 40
"""Events measured, one after another, in a second of a round."""
LATE_SECONDS = 10.0
_SEEN = "select exists (select from assessment_post where tenant_id = $1 and id = $2)"


def run(asked: Run) -> Outcome:
    """Measure against the running services."""
    return asyncio.run(_run(asked, asked.platform))


async def _run(asked: Run, platform: Platform) -> Outcome:
    config = platform.config("roster")
    kms.install(kms.FileKms(Path(config.kms_file)))
    database = Database.open(config)
    watching = await asyncpg.connect(platform.database_url("assessment"))
    try:
        unit = await watching.fetchrow(
            "select id, unit_no from k_org_unit where tenant_id = $1 and level = 'community' limit 1", platform.tenant
        )
        rounds = [
            [
                await _one(database, watching, platform, unit["id"], unit["unit_no"])
                for _ in range(max(10, round(asked.seconds * A_SECOND)))
            ]
            for _ in range(asked.rounds)
        ]
    finally:
        await watching.close()
        await database.close()
    p50 = Spread.of([statistics.median(times) for times in rounds])
    p99 = Spread.of([sorted(times)[max(0, round(len(times) * 0.99) - 1)] for times in rounds])
    outcome = Outcome("latency", ("ms",), facts={"events a round": len(rounds[0])})
    outcome.rows = [("event, insert to other service's commit, p50", [p50]), ("the same, p99", [p99])]
    outcome.targets = [
        Target("event, insert to other service's commit, p50, ms", p50, P50_MS, at_most=True),
        Target("event, insert to other service's commit, p99, ms", p99, P99_MS, at_most=True),
    ]
    return outcome


async def _one(database: Database, watching: asyncpg.Connection, platform: Platform, unit: UUID, unit_no: int) -> float:
    """Milliseconds. The row is asked for each millisecond, so what is measured is at most that and a question too long:
    asking without pause would take the processor from the services."""
    post, dossier = new_id(), new_id()
    event = PostTaken(
        post_id=str(post),
        dossier_id=str(dossier),
        person_id=str(new_id()),
        category=platform.setting.ground.staff.category,
        relation=platform.setting.ground.staff.relation,
        role=platform.setting.ground.staff.code,
        post_title=platform.setting.ground.staff.title,
        community_unit_id=str(unit),
        community_unit_no=unit_no,
        township_unit_id=None,
        township_unit_no=None,
        valid_from="2026-01-01",
    )
    begun = time.perf_counter()
    async with database.transaction(Context.system(TenantId(platform.tenant), utcnow())) as tx:
        await emit(tx, event, aggregate_id=dossier, unit_no=unit_no)
    async with asyncio.timeout(LATE_SECONDS):
        while not await watching.fetchval(_SEEN, platform.tenant, post):  # noqa: ASYNC110 - the row tells nobody
            await asyncio.sleep(0.001)
    return (time.perf_counter() - begun) * 1000
