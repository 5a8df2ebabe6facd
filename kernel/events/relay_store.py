"""The relay's SQL: one connection of its role that holds the lock, listens, takes and moves events."""

import contextlib
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from kernel.db.driver import driver_connection
from kernel.db.transaction import Database
from kernel.events import seal
from kernel.events.audit import AUDIT
from kernel.events.envelope import Envelope, body
from kernel.events.outbox import CHANNEL
from kernel.events.publish import Outgoing

RELAY_LOCK = 6_005_700_220_000
"""Advisory lock of the one relay of a database; any number that nothing else there uses."""

_COLUMNS = (
    "tenant_id, id, aggregate_type, aggregate_id, aggregate_version, event, event_version, unit_no, data,"
    " sealed, sealed_person_id, business_time, request_id, traceparent, recorded_at"
)
_MESSAGE = (
    "o.tenant_id, o.id, o.aggregate_type, o.aggregate_id, o.aggregate_version, o.event, o.event_version,"
    " o.unit_no, o.data::text as data, o.sealed::text as sealed, o.business_time, o.traceparent,"
    " o.recorded_at, p.wrapped"
)
_KEY = (
    " left join k_person_key p on p.tenant_id = o.tenant_id and p.person_id = o.sealed_person_id"
    " and p.key_version = (o.sealed->>'key_version')::integer"
)
_TAKE = f"""
select o.seq, {_MESSAGE} from k_outbox o{_KEY} where o.seq <> all ($2::bigint[]) order by o.seq limit $1
"""  # noqa: S608 - constants
_NUMBERED = "select seq from k_outbox where aggregate_type = $1 and aggregate_version is not null"
_TAKE_NUMBERED = f"""
select o.seq, {_MESSAGE} from k_outbox o{_KEY} where o.seq = any ($2::bigint[]) order by o.aggregate_version limit $1
"""  # noqa: S608 - constants
# The number is also written into the entry itself, so that whoever exports it sees it without the envelope.
_NUMBER = """
with fresh as (
  select tenant_id, id, row_number() over (partition by tenant_id order by seq) as place
  from k_outbox where seq = any ($1::bigint[])
), tally as (
  insert into k_audit_number as a (tenant_id, last_number) select tenant_id, count(*) from fresh group by
  tenant_id on conflict (tenant_id) do update set last_number = a.last_number + excluded.last_number
  returning new.tenant_id, coalesce(old.last_number, 0) as base
)
update k_outbox o
set aggregate_version = t.base + f.place, data = o.data || jsonb_build_object('number', t.base + f.place)
from fresh f join tally t using (tenant_id)
where o.tenant_id = f.tenant_id and o.id = f.id
returning o.seq, o.aggregate_version, o.data::text as data
"""
_MOVE = f"""
with sent as (select * from unnest($1::bigint[], $2::bigint[]) as s (seq, stream_seq)),
gone as (delete from k_outbox o using sent s where o.seq = s.seq returning o.*, s.stream_seq)
insert into k_outbox_archive ({_COLUMNS}, stream_generation, stream_seq)
select {_COLUMNS}, $3, stream_seq from gone
"""  # noqa: S608 - constants
# Rows behind the end of the stream count as those of an earlier stream: one order for all that has to go
# again.
_CUT_OFF = """
update k_outbox_archive set stream_generation = stream_generation - 1
where stream_generation = $1 and stream_seq > $2
"""
_LOST = f"""
select {_MESSAGE} from (
  select * from k_outbox_archive where stream_generation < $1 order by stream_generation, stream_seq limit $2
) o{_KEY} order by o.stream_generation, o.stream_seq
"""  # noqa: S608 - constants
_ARCHIVED = f"""
select o.stream_generation, o.stream_seq, {_MESSAGE} from (
  select * from k_outbox_archive
  where recorded_at >= $1 and recorded_at < $2 and ($3::uuid is null or tenant_id = $3)
    and ($4::text is null or aggregate_type = $4) and (stream_generation, stream_seq) > ($5::bigint,
    $6::bigint)
  order by stream_generation, stream_seq limit $7
) o{_KEY} order by o.stream_generation, o.stream_seq
"""  # noqa: S608 - constants
_FOUND_AGAIN = """
update k_outbox_archive a set stream_generation = $4, stream_seq = f.stream_seq
from unnest($1::uuid[], $2::uuid[], $3::bigint[]) as f (tenant_id, id, stream_seq)
where a.tenant_id = f.tenant_id and a.id = f.id
"""
# Planned once, on a queue that is mostly empty and may fill at any time: by index always.
_PLANS = "set plan_cache_mode = force_generic_plan; set enable_seqscan = off; set enable_bitmapscan = off"


