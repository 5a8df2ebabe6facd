"""The exam of a notice, its candidates, and every score and examiner's mark that was ever recorded."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Numeric, UniqueConstraint
from sqlmodel import Field

from kernel.db.table import Rls, TenantTable, instant, recorded_now


class Exam(TenantTable, table=True):
    """How far the exam of a notice is. `unit_no` is the organising unit's."""

    __tablename__ = "recruitment_exam"
    __rls__ = Rls(app="select, insert, update")
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "notice_id"], ["recruitment_notice.tenant_id", "recruitment_notice.id"]),
    )

    notice_id: UUID = Field(primary_key=True)
    unit_no: int
    state: str
    """`seated`, `interview` once the written exam is closed, `fixed` once the ranking is."""
    place: str
    held_at: datetime = instant()
    seated_at: datetime = instant()
    fixed_at: datetime | None = instant(default=None, nullable=True)
    fixed_by_user: UUID | None = None
    fixed_by_post: UUID | None = None
    version: int = 1
    recorded_at: datetime = recorded_now()


class Candidate(TenantTable, table=True):
    """Who sits the exam, under which ticket (准考证号) and where. `unit_no` is the community's."""

    __tablename__ = "recruitment_exam_candidate"
    __rls__ = Rls(unit="unit_no", person="person_id", app="select, insert, update")
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "application_id"], ["recruitment_application.tenant_id", "recruitment_application.id"]
        ),
        UniqueConstraint("tenant_id", "notice_id", "ticket"),
        Index("recruitment_exam_candidate_unit_ix", "tenant_id", "unit_no", "application_id"),
    )

    application_id: UUID = Field(primary_key=True)
    notice_id: UUID
    item_id: UUID
    unit_no: int
    person_id: UUID
    ticket: str
    room: str
    seat: int
    place: str
    held_at: datetime = instant()
    written_absent: bool = False
    interview_absent: bool = False
    interviewed: bool | None = None
    """Whether they enter the interview; null until the written exam is closed."""
    recorded_at: datetime = recorded_now()


class Score(TenantTable, table=True):
    """A score of one part. Rows are added only; a correction is a newer row with its reason, and the newest holds."""

    __tablename__ = "recruitment_exam_score"
    __rls__ = Rls(unit="unit_no", person="person_id", app="select, insert")
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "application_id"], ["recruitment_application.tenant_id", "recruitment_application.id"]
        ),
        CheckConstraint("part in ('written', 'interview')", name="part"),
        CheckConstraint("score >= 0", name="score"),
        Index("recruitment_exam_score_notice_ix", "tenant_id", "notice_id", "id"),
    )

    id: UUID = Field(primary_key=True)
    application_id: UUID
    notice_id: UUID
    unit_no: int
    person_id: UUID
    part: str
    score: Decimal = Field(sa_type=Numeric)
    correction_reason: str | None = None
    user_id: UUID | None = None
    post_id: UUID | None = None
    scored_at: datetime = instant()
    recorded_at: datetime = recorded_now()


class Mark(TenantTable, table=True):
    """What one examiner gave in an interview; who was recused (回避) gave nothing and stands here with the reason."""

    __tablename__ = "recruitment_exam_mark"
    __rls__ = Rls(app="select, insert")
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "score_id"], ["recruitment_exam_score.tenant_id", "recruitment_exam_score.id"]
        ),
    )

    score_id: UUID = Field(primary_key=True)
    examiner: str = Field(primary_key=True)
    unit_no: int
    mark: Decimal | None = Field(default=None, sa_type=Numeric)
    recused: bool = False
    reason: str | None = None
    recorded_at: datetime = recorded_now()
