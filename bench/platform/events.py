"""Growth: what an event costs and leaves behind when N, then 2 N, then 4 N have been told; and building a model anew.

Training tells of hours owed and credited, each with its audit entry; assessment keeps them, the gateway chains the
entries. Relay and consumers run in this one process, on servers of their own.
"""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import uvloop

from bench.platform import Run
from bench.table import Outcome, Spread, Target
from contracts.training import HoursCredited, NeedOpened
from deploy.cli.read_models import MODELS, rebuild
from deploy.cli.stack.testing import TestStack
from gateway.audit.consumers import subscriptions as audit_subscriptions
from kernel.clock import utcnow
from kernel.config import Process
from kernel.context import Context, TenantId
from kernel.db.transaction import Database
from kernel.events.consumer import run_consumers
from kernel.events.models import together
from kernel.events.nats import Nats, stream_of
from kernel.events.outbox import audit, emit
from kernel.events.rebuilding import Rebuilt
from kernel.events.relay import run_relay
from kernel.events.subscriptions import Subscriptions
from kernel.ids import new_id
from kernel.privacy import kms

STEPS = (1, 1, 2)
"""Of N each: after them N, 2 N and 4 N have been told."""
A_NEED = 4
"""Events that a need makes here: opened and credited, and the two acts."""
AT_MOST = 1.5
"""The last half against the first quarter, for time and for bytes: linear growth is 1."""
OUTBOX_KIB = 1024
"""It is a queue: its room is used again."""
TOGETHER = 25
"""Needs told of in one transaction."""
WAIT_SECONDS = 600.0
PROCESSES: tuple[Process, ...] = ("training", "assessment", "gateway", "roster")
PLACES = {
    "outbox": ("training", "k_outbox"),
    "archive": ("training", "k_outbox_archive"),
    "read model": ("assessment", "assessment_learning_need"),
    "inbox": ("assessment", "k_inbox"),
    "audit chain": ("gateway", "audit_entry"),
}
_SIZE = (
    "select pg_total_relation_size($1::text::regclass) + coalesce((select sum(pg_total_relation_size(inhrelid))"
    " from pg_inherits where inhparent = $1::text::regclass), 0)"
)
_KEPT = "select count(*) from assessment_learning_need where tenant_id = $1 and credited_hours = 8"
_CHAINED = "select coalesce(max(last_version), 0) from k_inbox where tenant_id = $1 and aggregate_type = 'audit'"


def run(asked: Run) -> Outcome:
    """Measure on servers of its own, so that nothing else is told there."""
    with tempfile.TemporaryDirectory(prefix="bench-events-") as name:
        stack = TestStack(Path(name)).start()
        try:
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                return runner.run(_run(asked, stack))
        finally:
            stack.stop()


async def _run(asked: Run, stack: TestStack) -> Outcome:
    needs = max(10, round(asked.seconds * 50))
    kms.install(kms.FileKms(stack.config("training").kms_file))
    rounds, left = [], list[float]()
    async with AsyncExitStack() as opened:
        town = _Town(stack)
        await opened.enter_async_context(town.at_work())
        await _round(town, 10)  # warms up
        for _ in range(asked.rounds):
            rounds.append(await _round(town, needs))
            left.append((await town.sizes())["outbox"] / 1024)
    outbox = Spread.of(left)
    outcome = Outcome("events", ("first quarter", "second", "last half"), facts={"events": 4 * A_NEED * needs})
    for what in rounds[0][0]:
        outcome.rows.append((what, [Spread.of([each[step][what] for each in rounds]) for step in range(len(STEPS))]))
    for what in ("processor's ms", "bytes"):
        grown = Spread.of([_each(each[-1], what) / _each(each[0], what) for each in rounds])
        outcome.targets.append(Target(f"{what} an event, last half to first quarter", grown, AT_MOST, at_most=True))
    outcome.targets.append(Target("outbox after all that, KiB", outbox, OUTBOX_KIB, at_most=True))
    return outcome


def _each(step: dict[str, float], unit: str) -> float:
    """The sum of what an event costs in a unit."""
    return sum(value for what, value in step.items() if what.endswith(f"{unit} an event"))


