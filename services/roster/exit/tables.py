"""Tables of exits: the case, and each act in it (NM-36, NM-37)."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field

from kernel.db.table import Rls, TenantTable, instant, json_field


class Exit(TenantTable, table=True):
    """One ground on which a worker may have to leave, and how far its procedure has come.

    `cause` names what an assessment's ground follows from, so that the same one opens no second case.
    """

    __tablename__ = "roster_exit"
    __rls__ = Rls(unit="unit_no", person="person_id", app="select, insert, update")
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "dossier_id"], ["roster_dossier.tenant_id", "roster_dossier.id"]),
        UniqueConstraint("tenant_id", "dossier_id", "ground", "cause"),
        Index(None, "tenant_id", "unit_no", "id"),
    )

    id: UUID = Field(primary_key=True)
    dossier_id: UUID
    unit_no: int
    person_id: UUID
    ground: str
    cause: str | None = None
    relation: str
    facts: dict[str, Any] = json_field()
    state: str
    claim_open: bool = False
    opened_on: date
    opened_by: UUID | None = None
    """The official's user; None where an assessment's news opened it."""
    last_day: date | None = None
    pack_id: str
    pack_version: str
    version: int = 1


class ExitAct(TenantTable, table=True):
    """One act in an exit, kept as it was done. `words` is ciphertext under the worker's key; `facts` are codes."""

    __tablename__ = "roster_exit_act"
    __rls__ = Rls(unit="unit_no", person="person_id", app="select, insert")
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "exit_id"], ["roster_exit.tenant_id", "roster_exit.id"]),
        Index(None, "tenant_id", "exit_id", "id"),
    )

    id: UUID = Field(primary_key=True)
    exit_id: UUID
    unit_no: int
    person_id: UUID
    kind: str
    done_on: date
    facts: dict[str, Any] = json_field()
    words: bytes | None = None
    done_by: UUID | None = None
    at: datetime = instant()
