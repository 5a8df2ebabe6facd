"""Tables of rights: what a unit provided, and what a worker raised as missing."""

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, text
from sqlmodel import Field

from kernel.db.table import Rls, TenantTable


class RightProvision(TenantTable, table=True):
    """Something provided to a worker that no other record shows, by its document; half-open, open above while it
    stands."""

    __tablename__ = "roster_right_provision"
    __rls__ = Rls(unit="unit_no", person="person_id", app="select, insert, update")
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "dossier_id"], ["roster_dossier.tenant_id", "roster_dossier.id"]),
        Index(None, "tenant_id", "dossier_id"),
    )

    id: UUID = Field(primary_key=True)
    dossier_id: UUID
    unit_no: int
    person_id: UUID
    right_code: str
    what: str
    document: str
    provided_on: date
    valid_before: date | None = None


class RightClaim(TenantTable, table=True):
    """A right that a worker finds not honoured, raised with the unit that owes it. `words` is ciphertext."""

    __tablename__ = "roster_right_claim"
    __rls__ = Rls(unit="unit_no", person="person_id", app="select, insert, update")
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "dossier_id"], ["roster_dossier.tenant_id", "roster_dossier.id"]),
        Index(None, "tenant_id", "unit_no", "id"),
        Index(
            "roster_right_claim_open",
            "tenant_id",
            "dossier_id",
            "right_code",
            "record",
            unique=True,
            postgresql_where=text("state = 'open'"),
        ),
    )

    id: UUID = Field(primary_key=True)
    dossier_id: UUID
    unit_no: int
    person_id: UUID
    right_code: str
    record: str
    level: str
    owed_unit_id: UUID | None = None
    words: bytes
    state: str
    case_id: UUID | None = None
    raised_on: date
    decided_on: date | None = None
    pack_id: str
    pack_version: str
    version: int = 1