async def _round(town: "_Town", needs: int) -> list[dict[str, float]]:
    tenant, told, steps = new_id(), 0, []
    before = await town.sizes()
    for share in STEPS:
        count = share * needs
        began, busy = time.perf_counter(), time.process_time()
        await tell(town.training, tenant, count)
        told += count
        await town.heard(tenant, told)
        seconds, worked, events = time.perf_counter() - began, time.process_time() - busy, count * A_NEED
        now = await town.sizes()
        steps.append({"ms an event": seconds * 1000 / events, "processor's ms an event": worked * 1000 / events})
        steps[-1] |= {f"{place}, bytes an event": (now[place] - before[place]) / events for place in now}
        done = await town.built_anew(tenant)
        steps[-1] |= {"model built anew, events/s": done.events / done.seconds, "news waited, ms": done.held * 1000}
        before = await town.sizes()
    return steps


async def tell(training: Database, tenant: UUID, count: int) -> None:
    """Tell of so many needs, each owed and done."""
    for at in range(0, count, TOGETHER):
        async with training.transaction(Context.system(TenantId(tenant), utcnow())) as tx:
            for _ in range(min(TOGETHER, count - at)):
                need, person = new_id(), str(new_id())
                owed: dict[str, Any] = {"person_id": person, "kind": "yearly", "cycle": "2026"}
                owed |= {"required_hours": "40", "community_unit_no": 1}
                await emit(tx, NeedOpened(forms=[], **owed), aggregate_id=need, unit_no=1)
                await audit(tx, "training.need.open", subject_type="need", subject_id=need)
                entry: dict[str, Any] = {"entry_id": str(new_id()), "session_id": str(new_id()), "form": "online"}
                entry |= {"hours": "8", "counts": True, "credited_hours": "8", "met_on": None}
                credited = HoursCredited(**owed, **entry)
                await emit(tx, credited, aggregate_id=need, unit_no=1)
                await audit(tx, "training.hours.credit", subject_type="need", subject_id=need)


class _Town:
    """Three processes' databases, one relay, two consumers."""

    def __init__(self, stack: TestStack) -> None:
        self._configs = {name: stack.config(name) for name in PROCESSES}
        self._root = stack.urls.database.rpartition("/")[0]
        self._watching: dict[str, asyncpg.Connection] = {}
        self._nats: Nats
        self.training: Database

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Tell and hear until the block ends."""
        listening: dict[Process, Subscriptions] = {
            "assessment": together(MODELS["assessment"]).subscriptions,
            "gateway": audit_subscriptions,
        }
        async with AsyncExitStack() as opened:
            work = []
            for name, config in self._configs.items():
                if name == "roster":  # it tells nothing here, but its archive is read
                    continue
                self._watching[name] = await asyncpg.connect(f"{self._root}/shegong_{name}")
                opened.push_async_callback(self._watching[name].close)
                database, nats = Database.open(config), Nats.open(config)
                opened.push_async_callback(database.close)
                opened.push_async_callback(nats.close)
                if name in listening:
                    work.append(run_consumers(database, nats, config, listening[name]))
                else:
                    self.training, self._nats = database, nats
                    await nats.ensure_stream()
                    work.append(run_relay(database, nats, config))
            tasks = [asyncio.create_task(each) for each in work]
            try:
                yield
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)

    async def heard(self, tenant: UUID, needs: int) -> None:
        """Wait until all of it is kept and chained."""
        async with asyncio.timeout(WAIT_SECONDS):
            while await self._watching["assessment"].fetchval(_KEPT, tenant) < needs:  # noqa: ASYNC110 - tells nobody
                await asyncio.sleep(0.05)
            while await self._watching["gateway"].fetchval(_CHAINED, tenant) < 2 * needs:  # noqa: ASYNC110 - the same
                await asyncio.sleep(0.05)

    async def sizes(self) -> dict[str, float]:
        """Bytes of each place, after vacuum."""
        found = {}
        for place, (process, table) in PLACES.items():
            await self._watching[process].execute(f"vacuum {table}")
            found[place] = float(await self._watching[process].fetchval(_SIZE, table))
        js = await self._nats.connected()
        found["stream"] = float((await js.stream_info(stream_of("training"))).state.bytes)
        return found

    async def built_anew(self, tenant: UUID) -> Rebuilt:
        """Assessment's models, by the operator's command."""
        ended: list[Rebuilt] = []
        tenants = {"bench": TenantId(tenant)}
        await rebuild(
            self._configs,
            "assessment",
            tenants,
            keep=True,
            emptying=False,
            tell=lambda *_: None,
            end=lambda _, done: ended.append(done),
        )
        (done,) = ended
        if any(each.missing or each.changed or each.stray for each in done.tables):
            raise RuntimeError("the model built anew is another")
        return done