class RelayStore:
    """Statements on the relay's own connection. `process` is the source of everything it publishes."""

    def __init__(self, driver: Any, process: str) -> None:
        self.driver = driver
        self.process = process
        self._numbered: set[int] | None = None
        """Audit entries in the outbox that have their number; not known at first."""

    async def lock(self) -> bool:
        """Become the relay of this database, if there is none. Held until the connection ends."""
        return bool(await self.driver.fetchval("select pg_try_advisory_lock($1)", RELAY_LOCK))

    async def listen(self, wake: Callable[[], None]) -> None:
        """Call `wake` on every notification, and when the connection ends.

        A hint only: the relay also polls.
        """
        await self.driver.add_listener(CHANNEL, lambda *_: wake())
        self.driver.add_termination_listener(lambda *_: wake())

    async def take(self, limit: int, behind: Sequence[Any] = ()) -> list[Mapping[str, Any]]:
        """The next rows in order of `seq`, without those of `behind`; the audit entries among them are numbered.

        Those that have their number and did not go come first: an entry of lower `seq` may have been committed since,
        and has a higher number.
        """
        on_its_way = [row["seq"] for row in behind]
        if self._numbered is None:
            self._numbered = {row["seq"] for row in await self.driver.fetch(_NUMBERED, AUDIT)}
        if left := self._numbered.difference(on_its_way):
            again: list[Mapping[str, Any]] = await self.driver.fetch(_TAKE_NUMBERED, limit, list(left))
            if again:
                return again
            self._numbered -= left
        rows: list[Mapping[str, Any]] = await self.driver.fetch(_TAKE, limit, on_its_way)
        fresh = [row["seq"] for row in rows if row["aggregate_version"] is None]
        if not fresh:
            return rows
        given = {row["seq"]: dict(row) for row in await self.driver.fetch(_NUMBER, fresh)}
        self._numbered.update(given)
        return [dict(row) | given.get(row["seq"], {}) for row in rows]

    @contextlib.asynccontextmanager
    async def moved(self, rows: Sequence[Any], sequences: Sequence[int], generation: int) -> AsyncIterator[None]:
        """Move confirmed rows to the archive in one statement; commits when the block ends.

        It waits for no disk: where the server loses the move, the rows are published again, as after a relay that died.
        """
        self.driver.entering = "set local synchronous_commit = off"
        async with self.driver.transaction():
            await self.driver.execute(_MOVE, [row["seq"] for row in rows], list(sequences), generation)
            yield
        if self._numbered is not None:
            self._numbered.difference_update(row["seq"] for row in rows)

    async def cut_off(self, generation: int, last_seq: int) -> None:
        """Count as lost what lies behind the end of the stream."""
        await self.driver.execute(_CUT_OFF, generation, last_seq)

    async def lost(self, generation: int, limit: int) -> list[Any]:
        """Archived rows that the stream does not hold, in the order of their first publication."""
        rows: list[Any] = await self.driver.fetch(_LOST, generation, limit)
        return rows

    async def archived(
        self,
        period: tuple[datetime, datetime],
        tenant: UUID | None,
        aggregate_type: str | None,
        after: tuple[int, int],
        limit: int,
    ) -> list[Any]:
        """A page of archived rows recorded in [period), in the order of their publication, behind `after`."""
        rows: list[Any] = await self.driver.fetch(_ARCHIVED, *period, tenant, aggregate_type, *after, limit)
        return rows

    async def found_again(self, rows: Sequence[Any], sequences: Sequence[int], generation: int) -> None:
        """Keep where rows lie after they were published again."""
        await self.driver.execute(
            _FOUND_AGAIN, [r["tenant_id"] for r in rows], [r["id"] for r in rows], list(sequences), generation
        )

    async def outgoing(self, row: Any) -> Outgoing:
        """The message of one row, with the person's key wrapped into its sealed member."""
        event_id: UUID = row["id"]
        sealed = None
        if row["sealed"] is not None:
            member = msgspec.json.decode(row["sealed"], type=dict[str, Any])
            sealed = await seal.attach_key(row["tenant_id"], event_id, member, row["wrapped"])
        envelope = Envelope(
            id=event_id,
            source=self.process,
            tenant=row["tenant_id"],
            aggregate_type=row["aggregate_type"],
            aggregate_id=row["aggregate_id"],
            version=row["aggregate_version"],
            event=row["event"],
            event_version=row["event_version"],
            business_time=row["business_time"],
            recorded_at=row["recorded_at"],
            body=body(row["data"], sealed),
            unit_no=row["unit_no"],
            traceparent=row["traceparent"],
        )
        return Outgoing(str(event_id), envelope.subject, envelope.lines(), envelope.body)


@contextlib.asynccontextmanager
async def relay_store(db: Database) -> AsyncIterator[RelayStore]:
    """A connection of the relay role of its own.

    It is ended afterwards, which gives up lock and listening.
    """
    async with db.relay.connect() as connection:
        try:
            driver = await driver_connection(connection)
            await driver.execute(_PLANS)
            yield RelayStore(driver, db.process)
        finally:
            await connection.invalidate()
