"""Notices: what stands now, every revision that was ever published, and the posts one can sign up for."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field

from kernel.db.table import Rls, TenantTable, instant, json_field, recorded_now

_PUBLISHED = "published_at is not null"


class Notice(TenantTable, table=True):
    """A notice as it stands now: the times of its newest revision. `unit_no` is the organising unit's."""

    __tablename__ = "recruitment_notice"
    __rls__ = Rls(published=_PUBLISHED, app="select, insert, update")
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "plan_id"], ["recruitment_plan.tenant_id", "recruitment_plan.id"]),
        UniqueConstraint("tenant_id", "plan_id"),
        Index("recruitment_notice_unit_ix", "tenant_id", "unit_no", "id"),
    )

    id: UUID = Field(primary_key=True)
    unit_no: int
    unit_id: UUID
    plan_id: UUID
    title: str
    revision: int
    opens_at: datetime = instant()
    closes_at: datetime = instant()
    published_at: datetime = instant()
    exam: dict[str, Any] | None = json_field(default=None, nullable=True)
    """Terms of the exam, resolved; None where the procedure has none."""
    pack_id: str
    pack_version: str
    version: int = 1
    recorded_at: datetime = recorded_now()


class NoticeRevision(TenantTable, table=True):
    """One published text. Rows are added only: the app role can neither change nor remove what was public."""

    __tablename__ = "recruitment_notice_revision"
    __rls__ = Rls(published=_PUBLISHED, app="select, insert")
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "notice_id"], ["recruitment_notice.tenant_id", "recruitment_notice.id"]),
    )

    notice_id: UUID = Field(primary_key=True)
    number: int = Field(primary_key=True)
    unit_no: int
    title: str
    conditions: str
    materials: list[dict[str, Any]] = json_field()
    exam: dict[str, Any] | None = json_field(default=None, nullable=True)
    opens_at: datetime = instant()
    closes_at: datetime = instant()
    age_reference_date: date
    birth_from: date | None = None
    birth_until: date | None = None
    reason: str | None = None
    published_at: datetime = instant()
    published_by_post: UUID | None = None
    recorded_at: datetime = recorded_now()


class NoticeItem(TenantTable, table=True):
    """Posts in one community. `unit_no` is the community's, so that its township too can work on applications.

    It carries what a review of them needs (dates, bounds, pack version), since the notice itself belongs to the
    organising unit above. `filled` never exceeds `posts`.
    """

    __tablename__ = "recruitment_notice_item"
    __rls__ = Rls(published=_PUBLISHED, app="select, insert, update")
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "notice_id"], ["recruitment_notice.tenant_id", "recruitment_notice.id"]),
        ForeignKeyConstraint(
            ["tenant_id", "plan_item_id"], ["recruitment_plan_item.tenant_id", "recruitment_plan_item.id"]
        ),
        CheckConstraint("filled between 0 and posts", name="filled"),
        Index("recruitment_notice_item_notice_ix", "tenant_id", "notice_id"),
    )

    id: UUID = Field(primary_key=True)
    notice_id: UUID
    plan_id: UUID
    plan_item_id: UUID
    unit_no: int
    community_unit_id: UUID
    community_title: str
    category: str
    post_title: str
    posts: int
    filled: int = 0
    """Hires that were decided."""
    ended_on: date | None = None
    """When the recruitment was ended; nobody is proposed from then on."""
    organiser_unit_no: int
    age_reference_date: date
    birth_from: date | None = None
    birth_until: date | None = None
    relaxed_age_limit: int | None = None
    relaxed_education_codes: list[str] = json_field()
    publicity_days: int | None = None
    publicity_unit: str | None = None
    pack_id: str
    pack_version: str
    published_at: datetime = instant()
