"""Tables of growth and honours: who is put forward for what, and what named officials found of the conditions."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index
from sqlmodel import Field

from kernel.db.table import Rls, TenantTable, instant


class Honour(TenantTable, table=True):
    """A worker put forward for one kind of a measure; `organ`, `decided_on` and `document` are whose outcome it was.

    `title` names what a list of the text leaves open (等). `evidence` names documents, it does not repeat them.
    """

    __tablename__ = "roster_honour"
    __rls__ = Rls(unit="unit_no", person="person_id", app="select, insert, update")
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "dossier_id"], ["roster_dossier.tenant_id", "roster_dossier.id"]),
        Index(None, "tenant_id", "unit_no", "id"),
    )

    id: UUID = Field(primary_key=True)
    dossier_id: UUID
    unit_no: int
    person_id: UUID
    measure: str
    kind: str
    title: str | None = None
    reason: str
    evidence: str
    state: str
    case_id: UUID | None = None
    proposed_on: date
    organ: str | None = None
    decided_on: date | None = None
    document: str | None = None
    pack_id: str
    pack_version: str
    version: int = 1


class HonourFinding(TenantTable, table=True):
    """What a named official determined on one condition; the last one counts until the matter is submitted."""

    __tablename__ = "roster_honour_finding"
    __rls__ = Rls(unit="unit_no", person="person_id", app="select, insert, update")
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "honour_id"], ["roster_honour.tenant_id", "roster_honour.id"]),
    )

    honour_id: UUID = Field(primary_key=True)
    rule: str = Field(primary_key=True)
    unit_no: int
    person_id: UUID
    outcome: str
    reason: str
    determined_by: UUID | None = None
    determined_at: datetime = instant()
