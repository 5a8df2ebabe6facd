"""Operations on what pay needs to know of a worker."""

from uuid import UUID

from kernel.http.router import Router, Tx
from kernel.privacy.keys import PersonErased
from services.roster.payee import actions
from services.roster.payee.schemas import BankAccountEntry, PayeeView, PayYearEntry, TaxDeductionEntry
from services.roster.permissions import PAYEE_READ, PAYEE_WRITE

router = Router(service="roster", tag="payees")

ARTICLES = ["SH-16", "NM-17"]


@router.get("/dossiers/{dossier_id}/payee", permission=PAYEE_READ, articles=ARTICLES)
async def read_payee(tx: Tx, dossier_id: UUID) -> PayeeView:
    """Wage bases, deductions of income tax and the account (de-identified) of a worker."""
    return await actions.read(tx, dossier_id)


@router.post("/dossiers/{dossier_id}/pay-years", permission=PAYEE_WRITE, creates=True, articles=ARTICLES)
async def record_pay_year(tx: Tx, dossier_id: UUID, body: PayYearEntry) -> PayeeView:
    """Record the wage base of social insurance of a year, and what was paid in it before."""
    return await actions.record_year(tx, dossier_id, body)


@router.post("/dossiers/{dossier_id}/tax-deductions", permission=PAYEE_WRITE, creates=True, articles=["IIT-6"])
async def record_tax_deduction(tx: Tx, dossier_id: UUID, body: TaxDeductionEntry) -> PayeeView:
    """Record the special additional deductions that a worker declared."""
    return await actions.record_deduction(tx, dossier_id, body)


@router.post(
    "/dossiers/{dossier_id}/bank-account",
    permission=PAYEE_WRITE,
    creates=True,
    articles=["SH-15", "NM-16"],
    problems=[PersonErased],
)
async def record_bank_account(tx: Tx, dossier_id: UUID, body: BankAccountEntry) -> PayeeView:
    """Record where a worker is paid."""
    return await actions.record_account(tx, dossier_id, body)
