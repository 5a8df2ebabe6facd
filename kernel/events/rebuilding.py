"""Building a process' read models anew from the archives of those who told of them (decision 0031).

They are built beside the ones that are read, by the same handlers, from no more than the inbox says was applied; then,
while the consumers wait a moment, what came meanwhile is applied too and the rows that differ are corrected. Whoever
reads sees the old rows until that is committed, and whatever ends the work before leaves them as they were.
"""

import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import text

from kernel.clock import utcnow
from kernel.config import DATABASES, Process
from kernel.context import Context, TenantId
from kernel.db.transaction import Database, Transaction
from kernel.errors import Conflict
from kernel.events import shadow
from kernel.events.archive import BEGINNING, UNPUBLISHED, Archive, Position, Told, in_order
from kernel.events.envelope import Envelope
from kernel.events.inbox import apply, context_of
from kernel.events.models import ReadModel, begin_rebuild
from kernel.events.shadow import Difference

TRIES = 3
"""Another one is made when a consumer kept its inbox for too long; or when events were missed, then from the beginning:
what was published again lies elsewhere than it did."""
RECENT_PAGES = 20
"""What was on its way to the consumer when it was read lies in the last ones, and is looked at once more at the end.
What was left before waits for a dead letter; if it is applied just then, another try finds it."""
_TOUCHED = "unnest(cast(:sources as text[]), cast(:types as text[]), cast(:aggregates as uuid[]))"
_STANDING = text(
    "select g.source, g.aggregate_type, g.aggregate_id, coalesce(i.last_version, 0) as applied,"  # noqa: S608 - constants
    f" coalesce(r.version, 0) as built from {_TOUCHED} as g (source, aggregate_type, aggregate_id)"
    " left join public.k_inbox i on i.tenant_id = :tenant and i.source = g.source"
    " and i.aggregate_type = g.aggregate_type and i.aggregate_id = g.aggregate_id"
    f" left join pg_temp.{shadow.PROGRESS} r on r.source = g.source"
    " and r.aggregate_type = g.aggregate_type and r.aggregate_id = g.aggregate_id"
)
_BUILT = text(
    f"insert into pg_temp.{shadow.PROGRESS} (source, aggregate_type, aggregate_id, version)"  # noqa: S608 - constants
    " select * from unnest(cast(:sources as text[]), cast(:types as text[]), cast(:aggregates as uuid[]),"
    " cast(:versions as bigint[])) on conflict (source, aggregate_type, aggregate_id) do update"
    " set version = excluded.version"
)
_BEHIND = text(
    "select i.source, i.aggregate_type, count(*) as aggregates from public.k_inbox i"  # noqa: S608 - constants
    " join unnest(cast(:sources as text[]), cast(:types as text[])) as f (source, aggregate_type)"
    " on f.source = i.source and f.aggregate_type = i.aggregate_type"
    f" left join pg_temp.{shadow.PROGRESS} r on r.source = i.source"
    " and r.aggregate_type = i.aggregate_type and r.aggregate_id = i.aggregate_id"
    " where i.tenant_id = :tenant and i.last_version > coalesce(r.version, 0) group by 1, 2 order by 1, 2"
)
# Consumers wait here, and give up with an error before they have counted five tries.
_PATIENCE = text("select set_config('lock_timeout', '3s', true), set_config('transaction_timeout', '30s', true)")
_HOLD_CONSUMERS = text("lock table public.k_inbox in share row exclusive mode")

Aggregate = tuple[str, str, object]
Tell = Callable[["Progress"], None]


class Incomplete(Exception):
    """The archives lack events that the process has applied. Names the feeds."""


class WouldEmpty(Exception):
    """More than half of a table's rows would go: they were never told, or the archive is another's."""


class NoModel(Exception):
    """A handler reads what is sealed for its process, which is not kept in the open: it fills no read model."""


@dataclass(slots=True)
class Progress:
    """How far the work is."""

    total: int
    read: int = 0
    applied: int = 0
    began: float = field(default_factory=time.monotonic)

    @property
    def rate(self) -> float:
        """Events read a second."""
        return self.read / max(time.monotonic() - self.began, 1e-9)

    @property
    def seconds_left(self) -> float:
        """An estimate."""
        return max(0, self.total - self.read) / self.rate if self.read else 0.0


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What became of one tenant's model. `held`: for how long consumers waited, in seconds."""

    events: int
    seconds: float
    held: float
    tables: Sequence[Difference]


async def prepare(db: Database, model: ReadModel) -> None:
    """Make the shadows, on the only connection of `db`; its role needs the right to temporary tables for that alone."""
    async with db.engine.begin() as connection:
        for statement in shadow.making(model.tables):
            await connection.execute(text(statement))


