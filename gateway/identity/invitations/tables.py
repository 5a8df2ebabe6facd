"""Rows of one-time links."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from kernel.db.table import Rls, TenantTable, instant, recorded_now


class Link(TenantTable, table=True):
    """A one-time link not yet used, by the hash of its token; using it deletes the row."""

    __tablename__ = "identity_link"
    __rls__ = Rls.tenant_wide("read before anyone is signed in, by a value only its holder knows")
    __table_args__ = (Index("identity_link_user_ix", "tenant_id", "user_id"),)

    token_hash: bytes = Field(primary_key=True)
    user_id: UUID
    expires_at: datetime = instant()
    recorded_at: datetime = recorded_now()
