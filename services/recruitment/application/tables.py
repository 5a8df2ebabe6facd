"""Applications. ID number and phone are stored encrypted under the applicant's key only."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, text
from sqlmodel import Field

from kernel.db.table import Rls, TenantTable, instant, json_field, recorded_now


class Application(TenantTable, table=True):
    """One person's sign-up for posts of a notice. `unit_no` is the community's: its township and county see it."""

    __tablename__ = "recruitment_application"
    __rls__ = Rls(unit="unit_no", person="person_id", app="select, insert, update")
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "notice_id"], ["recruitment_notice.tenant_id", "recruitment_notice.id"]),
        ForeignKeyConstraint(
            ["tenant_id", "item_id"], ["recruitment_notice_item.tenant_id", "recruitment_notice_item.id"]
        ),
        # Once per person and notice, by account and by ID number; who withdrew may sign up again.
        Index(
            "recruitment_application_person_uq",
            "tenant_id",
            "notice_id",
            "person_id",
            unique=True,
            postgresql_where=text("state <> 'withdrawn'"),
        ),
        Index(
            "recruitment_application_id_number_uq",
            "tenant_id",
            "notice_id",
            "id_number_index",
            unique=True,
            postgresql_where=text("state <> 'withdrawn'"),
        ),
        Index("recruitment_application_unit_ix", "tenant_id", "unit_no", "id", postgresql_include=["person_id"]),
        Index("recruitment_application_newest_ix", "tenant_id", "id", "unit_no"),
        Index("recruitment_application_own_ix", "tenant_id", "person_id", "id"),
    )

    id: UUID = Field(primary_key=True)
    unit_no: int
    person_id: UUID
    notice_id: UUID
    item_id: UUID
    state: str
    name: str
    id_number: bytes
    id_number_index: bytes
    phone: bytes
    education_code: str
    declarations: dict[str, Any] = json_field()
    submitted_at: datetime = instant()
    version: int = 1
    recorded_at: datetime = recorded_now()
