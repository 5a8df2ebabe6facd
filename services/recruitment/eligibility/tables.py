"""Human determinations, and the findings under which a review was concluded."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index
from sqlmodel import Field

from kernel.db.table import Rls, TenantTable, instant, json_field, recorded_now


class Determination(TenantTable, table=True):
    """What a named official found about one rule or one fact, with reason and evidence (P8).

    Rows are added only; the newest about a subject holds. Applicants do not see them, they see the findings.
    """

    __tablename__ = "recruitment_determination"
    __rls__ = Rls(app="select, insert")
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "application_id"],
            ["recruitment_application.tenant_id", "recruitment_application.id"],
        ),
        Index("recruitment_determination_application_ix", "tenant_id", "application_id", "id"),
    )

    id: UUID = Field(primary_key=True)
    application_id: UUID
    unit_no: int
    kind: str
    """`rule`: a rule was judged met or not_met; `fact`: a fact was established."""
    subject: str
    value: Any = json_field()
    reason: str
    evidence: str
    user_id: UUID | None = None
    post_id: UUID | None = None
    by_unit_no: int | None = None
    by_department: str | None = None
    by_level: str | None = None
    determined_at: datetime = instant()
    recorded_at: datetime = recorded_now()


class Conclusion(TenantTable, table=True):
    """How the review ended, with the findings as they were evaluated and the version of the regulation."""

    __tablename__ = "recruitment_conclusion"
    __rls__ = Rls(unit="unit_no", person="person_id", app="select, insert")
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "application_id"],
            ["recruitment_application.tenant_id", "recruitment_application.id"],
        ),
    )

    application_id: UUID = Field(primary_key=True)
    unit_no: int
    person_id: UUID
    outcome: str
    article: str | None = None
    findings: list[dict[str, Any]] = json_field()
    reason: str | None = None
    pack_id: str
    pack_version: str
    user_id: UUID | None = None
    post_id: UUID | None = None
    concluded_at: datetime = instant()
    recorded_at: datetime = recorded_now()
