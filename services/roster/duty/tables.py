"""Tables of taking up a post: what training told of the person, and the time on duty."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, Numeric, UniqueConstraint
from sqlmodel import Field

from kernel.db.table import DateRange, Rls, TenantTable, UniquePeriods, period_field


class TrainingNeed(TenantTable, table=True):
    """A training need as training's events tell it (NM-20). May be known before the dossier is."""

    __tablename__ = "roster_training_need"
    __rls__ = Rls(unit="unit_no", person="person_id")
    __table_args__ = (UniqueConstraint("tenant_id", "person_id", "kind", "cycle"),)

    id: UUID = Field(primary_key=True)
    unit_no: int
    person_id: UUID
    kind: str
    cycle: str
    required_hours: Decimal = Field(sa_type=Numeric(8, 2))
    credited_hours: Decimal = Field(sa_type=Numeric(8, 2))
    met_on: date | None = None


class Duty(TenantTable, table=True):
    """Time on duty of one dossier; open above while it lasts."""

    __tablename__ = "roster_duty"
    __rls__ = Rls(unit="unit_no", person="person_id")
    __temporal__ = (UniquePeriods(key=("dossier_id",)),)
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "dossier_id"], ["roster_dossier.tenant_id", "roster_dossier.id"]),
        ForeignKeyConstraint(["tenant_id", "contract_id"], ["roster_contract.tenant_id", "roster_contract.id"]),
        Index(None, "tenant_id", "unit_no", "id"),
    )

    id: UUID = Field(primary_key=True)
    dossier_id: UUID
    unit_no: int
    person_id: UUID
    contract_id: UUID
    category: str
    period: DateRange = period_field()
    version: int = 1
