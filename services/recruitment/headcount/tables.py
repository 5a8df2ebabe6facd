"""The read model of headcount, filled by roster's events."""

from uuid import UUID

from sqlmodel import Field

from kernel.db.table import Rls, TenantTable, json_field


class KnownHeadcount(TenantTable, table=True):
    """Posts of a unit as roster last told them. `fixed` None: no number was fixed, which is not a number of zero.

    `ranges`: the numbers [least, most] that a norm allows, where it leaves a choice.
    """

    __tablename__ = "recruitment_headcount"
    __rls__ = Rls()

    unit_id: UUID = Field(primary_key=True)
    unit_no: int
    level: str
    fixed: int | None = None
    occupied: int
    reserved: int
    ranges: list[list[int]] | None = json_field(default=None)
