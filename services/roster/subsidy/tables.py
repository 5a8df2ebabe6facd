"""Table of subsidies: who is to be paid what for which task, with the decision."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, Numeric
from sqlmodel import Field

from kernel.db.table import Rls, TenantTable


class Subsidy(TenantTable, table=True):
    """One subsidy of a worker, paid once with the payroll of `month` (its first day); yuan.

    `on_task_from` to `on_task_before` is the half-open time on the front line.
    """

    __tablename__ = "roster_subsidy"
    __rls__ = Rls(unit="unit_no", person="person_id", app="select, insert, update")
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "dossier_id"], ["roster_dossier.tenant_id", "roster_dossier.id"]),
        Index(None, "tenant_id", "unit_no", "id"),
        Index(None, "tenant_id", "dossier_id", "month"),
    )

    id: UUID = Field(primary_key=True)
    dossier_id: UUID
    unit_no: int
    person_id: UUID
    occasion: str
    task: str
    on_task_from: date
    on_task_before: date
    part_taken: str
    amount: Decimal = Field(sa_type=Numeric(14, 2))
    month: date
    document: str
    state: str
    case_id: UUID | None = None
    proposed_on: date
    decided_on: date | None = None
    pack_id: str
    pack_version: str
    version: int = 1
