"""Documents that applicants handed in, and requests for more."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index
from sqlmodel import Field

from kernel.db.table import Rls, TenantTable, instant, json_field, recorded_now


class Document(TenantTable, table=True):
    """One document of an application; its file is the kernel's. Rows are added only: what was handed in stays."""

    __tablename__ = "recruitment_document"
    __rls__ = Rls(unit="unit_no", person="person_id", app="select, insert")
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "application_id"], ["recruitment_application.tenant_id", "recruitment_application.id"]
        ),
        ForeignKeyConstraint(["tenant_id", "file_id"], ["k_file.tenant_id", "k_file.id"]),
        Index("recruitment_document_application_ix", "tenant_id", "application_id", "id"),
    )

    id: UUID = Field(primary_key=True)
    application_id: UUID
    unit_no: int
    person_id: UUID
    kind: str
    file_id: UUID
    request_id: UUID | None = None
    """The request that it answers."""
    handed_in_at: datetime = instant()
    recorded_at: datetime = recorded_now()


class MaterialRequest(TenantTable, table=True):
    """A reviewer's request for more documents until an instant. What answers it follows from the documents."""

    __tablename__ = "recruitment_material_request"
    __rls__ = Rls(unit="unit_no", person="person_id", app="select, insert")
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "application_id"], ["recruitment_application.tenant_id", "recruitment_application.id"]
        ),
        Index("recruitment_material_request_application_ix", "tenant_id", "application_id", "id"),
    )

    id: UUID = Field(primary_key=True)
    application_id: UUID
    unit_no: int
    person_id: UUID
    kinds: list[str] = json_field()
    reason: str
    deadline: datetime = instant()
    user_id: UUID | None = None
    post_id: UUID | None = None
    asked_at: datetime = instant()
    recorded_at: datetime = recorded_now()
