"""Drafts of versions. A draft is a pack that passed its check; what is published from it is `PackVersion`."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from kernel.db.table import Rls, TenantTable, instant, recorded_now


class PackDraft(TenantTable, table=True):
    """A checked draft. `state`: checked, published or rejected."""

    __tablename__ = "regulation_pack_draft"
    __rls__ = Rls.tenant_wide(
        "a draft concerns every unit of the tenant; only the issuing organ holds the operations",
        app="select, insert, update",
    )
    __table_args__ = (Index("regulation_pack_draft_version_ix", "tenant_id", "pack_id", "pack_version"),)

    id: UUID = Field(primary_key=True)
    pack_id: str
    pack_version: str
    digest: str
    content: str
    note: str
    state: str
    submitted_by: UUID
    submitted_at: datetime = instant()
    """Business instant, as is `decided_at`."""
    decided_by: UUID | None = None
    decided_at: datetime | None = instant(default=None)
    valid_from: date | None = None
    document: str | None = None
    """The decision of the issuing organ: title and number."""
    comment: str | None = None
    version_id: UUID | None = None
    """The published version that came of it."""
    recorded_at: datetime = recorded_now()
