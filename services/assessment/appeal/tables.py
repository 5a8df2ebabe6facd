"""Table of appeals."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field

from kernel.db.table import Rls, TenantTable, instant


class Appeal(TenantTable, table=True):
    """One appeal of a person against the grade of one year. `state`: open, upheld, refused."""

    __tablename__ = "assessment_appeal"
    __rls__ = Rls(person="person_id", app="select, insert, update")
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "result_id"], ["assessment_result.tenant_id", "assessment_result.id"]),
        UniqueConstraint("tenant_id", "result_id"),
        Index(None, "tenant_id", "unit_no", "id"),
    )

    id: UUID = Field(primary_key=True)
    result_id: UUID
    cycle_id: UUID
    unit_no: int
    person_id: UUID
    grounds: str
    state: str = "open"
    raised_at: datetime = instant()
    reason: str | None = None
    grade: str | None = None
    decided_by_user: UUID | None = None
    decided_by_post: UUID | None = None
    decided_at: datetime | None = instant(default=None)
    version: int = 1
