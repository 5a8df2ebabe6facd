"""Published versions of a tenant's pack, and the figures that its offices set.

A version never changes; a correction is another version. Nor does a local figure: a later decision ends its period.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from kernel.db.table import (
    DateRange,
    Rls,
    TenantTable,
    UniquePeriods,
    instant,
    json_field,
    period_field,
    recorded_now,
)


class PackVersion(TenantTable, table=True):
    """A version and the period in which it is in force; two of them never overlap."""

    __tablename__ = "regulation_pack_version"
    __rls__ = Rls.tenant_wide("the regulation is the same for all units of the tenant", app="select, insert, update")
    __table_args__ = (UniqueConstraint("tenant_id", "pack_id", "pack_version"),)
    __temporal__ = (UniquePeriods(key=("pack_id",)),)

    id: UUID = Field(primary_key=True)
    pack_id: str
    pack_version: str
    digest: str
    valid_from: date
    period: DateRange = period_field()
    content: str
    recorded_at: datetime = recorded_now()


class LocalParameter(TenantTable, table=True):
    """A figure that the office named by the regulation sets for its unit and the units below (P7).

    Has a `period` from the approval on; two of one figure and unit never overlap. One that a correction on its first
    day replaced never held and has none.
    """

    __tablename__ = "regulation_local_parameter"
    __rls__ = Rls.tenant_wide(
        "a figure in force is part of the rules that all who work in the tenant live under",
        app="select, insert, update",
    )
    __table_args__ = (
        Index("regulation_local_parameter_unit_ix", "tenant_id", "unit_id", "path"),
        Index(None, "tenant_id", "case_id"),
    )
    __temporal__ = (UniquePeriods(key=("path", "unit_id")),)

    id: UUID = Field(primary_key=True)
    path: str
    unit_id: UUID
    value: Any = json_field()
    valid_from: date
    valid_before: date | None = None
    period: DateRange | None = period_field(default=None, nullable=True)
    source: str
    reason: str
    article: str | None = None
    state: str
    proposed_by: UUID
    proposed_at: datetime = instant()
    """Business instant, as is `decided_at`."""
    decided_by: UUID | None = None
    decided_at: datetime | None = instant(default=None)
    comment: str | None = None
    case_id: UUID | None = None
    """The approval by which it was set, where the regulation asks for one."""
    recorded_at: datetime = recorded_now()
