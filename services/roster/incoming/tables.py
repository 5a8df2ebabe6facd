"""Table of workers offered from other tenants (NM-23)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from kernel.db.table import Rls, TenantTable, instant, json_field


class Incoming(TenantTable, table=True):
    """What the receiving side has once the worker consented. Its id is the crossing's.

    `sealed` holds identity and evidence under the key of a person id made for this tenant; it is emptied when the
    matter is over, whatever its end, and the key with it. Nothing personal stands beside it.
    """

    __tablename__ = "roster_incoming"
    __rls__ = Rls(unit="unit_no", app="select, insert, update")
    __table_args__ = (Index(None, "tenant_id", "unit_no", "id"),)

    id: UUID = Field(primary_key=True)
    unit_no: int
    giving_tenant_id: UUID
    giving_title: str
    person_id: UUID
    sealed: bytes | None = None
    state: str
    answer: dict[str, Any] | None = json_field(default=None, nullable=True)
    """What was recognised and why, the community and the role; or why not."""
    answered_by: UUID | None = None
    answered_at: datetime | None = instant(default=None)
    dossier_id: UUID | None = None
    offered_at: datetime = instant()
    version: int = 1
