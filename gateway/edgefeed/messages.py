"""What is said on the edge stream, in the order it is said.

gateway → edge   Challenge
edge → gateway   Hello            proves the shared key over the gateway's nonce
gateway → edge   Welcome          proves it over the edge's nonce; from here every frame is sealed (`wire`)
gateway → edge   Snapshot …       the facts in parts; the last one says so
edge → gateway   Beat             every second; asks for a new lease
gateway → edge   Pulse            grants it, counted by the edge from the sending of that Beat
gateway → edge   Changed          a numbered change
edge → gateway   Confirm          that change and all before it are in force at this edge
edge → gateway   Refusals         for the audit
gateway → edge   RefusalsTaken    they are recorded; the edge forgets them
"""

from uuid import UUID

import msgspec

from gateway.edgefeed.changes import Change


class Challenge(msgspec.Struct, frozen=True, tag="challenge"):
    """First frame; `nonce` is 32 random bytes of the gateway."""

    nonce: bytes
    protocol: int


class Hello(msgspec.Struct, frozen=True, tag="hello"):
    """`proof` = HMAC-SHA256(edge key, "edge" ‖ gateway nonce ‖ edge nonce ‖ edge id)."""

    edge: str
    nonce: bytes
    proof: bytes


class Welcome(msgspec.Struct, frozen=True, tag="welcome"):
    """`proof` = HMAC-SHA256(edge key, "gateway" ‖ gateway nonce ‖ edge nonce ‖ edge id)."""

    proof: bytes
    lease_seconds: float
    beat_seconds: float


class Snapshot(msgspec.Struct, frozen=True, tag="snapshot"):
    """A part of all facts; with `last` the edge puts them in force together and confirms `number`."""

    number: int
    changes: list[Change]
    last: bool


class Changed(msgspec.Struct, frozen=True, tag="changed"):
    """One change; numbers rise by one."""

    number: int
    change: Change


class Beat(msgspec.Struct, frozen=True, tag="beat"):
    """The edge is alive and asks for its lease. `uses`: into how many parts it takes the limits to be divided, of which
    it gives out one; 0: it gives out none."""

    seq: int
    uses: int


class Pulse(msgspec.Struct, frozen=True, tag="pulse"):
    """The lease asked for by that Beat is granted, and one of `parts` equal parts of each rate limit; with 0 parts
    there is no share for this edge yet, so no lease either."""

    seq: int
    parts: int


class Confirm(msgspec.Struct, frozen=True, tag="confirm"):
    """All up to `number` is in force here."""

    number: int


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """One request that was refused, for the audit (T10): who, in which post, when, from where, what.

    `path` is the template of the operation, so that no id of a record and no personal data is in it. `id`
    lets the receiver recognise a refusal delivered twice. `at`: Unix seconds of real time. `times`: of how many like
    it this one is told, itself among them.
    """

    id: UUID
    at: float
    status: int
    method: str
    path: str
    request_id: str
    address: str | None = None
    tenant: UUID | None = None
    user: UUID | None = None
    post: UUID | None = None
    person: UUID | None = None
    client_id: str | None = None
    times: int = 1


class Refusals(msgspec.Struct, frozen=True, tag="refusals"):
    """Refusals numbered from `first`, and how many had to be dropped before them for want of room."""

    first: int
    items: list[Refusal]
    dropped: int


class RefusalsTaken(msgspec.Struct, frozen=True, tag="refusals_taken"):
    """Recorded up to (not including) the number `before`, and `dropped` drops counted; nothing new when the
    audit could not record them: the edge sends them again with a later Beat."""

    before: int
    dropped: int


ToEdge = Challenge | Welcome | Snapshot | Changed | Pulse | RefusalsTaken
ToGateway = Hello | Beat | Confirm | Refusals

encoder = msgspec.msgpack.Encoder()
to_edge: msgspec.msgpack.Decoder[ToEdge] = msgspec.msgpack.Decoder(ToEdge)
to_gateway: msgspec.msgpack.Decoder[ToGateway] = msgspec.msgpack.Decoder(ToGateway)
