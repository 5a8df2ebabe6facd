"""Table of resignations (NM-29, SH-26)."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index
from sqlmodel import Field

from kernel.db.table import Rls, TenantTable, instant, json_field


class Resignation(TenantTable, table=True):
    """A worker's written notice. `notice` is ciphertext; `last_day` is None where no statute ends the relation.

    Of an agreement it is the first day on which it may end, once approved and handed over (SH-26). `state` is given,
    withdrawal_asked, withdrawn, by_agreement, or by_party_rules (an office, which the platform never ends).
    """

    __tablename__ = "roster_resignation"
    __rls__ = Rls(unit="unit_no", person="person_id", app="select, insert, update")
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "dossier_id"], ["roster_dossier.tenant_id", "roster_dossier.id"]),
        Index(None, "tenant_id", "dossier_id"),
        Index(None, "tenant_id", "unit_no", "id"),
    )

    id: UUID = Field(primary_key=True)
    dossier_id: UUID
    unit_no: int
    person_id: UUID
    relation: str
    notice: bytes
    given_on: date
    last_day: date | None = None
    findings: list[Any] = json_field()
    state: str
    handed_over_on: date | None = None
    withdrawal_asked_at: datetime | None = instant(default=None)
    consented_by: UUID | None = None
    approved_on: date | None = None
    approved_by: UUID | None = None
    pack_id: str
    pack_version: str
    version: int = 1
