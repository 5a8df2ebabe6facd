"""Table of labour contracts and service agreements (NM-12, SH-2, SH-8; Labour Contract Law)."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, Numeric, text
from sqlmodel import Field

from kernel.db.table import DateRange, Rls, TenantTable, UniquePeriods, instant, json_field, period_field


class Contract(TenantTable, table=True):
    """One contract; `period` is its term, open above when open-ended. Contracts of a dossier never overlap.

    It is a draft until one side signs, in force when both have. `contents` holds the clauses by item.
    """

    __tablename__ = "roster_contract"
    __rls__ = Rls(unit="unit_no", person="person_id")
    __temporal__ = (UniquePeriods(key=("dossier_id",)),)
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "dossier_id"], ["roster_dossier.tenant_id", "roster_dossier.id"]),
        Index(None, "tenant_id", "unit_no", "id"),
    )

    id: UUID = Field(primary_key=True)
    dossier_id: UUID
    unit_no: int
    person_id: UUID
    employer_unit_id: UUID
    employer_unit_no: int
    relation: str = Field(default="labour_contract", sa_column_kwargs={"server_default": text("'labour_contract'")})
    """The pack's kind of relation: labour contract, or service agreement where that is on record (SH-2)."""
    relation_basis: str | None = None
    """What the record says a service agreement rests on; None for a labour contract."""
    conclusion: str = Field(default="new", sa_column_kwargs={"server_default": text("'new'")})
    """How it was concluded after an earlier one, as LCL-14 counts terms."""
    term_kind: str
    fixed_term_reason: str | None = None
    """Why the term is fixed although an open-ended contract was owed (LCL-14); None where none was."""
    fixed_term_record: str | None = None
    """What the reason rests on."""
    period: DateRange = period_field()
    agreed_before: date | None = None
    """The end of the term that was agreed, where the contract ended before it; None too for an open-ended one."""
    probation_months: int
    probation_before: date | None = None
    contents: dict[str, Any] = json_field()
    penalty_ground: str | None = None
    penalty_amount: Decimal | None = Field(default=None, sa_type=Numeric(14, 2))
    penalty_training_cost: Decimal | None = Field(default=None, sa_type=Numeric(14, 2))
    state: str
    employer_signed_at: datetime | None = instant(default=None)
    employer_signed_by: UUID | None = None
    worker_signed_at: datetime | None = instant(default=None)
    pack_id: str
    pack_version: str
    version: int = 1
