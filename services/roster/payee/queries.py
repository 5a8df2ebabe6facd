"""SQL of what pay needs to know of workers; the payroll asks for many at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from kernel.db.transaction import Transaction
from services.roster.payee.tables import BankAccount, PayYear, TaxDeduction


@dataclass(frozen=True, slots=True)
class YearFigures:
    """A year's wage base and opening sums; yuan."""

    wage: Decimal
    months: int
    income: Decimal
    deducted: Decimal
    special: Decimal
    withheld: Decimal


async def keep_year(tx: Transaction, row: PayYear) -> None:
    """Store the year's figures; they take the place of earlier ones."""
    values = row.model_dump()
    fresh = {name: value for name, value in values.items() if name not in ("tenant_id", "dossier_id", "year")}
    await tx.session.execute(
        insert(PayYear)
        .values(**values)
        .on_conflict_do_update(index_elements=["tenant_id", "dossier_id", "year"], set_=fresh)
    )


async def keep_deduction(tx: Transaction, row: TaxDeduction) -> None:
    """Store deductions from a month on; they take the place of earlier ones from the same month."""
    values = row.model_dump()
    fresh = {name: values[name] for name in ("amount", "source", "unit_no")}
    await tx.session.execute(
        insert(TaxDeduction)
        .values(**values)
        .on_conflict_do_update(index_elements=["tenant_id", "dossier_id", "month"], set_=fresh)
    )


async def account(tx: Transaction, dossier_id: UUID, *, lock: bool = False) -> BankAccount | None:
    """The account of a worker; None without one."""
    wanted = select(BankAccount).where(col(BankAccount.dossier_id) == dossier_id)
    return (await tx.session.execute(wanted.with_for_update() if lock else wanted)).scalar_one_or_none()


async def accounts(tx: Transaction, dossier_ids: Sequence[UUID]) -> dict[UUID, BankAccount]:
    """The accounts of several workers, those without left out."""
    found = await tx.session.execute(select(BankAccount).where(col(BankAccount.dossier_id).in_(dossier_ids)))
    return {row.dossier_id: row for row in found.scalars()}


async def years_of(tx: Transaction, dossier_id: UUID) -> list[PayYear]:
    """All years of a worker."""
    found = await tx.session.execute(
        select(PayYear).where(col(PayYear.dossier_id) == dossier_id).order_by(col(PayYear.year))
    )
    return list(found.scalars())


async def deductions_of(tx: Transaction, dossier_id: UUID) -> list[TaxDeduction]:
    """All deductions of a worker in time."""
    found = await tx.session.execute(
        select(TaxDeduction).where(col(TaxDeduction.dossier_id) == dossier_id).order_by(col(TaxDeduction.month))
    )
    return list(found.scalars())


async def years(tx: Transaction, dossier_ids: Sequence[UUID], year: int) -> dict[UUID, YearFigures]:
    """A year's figures of several workers."""
    table = PayYear
    found = await tx.session.execute(
        sa.select(
            col(table.dossier_id),
            col(table.wage),
            col(table.opening_months),
            col(table.opening_income),
            col(table.opening_deducted),
            col(table.opening_special),
            col(table.opening_withheld),
        ).where(col(table.dossier_id).in_(dossier_ids), col(table.year) == year)
    )
    return {row[0]: YearFigures(*row[1:]) for row in found.all()}


async def deductions(tx: Transaction, dossier_ids: Sequence[UUID], month: date) -> dict[UUID, Decimal]:
    """The deductions in force in a month, by worker."""
    found = await tx.session.execute(
        select(col(TaxDeduction.dossier_id), col(TaxDeduction.amount))
        .where(col(TaxDeduction.dossier_id).in_(dossier_ids), col(TaxDeduction.month) <= month)
        .order_by(col(TaxDeduction.month))
    )
    # The latest month comes last and stays.
    return {row[0]: row[1] for row in found.all()}


async def move(tx: Transaction, dossier_id: UUID, unit_no: int) -> None:
    """Bring all three under the unit that keeps the dossier."""
    for table in (PayYear, TaxDeduction, BankAccount):
        await tx.session.execute(update(table).where(col(table.dossier_id) == dossier_id).values(unit_no=unit_no))
