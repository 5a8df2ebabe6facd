"""Templates that a tenant has put in place of the platform's."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from kernel.db.table import Rls, TenantTable, instant, recorded_now


class DocumentTemplate(TenantTable, table=True):
    """A template from a day on; without contents the platform's own holds again. Rows are added only: what was printed
    by which template stays known."""

    __tablename__ = "k_document_template"
    __rls__: ClassVar[Rls] = Rls.tenant_wide("a form is the same for all who print it", app="select, insert")
    __table_args__ = (Index("k_document_template_kind_ix", "tenant_id", "kind", "valid_from", "id"),)

    id: UUID = Field(primary_key=True)
    kind: str
    valid_from: date
    content: bytes | None = None
    """No personal data: forms without values."""
    sha256: str | None = None
    user_id: UUID | None = None
    post_id: UUID | None = None
    set_at: datetime = instant()
    """Business instant."""
    recorded_at: datetime = recorded_now()
