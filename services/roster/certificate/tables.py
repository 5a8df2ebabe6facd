"""Table of verified certificates. What the worker handed in stands with `intake`; here stands what somebody checked."""

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index
from sqlmodel import Field

from kernel.db.table import DateRange, Rls, TenantTable, period_field


class CertificateCheck(TenantTable, table=True):
    """A certificate found genuine, the document that shows it, and the period for which it counts.

    `allowance_decision` names the decision on an allowance, where the regulation asks for one (NM-19).
    """

    __tablename__ = "roster_certificate_check"
    __rls__ = Rls(unit="unit_no", person="person_id")
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "certificate_id"], ["roster_certificate.tenant_id", "roster_certificate.id"]
        ),
        Index(None, "tenant_id", "dossier_id"),
    )

    certificate_id: UUID = Field(primary_key=True)
    dossier_id: UUID
    unit_no: int
    person_id: UUID
    kind: str
    document: str
    period: DateRange = period_field()
    allowance_decision: str | None = None
    verified_on: date
    verified_by: UUID | None = None
    ended_reason: str | None = None
