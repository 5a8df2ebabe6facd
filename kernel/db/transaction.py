"""One transaction per request, message or timer, under the tenant and scope of its context.

Whoever starts the work opens it and commits before answering or acknowledging; actions never do. The settings
that row-level security reads are local to the transaction, so a pooled connection carries nothing over.
"""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from kernel.clock import local_date
from kernel.config import ProcessConfig
from kernel.context import Context, TenantId
from kernel.db.bell import Bell, Call
from kernel.db.bounds import BoundedSession, stand_under
from kernel.db.decode import rows_of
from kernel.db.driver import Begun, Driver, quoted
from kernel.db.fairness import Places
from kernel.db.hot import Held, HotConnections
from kernel.db.parting import Parting
from kernel.db.refusals import OF_DATABASE, problem

_SETTINGS = (
    "select set_config('app.tenant', $1, true), set_config('app.lo', $2, true),"
    " set_config('app.hi', $3, true), set_config('app.person', $4, true)"
)
_PLANS = "force_custom_plan"
"""A generic plan cannot know how wide the scope is; planning anew costs less than a bad plan."""
WAIT_SECONDS = 5.0
"""For a connection: longer waits only hide that the process is short of them."""


def settings(context: Context) -> dict[str, str]:
    """The four settings as PostgreSQL takes them, in this order: always text, empty where there is none."""
    return {
        "tenant": str(context.tenant),
        "lo": str(context.scope.lo),
        "hi": str(context.scope.hi),
        "person": str(context.actor.person) if context.actor.kind == "person" else "",
    }


def _entering(context: Context) -> str:
    tenant, lo, hi, person = map(quoted, settings(context).values())
    return (
        f"select set_config('app.tenant', {tenant}, true), set_config('app.lo', {lo}, true),"
        f" set_config('app.hi', {hi}, true), set_config('app.person', {person}, true)"
    )


class Transaction:
    """An open transaction, handed to actions and queries. They read and write through `session` and never commit."""

    def __init__(self, context: Context, way: "_Way", process: str) -> None:
        self.context = context
        self._way = way
        self.process = process
        self.first = ""
        """How the server answered what the transaction was begun with, `INSERT 0 1`."""
        self.position_of: UUID | None = None
        self.after_commit: list[Callable[[], Awaitable[None]]] = []
        """What has to be told once the commit stands and before the answer goes out (revocations to the edges)."""
        self.answered: Any = None
        """What the operation answers; its `id` and `version` become Location and ETag."""
        self.calls: set[Call] = set()
        self.read_once: dict[tuple[object, ...], Any] = {}
        """What `kernel.org.queries` has read for this request already."""

    @property
    def session(self) -> AsyncSession:
        """SQLAlchemy's session on this transaction."""
        return self._way.session()

    async def flush(self) -> None:
        """Write what the session holds, if there is one."""
        if self._way.made is not None:
            await self._way.made.flush()

    @property
    def tenant(self) -> TenantId:
        """The tenant whose rows this transaction sees."""
        return self.context.tenant

    @property
    def now(self) -> datetime:
        """The tenant's business instant, UTC."""
        return self.context.business_time

    @property
    def today(self) -> date:
        """The tenant's business day in Asia/Shanghai."""
        return local_date(self.context.business_time)

    async def under(self, context: Context) -> "Transaction":
        """The same transaction, from here on under another tenant or scope.

        For onboarding, where the platform's act and the tenant it makes stand or fall together, and for sums over the
        rows of one person under several units; whoever widens the scope narrows it again and shows nothing read in it.
        """
        await self.flush()
        await self._way.parting().write()
        await self.run(_SETTINGS, *settings(context).values())
        self._way.stand_under(context)
        return self._same(context)

    async def following(self, context: Context) -> "Transaction":
        """The same transaction for the next of several works that stand or fall together, as if it had just begun.

        Raises `ValueError` where the settings of the database would have to be others.
        """
        if settings(context) != settings(self.context):
            raise ValueError("works of different tenants or scopes do not share a transaction")
        await self.flush()
        if self._way.made is not None:
            self._way.made.expunge_all()
        return self._same(context)

    def _same(self, context: Context) -> "Transaction":
        same = Transaction(context, self._way, self.process)
        same.calls = self.calls
        return same

    async def run(self, statement: str, *args: Any) -> Sequence[Sequence[Any]]:
        """The rows of one statement with the driver's own parameters ($1); JSON is given as text.

        For what nearly every request needs and for hot paths: SQLAlchemy takes longer for one than the database. It
        adds no bounds to the statement and does not see what the session has yet to write (`flush`).
        """
        rows: Sequence[Sequence[Any]] = await self._way.driver().fetch(statement, *args)
        return rows

    async def run_each(self, statement: str, given: Sequence[Sequence[Any]]) -> Sequence[Sequence[Any]]:
        """The rows of one statement run with each of these parameters in turn, all in one trip."""
        rows: Sequence[Sequence[Any]] = await self._way.driver().fetchmany(statement, given)
        return rows

    async def last(self, statement: str, *args: Any) -> None:
        """Run it last, in one trip with the COMMIT (`kernel.db.parting`): for what nobody reads in the transaction."""
        await self._way.parting().add(statement, args)

    @contextlib.asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """What an exception ends within leaves nothing behind, and the transaction goes on."""
        parting = self._way.parting()
        await parting.write()
        try:
            async with self.session.begin_nested():
                yield
        except BaseException:
            parting.forget()
            raise

    def call(self, channel: str, payload: str = "") -> None:
        """Wake who waits on a channel of this database, once the commit stands (`kernel.db.bell`)."""
        self.calls.add((channel, payload))

    def position(self, event_id: UUID) -> None:
        """Answer with `Shegong-Position: event_id`, so that the worklist can wait for what was done here."""
        self.position_of = event_id


