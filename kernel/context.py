"""Who asks, for which tenant, how far they see, and in which business instant.

A `Context` is made by whoever starts the work: the route (from the signed principal), a consumer (from the
event) or a timer (from the tenant's row). Without one there is no transaction, so nothing defaults to all rows.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NewType
from uuid import UUID

from kernel.ids import new_id

TenantId = NewType("TenantId", UUID)
"""The id of a tenant that was checked: by the edge's token, an event's origin or the tenant's own row."""

Language = Literal["zh", "en"]
ActorKind = Literal["official", "person", "public", "client", "system"]

PLATFORM_TENANT = TenantId(UUID("00000000-0000-7000-8000-000000000001"))
"""The tenant of the platform itself: acts of operators, signing keys. No jurisdiction lives in it."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The closed range [lo, hi] of unit numbers (pre-order) within which rows are seen."""

    lo: int
    hi: int

    def holds(self, unit_no: int) -> bool:
        """Whether the unit of that number lies within."""
        return self.lo <= unit_no <= self.hi


EVERYTHING = Scope(0, 2**31 - 1)
NOTHING = Scope(1, 0)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: an official in exactly one post, a person, the public, a client, or the system itself."""

    kind: ActorKind
    user: UUID | None = None
    post: UUID | None = None
    person: UUID | None = None
    unit_no: int | None = None
    department_kind: str | None = None
    level: str | None = None
    duty: str | None = None
    client_id: str | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """All that a transaction has to know of its surroundings."""

    tenant: TenantId
    scope: Scope
    actor: Actor
    business_time: datetime
    request_id: str = field(default_factory=lambda: str(new_id()))
    traceparent: str | None = None
    language: Language = "zh"
    address: str | None = None

    @classmethod
    def system(cls, tenant: TenantId, business_time: datetime, *, traceparent: str | None = None) -> "Context":
        """The platform at work for one whole tenant: consumers and timers."""
        return cls(tenant, EVERYTHING, Actor("system"), business_time, traceparent=traceparent)
