"""Tables of the payroll: a run of a unit and month, its slips, and why its lines stand (O6)."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, Numeric, UniqueConstraint, text
from sqlmodel import Field

from kernel.db.table import Rls, TenantTable, json_field

Money = Numeric(16, 2)


class PayRun(TenantTable, table=True):
    """A month's payroll of a unit. `number` 0 is the regular run; corrections follow from 1 on. `month` is its first
    day, `digest` the hash of its slips; `excluded` counts persons whom the regulation does not pay here, by
    category."""

    __tablename__ = "roster_pay_run"
    __rls__ = Rls(unit="unit_no")
    __closed_units__ = "wages of the days before are still paid"
    __table_args__ = (UniqueConstraint("tenant_id", "unit_id", "month", "number"),)

    id: UUID = Field(primary_key=True)
    unit_id: UUID
    unit_no: int
    month: date
    number: int
    reason: str | None = None
    pays_on: date
    state: str
    digest: str
    people: int
    problems: int
    excluded: dict[str, Any] = json_field()
    income: Decimal = Field(sa_type=Money)
    withheld: Decimal = Field(sa_type=Money)
    net: Decimal = Field(sa_type=Money)
    employer: Decimal = Field(sa_type=Money)
    case_id: UUID | None = None
    made_by: UUID | None = None
    approved_on: date | None = None
    files: int = 0
    """How many bank files were made of it."""
    pack_id: str
    pack_version: str
    version: int = 1


class PaySlip(TenantTable, table=True):
    """One worker in a run. `unit_no` is that of the unit that pays and stays, wherever the dossier goes: it is the
    withholding agent. `lines` are {code, side, amount, facts}; `counts_month`: 1 for the first payment in that month
    of the tax year. `approved_on` and `file_no` follow the run and its bank files."""

    __tablename__ = "roster_pay_slip"
    __rls__ = Rls(unit="unit_no", person="person_id")
    __closed_units__ = "wages of the days before are still paid"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "run_id"], ["roster_pay_run.tenant_id", "roster_pay_run.id"]),
        ForeignKeyConstraint(["tenant_id", "dossier_id"], ["roster_dossier.tenant_id", "roster_dossier.id"]),
        # Nobody is paid twice for a month, whichever unit computes it.
        Index(
            "roster_pay_slip_once", "tenant_id", "dossier_id", "month", unique=True, postgresql_where=text("regular")
        ),
        Index(None, "tenant_id", "dossier_id", "tax_year"),
    )

    run_id: UUID = Field(primary_key=True)
    dossier_id: UUID = Field(primary_key=True)
    unit_no: int
    unit_id: UUID
    person_id: UUID
    month: date
    regular: bool
    tax_year: int
    counts_month: int
    role: str
    category: str
    lines: list[dict[str, Any]] = json_field()
    income: Decimal = Field(sa_type=Money)
    withheld: Decimal = Field(sa_type=Money)
    net: Decimal = Field(sa_type=Money)
    employer: Decimal = Field(sa_type=Money)
    deducted: Decimal = Field(sa_type=Money)
    special: Decimal = Field(sa_type=Money)
    tax: Decimal = Field(sa_type=Money)
    base: Decimal | None = Field(default=None, sa_type=Money)
    flags: list[str] = json_field()
    problems: list[str] = json_field()
    approved_on: date | None = None
    file_no: int | None = None


class PayGround(TenantTable, table=True):
    """The names, articles and words of a run's lines, once for all its slips."""

    __tablename__ = "roster_pay_ground"
    __rls__ = Rls.tenant_wide("why a line stands is the regulation's text; whoever reads a slip reads it too")
    __table_args__ = (ForeignKeyConstraint(["tenant_id", "run_id"], ["roster_pay_run.tenant_id", "roster_pay_run.id"]),)

    run_id: UUID = Field(primary_key=True)
    grounds: dict[str, Any] = json_field()
