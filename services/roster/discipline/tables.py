"""Tables of discipline: the case, and each act in it."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index
from sqlmodel import Field

from kernel.db.table import Rls, TenantTable, instant, json_field


class DisciplineCase(TenantTable, table=True):
    """A breach that is looked into, and how far. `severity` and `effect` are the decision's, as the pack has them."""

    __tablename__ = "roster_discipline"
    __rls__ = Rls(unit="unit_no", person="person_id", app="select, insert, update")
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "dossier_id"], ["roster_dossier.tenant_id", "roster_dossier.id"]),
        Index(None, "tenant_id", "unit_no", "id"),
    )

    id: UUID = Field(primary_key=True)
    dossier_id: UUID
    unit_no: int
    person_id: UUID
    breach: str
    state: str
    claim_open: bool = False
    severity: str | None = None
    effect: str | None = None
    opened_on: date
    opened_by: UUID | None = None
    decided_on: date | None = None
    decided_by: UUID | None = None
    pack_id: str
    pack_version: str
    version: int = 1


class DisciplineAct(TenantTable, table=True):
    """One act in a case, kept as it was done. `words` is ciphertext under the worker's key; `facts` are codes."""

    __tablename__ = "roster_discipline_act"
    __rls__ = Rls(unit="unit_no", person="person_id", app="select, insert")
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "case_id"], ["roster_discipline.tenant_id", "roster_discipline.id"]),
        Index(None, "tenant_id", "case_id", "id"),
    )

    id: UUID = Field(primary_key=True)
    case_id: UUID
    unit_no: int
    person_id: UUID
    kind: str
    done_on: date
    facts: dict[str, Any] = json_field()
    words: bytes | None = None
    done_by: UUID | None = None
    at: datetime = instant()
