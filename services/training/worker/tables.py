"""Table of posts held, filled from roster's events."""

from datetime import date
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from kernel.db.table import Rls, TenantTable


class PostHeld(TenantTable, table=True):
    """One post of a person in a community, `[valid_from, valid_before)`. `unit_no` is the community's."""

    __tablename__ = "training_post"
    __rls__ = Rls(unit="unit_no", person="person_id")
    __table_args__ = (
        Index(None, "tenant_id", "person_id"),
        Index(None, "tenant_id", "unit_no", "id"),
    )

    id: UUID = Field(primary_key=True)
    person_id: UUID
    unit_no: int
    community_unit_id: UUID
    role: str
    valid_from: date
    valid_before: date | None = None
