"""Results of the stages of selection."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint
from sqlmodel import Field

from kernel.db.table import Rls, TenantTable, instant, recorded_now


class StageResult(TenantTable, table=True):
    """How an applicant came through one stage, recorded by a named official. Added only, once per stage.

    `evidence` is a reference (file number, record), never the medical result itself.
    """

    __tablename__ = "recruitment_stage_result"
    __rls__ = Rls(app="select, insert")
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "application_id"],
            ["recruitment_application.tenant_id", "recruitment_application.id"],
        ),
    )

    application_id: UUID = Field(primary_key=True)
    step: str = Field(primary_key=True)
    unit_no: int
    outcome: str
    article: str | None = None
    reason: str | None = None
    evidence: str
    user_id: UUID | None = None
    post_id: UUID | None = None
    held_at: datetime = instant()
    recorded_at: datetime = recorded_now()
