"""The read model of headcount, filled by roster's events."""

from uuid import UUID

from sqlmodel import Field

from kernel.db.table import Rls, TenantTable


class KnownHeadcount(TenantTable, table=True):
    """Posts of a unit as roster last told them. `fixed` None: no number was fixed, which is not a number of zero."""

    __tablename__ = "recruitment_headcount"
    __rls__ = Rls(app="select, insert, update")

    unit_id: UUID = Field(primary_key=True)
    unit_no: int
    level: str
    fixed: int | None = None
    occupied: int
    reserved: int
