"""Making a bank file of an approved payroll, and opening it. Whoever is in a file is in no other."""

from decimal import Decimal
from uuid import UUID

from kernel.db.transaction import Transaction
from kernel.errors import NotFound, Text, WrongState
from kernel.events.outbox import audit
from services.roster.dossier import queries as dossier_queries
from services.roster.pay_file import rules
from services.roster.pay_file.schemas import FileView, Missing, Purpose
from services.roster.payee import actions as payee_actions
from services.roster.payee import queries as payee_queries
from services.roster.payroll import queries as payroll_queries


async def make(tx: Transaction, run_id: UUID) -> FileView:
    """Take all approved slips with an account that no file holds into a new one; the others are named as missing.

    Raises `WrongState` for a run that is not approved or where nobody is left to be paid.
    """
    run = await payroll_queries.run(tx, run_id, lock=True)
    if run.state != "approved":
        raise WrongState(Text("薪酬册尚未批准", "The run is not approved."))
    waiting = await payroll_queries.unfiled(tx, run_id)
    if not waiting:
        raise WrongState(Text("没有待发放的人员", "Nobody is left to be paid."))
    ids = [slip.dossier_id for slip in waiting]
    accounts = await payee_queries.accounts(tx, ids)
    names = await dossier_queries.names(tx, ids)
    paid = [slip for slip in waiting if slip.dossier_id in accounts and slip.dossier_id in names]
    taken = {slip.dossier_id for slip in paid}
    missing = [
        Missing(dossier_id=slip.dossier_id, full_name=names.get(slip.dossier_id), net=slip.net)
        for slip in waiting
        if slip.dossier_id not in taken
    ]
    total = sum((slip.net for slip in paid), Decimal("0.00"))
    if paid:
        run.files += 1
        run.version += 1
        await payroll_queries.put_in_file(tx, run_id, [slip.dossier_id for slip in paid], run.files)
        await tx.session.flush()
    facts = {"number": run.files, "people": len(paid), "missing": len(missing), "total": str(total)}
    await audit(tx, "roster.payroll.file", subject_type="pay_run", subject_id=run_id, facts=facts)
    return FileView(run_id=run_id, number=run.files, people=len(paid), total=total, missing=missing)


async def content(tx: Transaction, run_id: UUID, number: int, body: Purpose) -> bytes:
    """The file with account numbers in full, for a stated reason that the audit chain keeps."""
    run = await payroll_queries.run(tx, run_id)
    slips = await payroll_queries.filed(tx, run_id, number)
    if not slips:
        raise NotFound
    ids = [slip.dossier_id for slip in slips]
    accounts = await payee_actions.open_accounts(tx, ids)
    names = await dossier_queries.names(tx, ids)
    payments = [
        rules.Payment(names.get(slip.dossier_id, ""), *accounts.get(slip.dossier_id, ("", "")), slip.net)
        for slip in slips
    ]
    facts = {"number": number, "people": len(slips)}
    await audit(
        tx,
        "roster.payroll.open_file",
        subject_type="pay_run",
        subject_id=run_id,
        reason=body.reason,
        facts=facts,
    )
    return rules.written(payments, f"{run.month:%Y-%m} 薪酬")