class Rebuild:
    """The models of one tenant. `db` has one connection and is prepared; `sources` are the databases that told."""

    def __init__(
        self, db: Database, sources: Mapping[Process, Database], model: ReadModel, tenant: TenantId, tell: Tell
    ) -> None:
        self._db = db
        self._model = model
        self._tenant = tenant
        self._tell = tell
        self._feeds = list(model.subscriptions.feeds())
        types: dict[str, list[str]] = {}
        for source, aggregate_type in self._feeds:
            types.setdefault(source, []).append(aggregate_type)
        self._archives = [Archive(sources[source], tenant, types[source]) for source in DATABASES if source in types]
        self._next = dict.fromkeys(types, BEGINNING)
        self._progress = Progress(0)

    async def run(self, *, keep: bool = True, emptying: bool = False) -> Rebuilt:
        """Build, compare, and unless `keep` is false correct what differs.

        Raises `Incomplete`, and `WouldEmpty` unless `emptying`; then nothing was changed. Raises what a handler raises.
        """
        self._progress = Progress(sum([await each.count() for each in self._archives]))
        async with self._db.transaction(self._context()) as tx:
            await tx.session.execute(text(shadow.emptying(self._model.tables)))
        for left in reversed(range(TRIES)):
            await self._read_on()
            async with self._db.transaction(self._context()) as tx:
                for statement in shadow.analysing(self._model.tables):
                    await tx.session.execute(text(statement))
            try:
                return await self._finish(keep, emptying)
            except (Incomplete, Conflict) as error:
                if not left:
                    raise
                if isinstance(error, Incomplete):
                    self._next = dict.fromkeys(self._next, BEGINNING)
        raise AssertionError("a last try returns or raises")

    async def _read_on(self) -> None:
        behind: dict[str, Position] = {}
        recent = deque([self._next.copy()], maxlen=RECENT_PAGES)
        async for page in in_order([(each, self._next[each.source]) for each in self._archives]):
            async with self._db.transaction(self._context()) as tx:
                await shadow.close(tx)
                left = await self._build(tx, page)
            for told in left:
                source, (generation, place) = told.envelope.source, told.position
                behind[source] = min(behind.get(source, told.position), (generation, place - 1))
            self._progress.read += len(page)
            self._next |= {told.envelope.source: told.position for told in page if told.position[0] != UNPUBLISHED}
            recent.append(self._next.copy())
            self._tell(self._progress)
        for source, position in behind.items():
            self._next[source] = max(min(self._next[source], position), recent[0][source])

    async def _finish(self, keep: bool, emptying: bool) -> Rebuilt:
        held = time.monotonic()
        found: list[Difference] = []
        try:
            async with self._db.transaction(self._context()) as tx:
                await tx.session.execute(_PATIENCE)
                await tx.session.execute(_HOLD_CONSUMERS)
                held = time.monotonic()
                async for page in in_order([(each, self._next[each.source]) for each in self._archives]):
                    async with tx.savepoint():
                        await shadow.close(tx)
                        await self._build(tx, page)
                await self._check_whole(tx)
                for kind in self._model.tables:
                    found.append(await shadow.merge(tx, kind))
                emptied = [each.table for each in found if (each.rows - each.stray + each.missing) * 2 < each.rows]
                if keep and emptied and not emptying:
                    raise WouldEmpty(", ".join(emptied))
                if not keep:
                    raise _TakenBack
        except _TakenBack:
            pass
        now = time.monotonic()
        return Rebuilt(self._progress.applied, now - self._progress.began, now - held, found)

    async def _build(self, tx: Transaction, page: Sequence[Told]) -> list[Told]:
        """Apply what the inbox says was applied and the shadows lack; returns what the live consumer has yet to do."""
        begin_rebuild(tx, self._model.tables)
        keys = {_aggregate(told.envelope) for told in page}
        rows = await tx.session.execute(_STANDING, {"tenant": self._tenant, **_columns(keys)})
        standing = {(row.source, row.aggregate_type, row.aggregate_id): (row.applied, row.built) for row in rows}
        built: dict[Aggregate, int] = {}
        left = []
        for told in page:
            key = _aggregate(told.envelope)
            applied, before = standing[key]
            if told.envelope.version > applied:
                left.append(told)
            elif told.envelope.version == built.get(key, before) + 1:
                await self._apply(await tx.following(context_of(told.envelope)), told)
                built[key] = told.envelope.version
                self._progress.applied += 1
        await tx.session.flush()
        if built:
            await tx.session.execute(_BUILT, {**_columns(built), "versions": list(built.values())})
        return left

    async def _apply(self, tx: Transaction, told: Told) -> None:
        envelope = told.envelope
        feed = (envelope.source, envelope.aggregate_type)
        handled = self._model.subscriptions.find(feed, envelope.event, envelope.event_version) is not None
        if handled and told.sealed_for == tx.process:
            raise NoModel(envelope.subject)
        await apply(tx, self._model.subscriptions, [envelope])

    async def _check_whole(self, tx: Transaction) -> None:
        feeds = {"sources": [source for source, _ in self._feeds], "types": [named for _, named in self._feeds]}
        behind = (await tx.session.execute(_BEHIND, {"tenant": self._tenant, **feeds})).all()
        if behind:
            raise Incomplete(", ".join(f"{row.source} {row.aggregate_type} ({row.aggregates})" for row in behind))

    def _context(self) -> Context:
        return Context.system(self._tenant, utcnow())


class _TakenBack(Exception):
    """Ends a transaction that was to compare only."""


def _aggregate(envelope: Envelope) -> tuple[str, str, object]:
    return envelope.source, envelope.aggregate_type, envelope.aggregate_id


def _columns(keys: "set[Aggregate] | dict[Aggregate, int]") -> dict[str, object]:
    listed = list(keys)
    return {
        "sources": [each[0] for each in listed],
        "types": [each[1] for each in listed],
        "aggregates": [each[2] for each in listed],
    }