class _Way:
    """The way into a transaction that is under way: the driver's, and a session made when somebody asks for it."""

    def __init__(self, held: Held, context: Context) -> None:
        self._held: Held | None = held
        self._context = context
        self._parting = Parting(held[1])
        self.made: AsyncSession | None = None

    def session(self) -> AsyncSession:
        if self.made is None:
            connection = self._open()[0]
            self.made = AsyncSession(connection, expire_on_commit=False, sync_session_class=BoundedSession)
            stand_under(self.made.sync_session, self._context)
        return self.made

    def driver(self) -> Driver:
        return self._open()[1]

    def parting(self) -> Parting:
        self._open()
        return self._parting

    def stand_under(self, context: Context) -> None:
        self._context = context
        if self.made is not None:
            stand_under(self.made.sync_session, context)

    def shut(self) -> None:
        """Its connection serves others from here on: who kept the transaction must not get at them through it."""
        if self.made is not None:
            self.made.expunge_all()
            self.made.sync_session.bind = None
        self._held = self.made = None

    def _open(self) -> Held:
        if self._held is None:
            raise RuntimeError("the transaction has ended")
        return self._held


class Database:
    """The one pool of a process, and the small one of its relay role."""

    def __init__(self, engine: AsyncEngine, relay: AsyncEngine, process: str, connections: int) -> None:
        self.engine = engine
        self.relay = relay
        self.process = process
        self.bell = Bell(relay)
        self._hot = HotConnections(engine)
        self._by_key = HotConnections(engine, usual=_PLANS, plans="force_generic_plan")
        self._hot.beside, self._by_key.beside = self._by_key, self._hot
        self._places = Places(connections, WAIT_SECONDS)

    @classmethod
    def open(cls, config: ProcessConfig) -> "Database":
        """Make the pools; connects on first use."""
        return cls(
            _engine(config.app_dsn.get_secret_value(), config.pool_size, f"{config.process}-app"),
            _engine(config.relay_dsn.get_secret_value(), 5, f"{config.process}-relay"),
            config.process,
            config.pool_size,
        )

    async def close(self) -> None:
        """Close all connections."""
        await self.bell.rest()
        await self._hot.close()
        await self._by_key.close()
        await self.engine.dispose()
        await self.relay.dispose()

    @contextlib.asynccontextmanager
    async def transaction(self, context: Context, first: str = "") -> AsyncIterator[Transaction]:
        """Begin, set tenant and scope, yield, commit; roll back on any exception.

        first: a statement without parameters that goes with the BEGIN (`Transaction.first`).

        Raises `Conflict` where a constraint refuses (also at commit) and `Unavailable` where the connection is
        lost, so that a caller never hears of success that was not stored.

        It begins past SQLAlchemy, which has part in it only once somebody asks for the session; its connection stays
        out of the pool between two of them, like those of hot statements. A transaction that is cancelled ends with
        its connection.
        """
        await self._places.enter(context.tenant)
        try:
            await self._by_key.make_room()
            held = connection, driver = await self._hot.take()
            way = _Way(held, context)
            begun, sound = Begun(connection, driver), False
            driver.entering = f"{_entering(context)}; {first}" if first else _entering(context)
            try:
                await begun.start()
                tx = Transaction(context, way, self.process)
                tx.first = driver.entered
                try:
                    yield tx
                    await tx.flush()
                    await way.parting().with_the_commit()
                    if way.made is not None:
                        await way.made.commit()
                    await begun.end(well=True)
                except Exception:
                    if way.made is not None:
                        await way.made.rollback()
                    await begun.end(well=False)
                    sound = True
                    raise
                sound = True
            finally:
                way.shut()
                if not sound:
                    begun.forget()
                await self._hot.leave(held, sound=sound)
            self.bell.ring(tx.calls)
        except OF_DATABASE as error:
            raise problem(error) from error
        finally:
            self._places.leave(context.tenant)

    async def fetch_folded(self, context: Context, body: str, *args: Any, by_key: bool = False) -> list[dict[str, Any]]:
        """Run one hot SELECT or INSERT in a single trip, with the settings folded into it.

        `body` is a SELECT whose condition holds `c.x is not null`, or an INSERT from a SELECT whose FROM is
        `{settings}`, with the same condition: so the settings are made before policies are read. Its own parameters
        start at $5. UPDATE and DELETE cannot be folded (they read their policy first and find nothing): use
        `transaction`.

        by_key: what it reads it finds by a key, so that a plan made once is right for every scope.
        """
        values = settings(context)
        statement = (body if "{settings}" in body else _FOLD.replace("{body}", body)).replace("{settings}", _FOLDED_IN)
        await self._places.enter(context.tenant)
        try:
            connections, others = (self._by_key, self._hot) if by_key else (self._hot, self._by_key)
            await others.make_room()
            held = await connections.take()
            sound = False
            try:
                rows = await held[1].fetch(
                    statement, values["tenant"], values["lo"], values["hi"], values["person"], *args
                )
                sound = True
            except (asyncpg.PostgresError, asyncpg.InterfaceError):
                sound = True  # it was refused, and waits for the next
                raise
            finally:
                await connections.leave(held, sound=sound)
            return rows_of(rows)
        except OF_DATABASE as error:
            raise problem(error) from error
        finally:
            self._places.leave(context.tenant)


