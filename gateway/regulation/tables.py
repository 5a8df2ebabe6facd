"""Published versions of a tenant's pack. A version never changes; a correction is another version."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from kernel.db.table import DateRange, Rls, TenantTable, UniquePeriods, period_field, recorded_now


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
