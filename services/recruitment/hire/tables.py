"""Proposed hires, as they are made public and decided."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, text
from sqlmodel import Field

from kernel.db.table import Rls, TenantTable, instant, recorded_now


class Hire(TenantTable, table=True):
    """A proposed hire. Public while its publicity lasts, with the masked name that stands here and nothing else.

    `public_until` is the last day of the publicity (included), from the case.
    """

    __tablename__ = "recruitment_hire"
    __rls__ = Rls(
        unit="unit_no",
        person="person_id",
        published="public_until is not null and state = 'open'",
        app="select, insert, update",
    )
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "application_id"],
            ["recruitment_application.tenant_id", "recruitment_application.id"],
        ),
        ForeignKeyConstraint(
            ["tenant_id", "item_id"], ["recruitment_notice_item.tenant_id", "recruitment_notice_item.id"]
        ),
        Index(
            "recruitment_hire_application_uq",
            "tenant_id",
            "application_id",
            unique=True,
            postgresql_where=text("state in ('open', 'approved')"),
        ),
        Index(
            "recruitment_hire_unit_ix",
            "tenant_id",
            "unit_no",
            "id",
            # What the policies ask of a row.
            postgresql_include=["person_id", "state", "public_until"],
        ),
        Index("recruitment_hire_newest_ix", "tenant_id", "id", "unit_no"),
        # What is public at one time is a few of all that ever were.
        Index("recruitment_hire_public_ix", "tenant_id", "id", postgresql_where=text("state = 'open'")),
        Index("recruitment_hire_item_ix", "tenant_id", "item_id"),
    )

    id: UUID = Field(primary_key=True)
    unit_no: int
    person_id: UUID
    application_id: UUID
    notice_id: UUID
    item_id: UUID
    state: str
    masked_name: str
    community_title: str
    post_title: str
    public_from: date | None = None
    public_until: date | None = None
    case_id: UUID | None = None
    proposed_at: datetime = instant()
    proposed_by_post: UUID | None = None
    decided_on: date | None = None
    version: int = 1
    recorded_at: datetime = recorded_now()
