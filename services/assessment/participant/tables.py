"""Table of posts held, filled from roster's events."""

from datetime import date
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from kernel.db.table import Rls, TenantTable


class PostHeld(TenantTable, table=True):
    """One post of a person in a community, `[valid_from, valid_before)`. `source`: `post`, or `duty` where roster told
    only that duty was started."""

    __tablename__ = "assessment_post"
    __rls__ = Rls(unit="unit_no", person="person_id")
    __table_args__ = (
        Index(None, "tenant_id", "unit_no", "id"),
        Index(None, "tenant_id", "dossier_id"),
    )

    id: UUID = Field(primary_key=True)
    dossier_id: UUID
    person_id: UUID
    unit_no: int
    community_unit_id: UUID
    category: str
    role: str
    post_title: str
    source: str
    valid_from: date
    valid_before: date | None = None
