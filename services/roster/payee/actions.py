"""Recording what pay needs to know of a worker; amounts and accounts never reach the audit chain or a log."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from kernel.db.transaction import Transaction
from kernel.events.outbox import audit
from kernel.privacy.fields import protect, reveal
from services.roster.dossier import queries as dossier_queries
from services.roster.payee import queries
from services.roster.payee.schemas import (
    BankAccountEntry,
    BankAccountView,
    PayeeView,
    PayYearEntry,
    PayYearView,
    TaxDeductionEntry,
    TaxDeductionView,
)
from services.roster.payee.tables import BankAccount, PayYear, TaxDeduction

ACCOUNT = "roster_bank_account.account"


async def record_year(tx: Transaction, dossier_id: UUID, body: PayYearEntry) -> PayeeView:
    """Keep the wage base of a year and what was paid in it before; drafts computed before are computed again."""
    dossier = await dossier_queries.get(tx, dossier_id, lock=True)
    opening = {f"opening_{name}": value for name, value in body.opening.model_dump().items()}
    await queries.keep_year(
        tx,
        PayYear(
            tenant_id=tx.tenant,
            dossier_id=dossier.id,
            year=body.year,
            unit_no=dossier.unit_no,
            person_id=dossier.person_id,
            wage=body.wage,
            source=body.source,
            **opening,
        ),
    )
    facts = {"year": body.year, "opening_months": body.opening.months}
    await _noted(tx, "roster.payee.year", dossier_id, body.source, facts)
    return await read(tx, dossier_id)


async def record_deduction(tx: Transaction, dossier_id: UUID, body: TaxDeductionEntry) -> PayeeView:
    """Keep the special additional deductions that a worker declared."""
    dossier = await dossier_queries.get(tx, dossier_id, lock=True)
    month = body.month.replace(day=1)
    await queries.keep_deduction(
        tx,
        TaxDeduction(
            tenant_id=tx.tenant,
            dossier_id=dossier.id,
            month=month,
            unit_no=dossier.unit_no,
            person_id=dossier.person_id,
            amount=body.amount,
            source=body.source,
        ),
    )
    await _noted(tx, "roster.payee.deduction", dossier_id, body.source, {"month": month.isoformat()})
    return await read(tx, dossier_id)


async def record_account(tx: Transaction, dossier_id: UUID, body: BankAccountEntry) -> PayeeView:
    """Keep where a worker is paid, encrypted under the worker's own key."""
    dossier = await dossier_queries.get(tx, dossier_id, lock=True)
    number = body.account.get_secret_value()
    sealed = await protect(tx, dossier.person_id, column=ACCOUNT, row_id=dossier.id, value=number)
    row = await queries.account(tx, dossier_id, lock=True)
    if row is None:
        row = BankAccount(
            tenant_id=tx.tenant,
            dossier_id=dossier.id,
            unit_no=dossier.unit_no,
            person_id=dossier.person_id,
            bank=body.bank,
            account=sealed,
            tail=number[-4:],
        )
        tx.session.add(row)
    else:
        row.bank, row.account, row.tail = body.bank, sealed, number[-4:]
        row.version += 1
    await tx.session.flush()
    await _noted(tx, "roster.payee.account", dossier_id, None, {"version": row.version})
    return await read(tx, dossier_id)


async def read(tx: Transaction, dossier_id: UUID) -> PayeeView:
    """What pay knows of a worker; `NotFound` outside the scope."""
    await dossier_queries.get(tx, dossier_id)
    account = await queries.account(tx, dossier_id)
    return PayeeView(
        dossier_id=dossier_id,
        years=[PayYearView.model_validate(row) for row in await queries.years_of(tx, dossier_id)],
        tax_deductions=[TaxDeductionView.model_validate(row) for row in await queries.deductions_of(tx, dossier_id)],
        bank_account=shown(account) if account else None,
    )


def shown(row: BankAccount) -> BankAccountView:
    """The account with all but its last digits hidden."""
    return BankAccountView(bank=row.bank, account=f"****{row.tail}", version=row.version)


async def open_accounts(tx: Transaction, dossier_ids: Sequence[UUID]) -> dict[UUID, tuple[str, str]]:
    """Bank and account in full of those who have one, for the bank file; whoever asks writes the audit entry."""
    opened = {}
    for dossier_id, row in (await queries.accounts(tx, dossier_ids)).items():
        number = await reveal(tx, row.person_id, column=ACCOUNT, row_id=dossier_id, stored=row.account)
        opened[dossier_id] = (row.bank, number)
    return opened


async def move(tx: Transaction, dossier_id: UUID, unit_no: int) -> None:
    """Bring it all under the unit that keeps the dossier from now on."""
    await queries.move(tx, dossier_id, unit_no)


async def _noted(
    tx: Transaction, action: str, dossier_id: UUID, reason: str | None, facts: Mapping[str, object]
) -> None:
    await audit(tx, action, subject_type="dossier", subject_id=dossier_id, reason=reason, facts=facts)
