"""CloudEvents 1.0 on NATS, binary mode: attributes as `ce-` headers, the event's JSON as the body.

The subject is the authority on source and tenant: NATS lets a process publish under its own name only.
"""

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec

from kernel.context import TenantId


class Malformed(Exception):
    """A message that is no event of this platform. Names the part, never the content."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """One event on its way, still undecoded."""

    id: UUID
    source: str
    tenant: TenantId
    aggregate_type: str
    aggregate_id: UUID
    version: int
    event: str
    event_version: int
    business_time: datetime
    recorded_at: datetime
    body: bytes = field(repr=False)
    unit_no: int | None = None
    traceparent: str | None = None

    @property
    def subject(self) -> str:
        """`shegong.<service>.<tenant>.<aggregate type>.<event>.v<n>`."""
        return _of_kind(self.source, self.tenant, self.aggregate_type, self.event, self.event_version)[0]

    def lines(self) -> str:
        """Its headers as they stand in a message. Raises `ValueError` where one would end its line early."""
        made = (
            f"{_of_kind(self.source, self.tenant, self.aggregate_type, self.event, self.event_version)[1]}"
            f"ce-id: {self.id}\r\n"
            f"ce-time: {rfc3339(self.recorded_at)}\r\n"
            f"ce-subject: {self.aggregate_id}\r\n"
            f"ce-aggregateversion: {self.version}\r\n"
            f"ce-businesstime: {rfc3339(self.business_time)}\r\n"
        )
        count = _EVERY
        if self.unit_no is not None:
            made, count = f"{made}ce-unitno: {self.unit_no}\r\n", count + 1
        if self.traceparent:
            made, count = f"{made}ce-traceparent: {self.traceparent}\r\n", count + 1
        if made.count("\r") != count or made.count("\n") != count:
            raise ValueError("a line break within a header")
        return made

    def headers(self) -> dict[str, str]:
        """The same by their names."""
        return dict(line.split(": ", 1) for line in self.lines().splitlines())


_EVERY = 10
"""Headers that every event has."""


@functools.lru_cache(maxsize=4096)
def _of_kind(source: str, tenant: UUID, aggregate_type: str, event: str, event_version: int) -> tuple[str, str]:
    """Subject and the headers that all events of a kind share; the client's own writing took four fifths of telling."""
    kind = f"{aggregate_type}.{event}.v{event_version}"
    return f"shegong.{source}.{tenant}.{kind}", (
        "ce-specversion: 1.0\r\n"
        f"ce-source: /shegong/{source}\r\n"
        f"ce-type: shegong.{source}.{kind}\r\n"
        f"ce-tenantid: {tenant}\r\n"
        "content-type: application/json\r\n"
    )


def rfc3339(instant: datetime) -> str:
    """UTC with `Z`, as CloudEvents wants it."""
    return msgspec.json.encode(instant if instant.tzinfo is UTC else instant.astimezone(UTC))[1:-1].decode()


def body(data: str, sealed: Mapping[str, Any] | None) -> bytes:
    """The event's JSON object, with the sealed member put into it."""
    if sealed is None:
        return data.encode()
    inner = data.strip()[1:-1].strip()
    member = b'"sealed":' + msgspec.json.encode(sealed)
    return b"{" + inner.encode() + (b"," if inner else b"") + member + b"}"


class _SealedOnly(msgspec.Struct):
    sealed: dict[str, Any] | None = None


def sealed_member(raw: bytes) -> dict[str, Any] | None:
    """The sealed member of a body, if it has one. Raises `Malformed`."""
    try:
        return msgspec.json.decode(raw, type=_SealedOnly).sealed
    except msgspec.MsgspecError as error:
        raise Malformed("body") from error


def parse(subject: str, headers: Mapping[str, str] | None, raw: bytes) -> Envelope:
    """Read a message. Raises `Malformed` where it is no event, or where headers contradict the subject."""
    parts = subject.split(".")
    if len(parts) != 6 or parts[0] != "shegong" or not parts[5].startswith("v"):
        raise Malformed("subject")
    try:
        given = {key.lower(): value for key, value in (headers or {}).items()}
        unit_no = given.get("ce-unitno")
        made = Envelope(
            id=UUID(given["ce-id"]),
            source=parts[1],
            tenant=TenantId(UUID(parts[2])),
            aggregate_type=parts[3],
            aggregate_id=UUID(given["ce-subject"]),
            version=int(given["ce-aggregateversion"]),
            event=parts[4],
            event_version=int(parts[5][1:]),
            business_time=datetime.fromisoformat(given["ce-businesstime"]),
            recorded_at=datetime.fromisoformat(given["ce-time"]),
            body=raw,
            unit_no=int(unit_no) if unit_no else None,
            traceparent=given.get("ce-traceparent"),
        )
    except (KeyError, ValueError) as error:
        raise Malformed("headers") from error
    if UUID(given.get("ce-tenantid", str(made.tenant))) != made.tenant or made.version < 1:
        raise Malformed("headers contradict the subject")
    return made
