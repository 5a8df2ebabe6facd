"""Tables of education, Party membership and professional certificates (O2)."""

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index
from sqlmodel import Field

from kernel.db.table import Rls, TenantTable


class Background(TenantTable, table=True):
    """Education (GB/T 4658) and political status (GB/T 4762) of one worker."""

    __tablename__ = "roster_background"
    __rls__ = Rls(unit="unit_no", person="person_id")
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "dossier_id"], ["roster_dossier.tenant_id", "roster_dossier.id"]),
    )

    dossier_id: UUID = Field(primary_key=True)
    unit_no: int
    person_id: UUID
    education_code: str | None = None
    graduated_on: date | None = None
    political_status: str | None = None
    party_since: date | None = None


class Certificate(TenantTable, table=True):
    """A professional certificate of a worker."""

    __tablename__ = "roster_certificate"
    __rls__ = Rls(unit="unit_no", person="person_id")
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "dossier_id"], ["roster_dossier.tenant_id", "roster_dossier.id"]),
        Index(None, "tenant_id", "dossier_id"),
    )

    id: UUID = Field(primary_key=True)
    dossier_id: UUID
    unit_no: int
    person_id: UUID
    kind: str
    number: str
    issued_on: date
