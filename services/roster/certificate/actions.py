"""Entering, verifying and ending certificates; the allowance follows from them in the next payroll (NM-19, SH-15)."""

from uuid import UUID

from kernel.db.table import days
from kernel.db.transaction import Transaction
from kernel.errors import Text, WrongState
from kernel.events.outbox import audit
from services.roster.certificate import queries, rules
from services.roster.certificate.schemas import CertificateEntry, CertificateStateView, Ending, Verification
from services.roster.certificate.tables import CertificateCheck
from services.roster.dossier import queries as dossier_queries
from services.roster.intake import actions as intake_actions
from services.roster.intake import queries as intake_queries


async def enter(tx: Transaction, dossier_id: UUID, body: CertificateEntry) -> CertificateStateView:
    """Keep a certificate that the worker shows; it counts for nothing before it is verified."""
    rules.check_issue(body.issued_on, tx.today)
    given = await intake_actions.add_certificate(
        tx, dossier_id, kind=body.kind, number=body.number, issued_on=body.issued_on
    )
    facts = {"kind": body.kind, "certificate_id": str(given.id)}
    await audit(tx, "roster.certificate.enter", subject_type="dossier", subject_id=dossier_id, facts=facts)
    return queries.view({**given.model_dump(), "dossier_id": dossier_id}, None)


async def verify(tx: Transaction, certificate_id: UUID, body: Verification) -> CertificateStateView:
    """Find a certificate genuine for a period; `WrongState` where that was done."""
    given, dossier_id = await intake_queries.certificate(tx, certificate_id)
    dossier = await dossier_queries.get(tx, dossier_id, lock=True)
    if await queries.get(tx, certificate_id) is not None:
        raise WrongState(Text("该证书已核验", "The certificate is verified already."))
    valid_from = body.valid_from or given.issued_on
    rules.check_period(given.issued_on, valid_from, body.valid_before)
    row = CertificateCheck(
        tenant_id=tx.tenant,
        certificate_id=certificate_id,
        dossier_id=dossier.id,
        unit_no=dossier.unit_no,
        person_id=dossier.person_id,
        kind=given.kind,
        document=body.document,
        period=days(valid_from, body.valid_before),
        allowance_decision=body.allowance_decision,
        verified_on=tx.today,
        verified_by=tx.context.actor.user,
    )
    tx.session.add(row)
    await tx.session.flush()
    facts = {"kind": given.kind, "valid_from": valid_from.isoformat()}
    await audit(
        tx,
        "roster.certificate.verify",
        subject_type="certificate",
        subject_id=certificate_id,
        reason=body.document,
        facts=facts,
    )
    return queries.view({**given.model_dump(), "dossier_id": dossier_id}, row)


async def end(tx: Transaction, certificate_id: UUID, body: Ending) -> CertificateStateView:
    """Let a verified certificate count no longer from a day on; months paid before are corrected by a run of their
    own."""
    given, dossier_id = await intake_queries.certificate(tx, certificate_id)
    row = await queries.get(tx, certificate_id)
    if row is None:
        raise WrongState(Text("该证书尚未核验", "The certificate is not verified."))
    rules.check_ending(row.period.lower, row.period.upper, body.valid_before)
    row.period, row.ended_reason = days(row.period.lower or given.issued_on, body.valid_before), body.reason
    await tx.session.flush()
    facts = {"valid_before": body.valid_before.isoformat()}
    await audit(
        tx,
        "roster.certificate.end",
        subject_type="certificate",
        subject_id=certificate_id,
        reason=body.reason,
        facts=facts,
    )
    return queries.view({**given.model_dump(), "dossier_id": dossier_id}, row)


async def listed(tx: Transaction, dossier_id: UUID) -> list[CertificateStateView]:
    """The certificates of a worker; `NotFound` outside the scope."""
    known = await intake_queries.background(tx, dossier_id)
    await dossier_queries.get(tx, dossier_id)
    checks = await queries.of_dossier(tx, dossier_id)
    return [
        queries.view({**each.model_dump(), "dossier_id": dossier_id}, checks.get(each.id))
        for each in known.certificates
    ]


async def own(tx: Transaction) -> list[CertificateStateView]:
    """The certificates of the person who asks."""
    return await listed(tx, (await dossier_queries.own(tx)).id)


async def move(tx: Transaction, dossier_id: UUID, unit_no: int) -> None:
    """Bring the verifications under the unit that keeps the dossier from now on."""
    await queries.move(tx, dossier_id, unit_no)
