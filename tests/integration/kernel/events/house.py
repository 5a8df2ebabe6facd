"""Two services on real PostgreSQL and NATS: recruitment tells, roster listens and writes down what it applied."""

import asyncio
import os
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from deploy.cli.stack.testing import TestStack
from deploy.cli.supervisor.applications import importing
from kernel.clock import utcnow
from kernel.config import Process, ProcessConfig
from kernel.context import Context, TenantId
from kernel.db.policy import walls
from kernel.db.table import Rls
from kernel.db.transaction import Database, Transaction
from kernel.events.consumer import run_consumers
from kernel.events.event import Event, Received
from kernel.events.nats import Nats
from kernel.events.outbox import emit
from kernel.events.relay import run_relay
from kernel.events.subscriptions import Subscriptions
from kernel.ids import new_id
from kernel.privacy import kms
from kernel.testing.schema import make_schema

DEADLINE_SECONDS = 30
EFFECT = "probe_effect"


class Probed(Event, frozen=True, kw_only=True):
    """A made-up event; `mood` tells the handler what to do."""

    source: ClassVar[str] = "recruitment"
    aggregate: ClassVar[str] = "probe"
    name: ClassVar[str] = "probed"

    n: int
    mood: str = "good"


async def until(condition: Callable[[], Awaitable[Any]], what: str, seconds: float = DEADLINE_SECONDS) -> Any:
    """Ask again until the answer is true; fails with `what` after the deadline."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := await condition():
            return found
        await asyncio.sleep(0.02)
    raise AssertionError(f"not within {seconds:.0f} s: {what}")


def in_child(work: Callable[[], Awaitable[None]]) -> int:
    """Run `work` in a forked process with a loop of its own; returns its exit code (137 at a crash point)."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            asyncio.run(asyncio.wait_for(work(), DEADLINE_SECONDS))
            code = 0
        finally:
            # Nothing of the parent (connections, pytest) may be closed from here.
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


class House:
    """The servers, and one process of each service: databases, connections, what they run."""

    def __init__(self, stack: TestStack) -> None:
        self.stack = stack
        self.dbs: dict[str, Database] = {}

    def config(self, process: Process, **changes: Any) -> ProcessConfig:
        """The configuration of a process; `changes` replace settings (a crash point)."""
        return self.stack.config(process).model_copy(update=changes)

    async def open(self) -> "House":
        """Make schemas and open the databases."""
        kms.install(kms.FileKms(self.stack.folder.kms))
        deque(importing(), maxlen=0)  # some tables of a service may be known already, and name others
        for process in ("recruitment", "roster"):
            await make_schema(process, self.stack.dsn(process, "migrator"))
            self.dbs[process] = Database.open(self.config(process))
        await self._make_effects()
        return self

    async def close(self) -> None:
        """Close the databases."""
        for db in self.dbs.values():
            await db.close()

    async def _make_effects(self) -> None:
        dsn = self.stack.dsn("roster", "migrator").replace("postgresql://", "postgresql+asyncpg://")
        engine = create_async_engine(dsn)
        async with engine.begin() as connection:
            await connection.execute(text("set role shegong_roster_owner"))
            await connection.execute(
                text(
                    f"create table if not exists {EFFECT} (tenant_id uuid not null, place bigint generated always"
                    " as identity, event_id uuid, aggregate_id uuid, version bigint, n integer, note text,"
                    " primary key (tenant_id, place))"
                )
            )
            for statement in walls(EFFECT, Rls.tenant_wide("a test's own"), "roster"):
                await connection.execute(text(statement))
        await engine.dispose()

    @asynccontextmanager
    async def nats(self, config: ProcessConfig) -> AsyncIterator[Nats]:
        """A connection that ends with the block."""
        nats = Nats.open(config, fatal=lambda: None)
        try:
            yield nats
        finally:
            await nats.close()

    @asynccontextmanager
    async def relaying(self, **changes: Any) -> AsyncIterator[Nats]:
        """Recruitment's relay at work."""
        config = self.config("recruitment", **changes)
        async with self.nats(config) as nats, running(run_relay(self.dbs["recruitment"], nats, config)):
            yield nats

    @asynccontextmanager
    async def consuming(self, subscriptions: Subscriptions, **changes: Any) -> AsyncIterator[Nats]:
        """Roster's consumers at work."""
        config = self.config("roster", **changes)
        work = run_consumers
        async with self.nats(config) as nats, running(work(self.dbs["roster"], nats, config, subscriptions)):
            yield nats

    async def tell(self, tenant: UUID, aggregate: UUID, n: int, mood: str = "good") -> UUID:
        """Emit one event in a transaction of its own."""
        async with self.dbs["recruitment"].transaction(system(tenant)) as tx:
            return await emit(tx, Probed(n=n, mood=mood), aggregate_id=aggregate)

    async def told(self, tenant: UUID) -> bool:
        """Whether the stream has confirmed all that recruitment tells of the tenant, and the archive holds it."""
        return not await self.rows("recruitment", tenant, "select 1 from k_outbox")

    async def effects(self, tenant: UUID, aggregate: UUID | None = None) -> list[Any]:
        """What roster applied, in order of application: rows of n, version, note."""
        return await self.rows(
            "roster",
            tenant,
            f"select n, version, note, aggregate_id from {EFFECT}"  # noqa: S608 - a constant
            " where cast(:aggregate as uuid) is null or aggregate_id = :aggregate order by place",
            aggregate=aggregate,
        )

    async def rows(self, process: str, tenant: UUID, sql: str, **values: Any) -> list[Any]:
        """Run a statement as the app role of a process, for a tenant."""
        async with self.dbs[process].transaction(system(tenant)) as tx:
            return list((await tx.session.execute(text(sql), values)).all())

    async def relay_rows(self, process: str, sql: str) -> list[Any]:
        """Run a statement as the relay role, across tenants."""
        async with self.dbs[process].relay.connect() as connection:
            return list((await connection.execute(text(sql))).all())


@asynccontextmanager
async def running(work: Any) -> AsyncIterator[None]:
    """A background task that ends with the block; its failure is the test's."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def system(tenant: UUID) -> Context:
    """The platform at work for that tenant."""
    return Context.system(TenantId(tenant), utcnow())


async def write_down(tx: Transaction, event: Received[Probed]) -> None:
    """The ordinary handler: one row per application, so a double effect would be seen."""
    await tx.session.execute(
        text(
            f"insert into {EFFECT} (tenant_id, event_id, aggregate_id, version, n, note)"  # noqa: S608 - constant
            " values (:tenant, :event, :aggregate, :version, :n, :note)"
        ),
        {
            "tenant": event.tenant,
            "event": event.id,
            "aggregate": event.aggregate_id,
            "version": event.version,
            "n": event.data.n,
            "note": (event.sealed or {}).get("phone"),
        },
    )


def listening(handler: Callable[[Transaction, Received[Probed]], Awaitable[None]] = write_down) -> Subscriptions:
    """Subscriptions with one handler of `Probed`."""
    subscriptions = Subscriptions()
    subscriptions.on(Probed)(handler)
    return subscriptions


def new_tenant() -> UUID:
    """Each test has its own tenant, so nothing is cleaned between tests."""
    return new_id()


@asynccontextmanager
async def open_house(path: Path) -> AsyncIterator[House]:
    """Servers in `path`, both services' databases, until the block ends."""
    stack = await asyncio.to_thread(TestStack(path).start, migrate=False)
    try:
        house = await House(stack).open()
        try:
            yield house
        finally:
            await house.close()
    finally:
        await asyncio.to_thread(stack.stop)
