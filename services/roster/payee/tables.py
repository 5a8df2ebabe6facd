"""Tables of what pay needs to know of a worker: yearly figures, monthly deductions of income tax, the bank account."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Numeric
from sqlmodel import Field

from kernel.db.table import Rls, TenantTable

Money = Numeric(14, 2)


class PayYear(TenantTable, table=True):
    """One year of a worker: own average monthly pay of the year before, and what the same payer paid and withheld in
    that tax year before the payroll was kept here (`opening_…`; yuan, months counted)."""

    __tablename__ = "roster_pay_year"
    __rls__ = Rls(unit="unit_no", person="person_id")
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "dossier_id"], ["roster_dossier.tenant_id", "roster_dossier.id"]),
    )

    dossier_id: UUID = Field(primary_key=True)
    year: int = Field(primary_key=True)
    unit_no: int
    person_id: UUID
    wage: Decimal = Field(sa_type=Money)
    source: str
    opening_months: int = 0
    opening_income: Decimal = Field(default=Decimal(0), sa_type=Money)
    opening_deducted: Decimal = Field(default=Decimal(0), sa_type=Money)
    opening_special: Decimal = Field(default=Decimal(0), sa_type=Money)
    opening_withheld: Decimal = Field(default=Decimal(0), sa_type=Money)


class TaxDeduction(TenantTable, table=True):
    """The special additional deductions that a worker declared, in all, for each month from a first one on."""

    __tablename__ = "roster_tax_deduction"
    __rls__ = Rls(unit="unit_no", person="person_id")
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "dossier_id"], ["roster_dossier.tenant_id", "roster_dossier.id"]),
    )

    dossier_id: UUID = Field(primary_key=True)
    month: date = Field(primary_key=True)
    unit_no: int
    person_id: UUID
    amount: Decimal = Field(sa_type=Money)
    source: str


class BankAccount(TenantTable, table=True):
    """Where a worker is paid. `account` is ciphertext; `tail` are its last four digits."""

    __tablename__ = "roster_bank_account"
    __rls__ = Rls(unit="unit_no", person="person_id")
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "dossier_id"], ["roster_dossier.tenant_id", "roster_dossier.id"]),
    )

    dossier_id: UUID = Field(primary_key=True)
    unit_no: int
    person_id: UUID
    bank: str
    account: bytes
    tail: str
    version: int = 1