_FOLDED_IN = (
    "(select set_config('app.tenant', $1, true) as x, set_config('app.lo', $2, true),"
    " set_config('app.hi', $3, true), set_config('app.person', $4, true) offset 0) c"
)
_FOLD = "select a.* from {settings} cross join lateral ({body} offset 0) a"


def _engine(dsn: str, size: int, name: str) -> AsyncEngine:
    url = dsn.replace("postgresql://", "postgresql+asyncpg://", 1)
    engine = create_async_engine(
        url,
        pool_size=size,
        max_overflow=0,
        pool_timeout=WAIT_SECONDS,
        pool_pre_ping=False,
        # The text of an error may be logged; parameters are values, and values may be personal data.
        hide_parameters=True,
        connect_args={
            "server_settings": {
                "application_name": name,
                "plan_cache_mode": _PLANS,
                "timezone": "UTC",
                "lock_timeout": "5s",
                "statement_timeout": "30s",
            },
            "timeout": 5,
            "command_timeout": 35,
            "connection_class": Driver,
        },
    )
    event.listen(engine.sync_engine, "checkout", _hand_out)
    return engine


def _hand_out(connection: Any, _: Any, __: Any) -> None:
    """Have the pool replace a connection that ended while it lay there; costs no trip, and a restart of the server
    costs nobody an answer."""
    driver: Driver = connection.driver_connection
    if driver.is_closed():
        raise DisconnectionError
    driver.entering = ""  # of a transaction that ended before its first statement
