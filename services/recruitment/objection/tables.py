"""Objections in writing. Who objects is sealed under a key of their own and is opened with a reason only."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index
from sqlmodel import Field

from kernel.db.table import Rls, TenantTable, instant, recorded_now


class WrittenObjection(TenantTable, table=True):
    """An objection as an official took it down; `id` is that of the objection in the hire's case.

    `objector_id` stands for the objector, who is nobody in this system; name, contact and the text itself, from
    which somebody might be known, are encrypted under that key.
    """

    __tablename__ = "recruitment_objection"
    __rls__ = Rls(app="select, insert, update")
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "hire_id"], ["recruitment_hire.tenant_id", "recruitment_hire.id"]),
        Index("recruitment_objection_hire_ix", "tenant_id", "hire_id", "id"),
    )

    id: UUID = Field(primary_key=True)
    hire_id: UUID
    unit_no: int
    objector_id: UUID
    objector: bytes
    contact: bytes
    text: bytes
    received_on: date
    recorded_by_user: UUID | None = None
    recorded_by_post: UUID | None = None
    objected_at: datetime = instant()
    upheld: bool | None = None
    answer: str | None = None
    answered_by_user: UUID | None = None
    answered_by_post: UUID | None = None
    answered_at: datetime | None = instant(default=None, nullable=True)
    version: int = 1
    recorded_at: datetime = recorded_now()
