"""Where a tenant's news is pushed to, and each piece of it on its way."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, text
from sqlmodel import Field

from kernel.db.table import Rls, TenantTable, instant, json_field, recorded_now

_TECHNICAL = "a technical setting of the whole tenant; what is sent names things and shows none"


class Endpoint(TenantTable, table=True):
    """An address of a front-end app. `state`: active, paused (by an administrator), disabled (by its failures)."""

    __tablename__ = "webhook_endpoint"
    __rls__: ClassVar[Rls] = Rls.tenant_wide(_TECHNICAL, relay="select")

    id: UUID = Field(primary_key=True)
    client_id: str
    url: str
    events: list[str] = json_field()
    state: str = "active"
    disabled_because: str | None = None
    secret: bytes
    """Wrapped under the tenant's key."""
    previous_secret: bytes | None = None
    previous_until: datetime | None = instant(default=None)
    """Until then deliveries are signed with the secret before as well."""
    version: int = 1
    recorded_at: datetime = recorded_now()


class Delivery(TenantTable, table=True):
    """One event for one endpoint. `state`: waiting, delivered, abandoned. It is kept some weeks for replay."""

    __tablename__ = "webhook_delivery"
    __rls__: ClassVar[Rls] = Rls.tenant_wide(_TECHNICAL, relay="select, delete")
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "endpoint_id"], ["webhook_endpoint.tenant_id", "webhook_endpoint.id"], ondelete="CASCADE"
        ),
        Index("webhook_delivery_event_ix", "tenant_id", "endpoint_id", "event_id", unique=True),
        # Only waiting ones are looked for, over all tenants.
        Index("webhook_delivery_due_ix", "due_at", postgresql_where=text("state = 'waiting'")),
    )

    id: UUID = Field(primary_key=True)
    endpoint_id: UUID
    event_id: UUID
    event: str
    body: str
    """What is signed and sent, to the letter; every try sends the same."""
    state: str = "waiting"
    attempts: int = 0
    tried: int = 0
    """How often it was ever taken in hand; whoever took it last writes what came of it."""
    due_at: datetime = instant()
    """Real instant of the next try; while one is under way, when its lease ends."""
    last_status: int | None = None
    last_cause: str | None = None
    delivered_at: datetime | None = instant(default=None)
    recorded_at: datetime = recorded_now()
