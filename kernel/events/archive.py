"""Reading what a process told of one tenant, in the order in which it was published: page by page, bounded."""

from collections import deque
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from kernel.context import TenantId
from kernel.db.transaction import Database
from kernel.events.envelope import Envelope

PAGE = 500
UNPUBLISHED = 2**63 - 1
"""Stands for the stream of what is in the outbox still: confirmed by the broker perhaps, not yet moved."""
Position = tuple[int, int]
BEGINNING: Position = (-1, -1)

_COLUMNS = (
    "tenant_id, id, aggregate_type, aggregate_id, aggregate_version, event, event_version, unit_no,"
    " data::text as data, sealed->>'receiver' as receiver, business_time, recorded_at, traceparent"
)
_TOLD = "tenant_id = :tenant and aggregate_type = any(cast(:types as text[]))"
_PAGE = text(
    f"select * from (select stream_generation as generation, stream_seq as place, {_COLUMNS}"  # noqa: S608 - constants
    f" from k_outbox_archive where {_TOLD}"
    " and (stream_generation, stream_seq) > (:generation, :place)"
    f" union all select {UNPUBLISHED}, seq, {_COLUMNS} from k_outbox where {_TOLD} and aggregate_version is not null"
    f" and ({UNPUBLISHED}, seq) > (:generation, :place)) e order by generation, place limit :limit"
)
_COUNT = text(f"select count(*) from k_outbox_archive where {_TOLD}")  # noqa: S608 - constants


@dataclass(frozen=True, slots=True)
class Told:
    """One event, and where it lies. `sealed_for`: who may open its sealed member, which is not read here."""

    position: Position
    envelope: Envelope
    sealed_for: str | None


class Archive:
    """What one process told of one tenant, of some aggregate types."""

    def __init__(self, db: Database, tenant: TenantId, types: Collection[str]) -> None:
        self.source = db.process
        self._db = db
        self._values: dict[str, object] = {"tenant": tenant, "types": sorted(types)}

    async def count(self) -> int:
        """How many events the archive has."""
        async with self._db.relay.connect() as connection:
            return int((await connection.execute(_COUNT, self._values)).scalar_one())

    async def page(self, after: Position) -> list[Told]:
        """The next events behind a position."""
        values = self._values | {"generation": after[0], "place": after[1], "limit": PAGE}
        async with self._db.relay.connect() as connection:
            return [self._told(row) for row in await connection.execute(_PAGE, values)]

    def _told(self, row: Any) -> Told:
        envelope = Envelope(
            id=row.id,
            source=self.source,
            tenant=TenantId(row.tenant_id),
            aggregate_type=row.aggregate_type,
            aggregate_id=row.aggregate_id,
            version=row.aggregate_version,
            event=row.event,
            event_version=row.event_version,
            business_time=row.business_time,
            recorded_at=row.recorded_at,
            body=row.data.encode(),
            unit_no=row.unit_no,
            traceparent=row.traceparent,
        )
        return Told((row.generation, row.place), envelope, row.receiver)


class Reading:
    """Reads one archive from a position on, a page ahead."""

    def __init__(self, archive: Archive, after: Position) -> None:
        self.archive = archive
        self._after = after
        self._waiting: deque[Told] = deque()
        self._ended = False

    async def first(self) -> Told | None:
        """The next event; None at the end."""
        if not self._waiting and not self._ended:
            self._waiting.extend(await self.archive.page(self._after))
            self._ended = len(self._waiting) < PAGE
            if self._waiting:
                self._after = self._waiting[-1].position
        return self._waiting[0] if self._waiting else None

    def take(self) -> Told:
        """Leave the first behind."""
        return self._waiting.popleft()


async def in_order(archives: Sequence[tuple[Archive, Position]]) -> AsyncIterator[list[Told]]:
    """The events of several processes by pages: each process' in its own order, among them by the clock."""
    readings = [Reading(archive, after) for archive, after in archives]
    page: list[Told] = []
    while True:
        firsts = [(told.envelope.recorded_at, each) for each in readings if (told := await each.first()) is not None]
        if not firsts:
            break
        page.append(min(firsts, key=lambda first: first[0])[1].take())
        if len(page) == PAGE:
            yield page
            page = []
    if page:
        yield page
