"""The audit entry as every service publishes it.

GB/T 22239-2019 8.1.4.3: who, when, what, with what result.
"""

from typing import ClassVar

import msgspec

from kernel.events.event import Event

AUDIT = "audit"


class AuditRecorded(Event, frozen=True, kw_only=True):
    """One act. The aggregate is the tenant: its entries of one service form one chain, numbered by the relay.

    facts and reason hold no personal data, only ids and figures. `number` is 0 until the relay gives it; it
    equals the aggregate version.
    """

    aggregate: ClassVar[str] = AUDIT
    name: ClassVar[str] = "recorded"
    v: ClassVar[int] = 1

    action: str
    subject_type: str
    subject_id: str | None = None
    reason: str | None = None
    facts: dict[str, object] = msgspec.field(default_factory=dict)
    actor_kind: str
    user_id: str | None = None
    post_id: str | None = None
    person_id: str | None = None
    client_id: str | None = None
    unit_no: int | None = None
    request_id: str
    address: str | None = None
    occurred_at: str
    business_time: str
    number: int = 0
