"""The chain of audit entries: appended only, by one writer, never changed (GB/T 22239-2019 8.1.4.3)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from kernel.db.table import Rls, TenantTable, instant, json_field, recorded_now


class AuditEntry(TenantTable, table=True):
    """One link. `hash` covers the link before, the number, the service and the whole entry."""

    __tablename__ = "audit_entry"
    __rls__ = Rls.tenant_wide("the chain is one per tenant; who may read it is a permission", app="select, insert")
    __table_args__ = (UniqueConstraint("tenant_id", "service", "number"), UniqueConstraint("tenant_id", "event_id"))

    seq: int = Field(primary_key=True)
    event_id: UUID
    service: str
    number: int
    action: str = Field(index=True)
    occurred_at: datetime = instant()
    entry: dict[str, Any] = json_field()
    previous_hash: bytes
    hash: bytes
    recorded_at: datetime = recorded_now()


class AuditHead(TenantTable, table=True):
    """The last link of a tenant's chain; its row lock makes the projection the single writer."""

    __tablename__ = "audit_head"
    __rls__ = Rls.tenant_wide("one row per tenant", app="select, insert, update")

    last_seq: int
    last_hash: bytes
