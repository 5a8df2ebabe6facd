"""Table of pay standards: the figures an office proposes to set, with the case in which others agree (NM-16)."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from kernel.db.table import Rls, TenantTable, instant, json_field


class PayStandard(TenantTable, table=True):
    """One document that sets figures for a unit and those below it from a day on; `figures` are rows {path, value}.

    `state`: open while its case is under way, else as the case ended. What holds is the local parameter that follows.
    """

    __tablename__ = "roster_pay_standard"
    __rls__ = Rls(unit="unit_no", app="select, insert, update")
    __table_args__ = (Index(None, "tenant_id", "unit_no", "id"),)

    id: UUID = Field(primary_key=True)
    unit_no: int
    figures: list[dict[str, Any]] = json_field()
    valid_from: date
    source: str
    reason: str
    state: str
    case_id: UUID | None = None
    proposed_by: UUID
    proposed_at: datetime = instant()
    """Business instant."""
    version: int = 1
