"""The kernel tables of events, in every service's database."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, Identity, Index, Text
from sqlmodel import Field

from kernel.db.table import Instant, Rls, TenantTable, instant, json_field, recorded_now

_SHARED = "news concerns the whole tenant; whoever may act may tell of it"


class _Message(TenantTable):
    """What outbox and archive keep of one event.

    `aggregate_version` of an audit entry is set by the relay. What was published stays as it was published.
    """

    __renumbered__: ClassVar[bool] = False

    id: UUID = Field(primary_key=True)
    aggregate_type: str
    aggregate_id: UUID
    aggregate_version: int | None = Field(default=None, sa_type=BigInteger)
    event: str
    event_version: int
    unit_no: int | None = None
    data: dict[str, Any] = json_field()
    sealed: dict[str, Any] | None = json_field(default=None, nullable=True)
    sealed_person_id: UUID | None = None
    business_time: datetime = instant()
    request_id: str
    traceparent: str | None = None


class Outbox(_Message, table=True):
    """Events that are committed and not yet confirmed by the stream. Short: published rows leave it.

    `seq` is taken after the aggregate's version row was locked, so within one aggregate it rises with the
    version.
    """

    __tablename__ = "k_outbox"
    __rls__: ClassVar[Rls] = Rls.tenant_wide(_SHARED, app="select, insert", relay="select, update, delete")
    __table_args__ = (Index("k_outbox_seq_ix", "seq"),)

    seq: int | None = Field(default=None, sa_type=BigInteger, sa_column_args=(Identity(always=True),), nullable=False)
    recorded_at: datetime = recorded_now()


class OutboxArchive(_Message, table=True):
    """Published events, by month, kept at least 180 days and as long as a read model is built from them.

    `stream_generation` (when the stream was made, microseconds) and `stream_seq` say where in which stream
    the event lies; a stream that is younger or shorter than that has lost it.
    """

    __tablename__ = "k_outbox_archive"
    __rls__: ClassVar[Rls] = Rls.tenant_wide(_SHARED, app="select", relay="select, insert, update")
    __table_args__ = (
        Index("k_outbox_archive_stream_ix", "stream_generation", "stream_seq"),
        Index(
            "k_outbox_archive_aggregate_ix",
            "tenant_id",
            "aggregate_type",
            "aggregate_id",
            "aggregate_version",
        ),
        {"postgresql_partition_by": "RANGE (recorded_at)"},
    )

    recorded_at: datetime = Field(primary_key=True, sa_type=Instant)
    stream_generation: int = Field(sa_type=BigInteger)
    stream_seq: int = Field(sa_type=BigInteger)
    published_at: datetime = recorded_now()


class EventVersion(TenantTable, table=True):
    """The last version given out per aggregate; its row lock makes the versions gapless and ordered."""

    __tablename__ = "k_event_version"
    __rls__: ClassVar[Rls] = Rls.tenant_wide(_SHARED, app="select, insert, update", relay="select")

    aggregate_type: str = Field(primary_key=True)
    aggregate_id: UUID = Field(primary_key=True)
    last_version: int = Field(sa_type=BigInteger)


class AuditNumber(TenantTable, table=True):
    """The last audit number of a tenant in this service, raised by the relay only."""

    __tablename__ = "k_audit_number"
    __rls__: ClassVar[Rls] = Rls.tenant_wide(_SHARED, app="select", relay="select, insert, update")

    last_number: int = Field(sa_type=BigInteger)


class Inbox(TenantTable, table=True):
    """The last version applied here per foreign aggregate: what makes every effect happen once and in order.

    `blocked` says that dead letters of the aggregate wait. `failures` and `interruptions` count the tries of
    the event that is next, by a handler's error and by the end of the process.
    """

    __tablename__ = "k_inbox"
    __rls__: ClassVar[Rls] = Rls.tenant_wide(_SHARED, app="select, insert, update", relay="select")

    source: str = Field(primary_key=True)
    aggregate_type: str = Field(primary_key=True)
    aggregate_id: UUID = Field(primary_key=True)
    last_version: int = Field(default=0, sa_type=BigInteger)
    last_event_id: UUID | None = None
    applied_at: datetime = recorded_now()
    duplicates: int = 0
    blocked: bool = False
    tried_event_id: UUID | None = None
    failures: int = 0
    interruptions: int = 0


class DeadLetter(TenantTable, table=True):
    """An event that could not be applied, or waits behind one. Kept whole, so replay needs no stream.

    `reason` names the kind of error and never carries its text, which may hold personal data.
    """

    __tablename__ = "k_dead_letter"
    __rls__: ClassVar[Rls] = Rls.tenant_wide(_SHARED, app="select, insert, update, delete", relay="select")
    __table_args__ = (
        Index(
            "k_dead_letter_aggregate_ix",
            "tenant_id",
            "source",
            "aggregate_type",
            "aggregate_id",
            "aggregate_version",
        ),
    )

    event_id: UUID = Field(primary_key=True)
    source: str
    aggregate_type: str
    aggregate_id: UUID
    aggregate_version: int = Field(sa_type=BigInteger)
    subject: str
    headers: dict[str, Any] = json_field()
    body: str = Field(sa_type=Text)
    reason: str
    waiting: bool
    attempts: int
    recorded_at: datetime = recorded_now()
    replayed_at: datetime | None = instant(default=None)
