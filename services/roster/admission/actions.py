"""Applying for admission, determining, admitting, adjusting, removing, and declining what was not admitted."""

from uuid import UUID

from kernel.approvals.embed.schemas import CaseView
from kernel.db.transaction import Transaction
from kernel.errors import FieldError, Forbidden, InvalidInput, NotFound, Text
from kernel.events.outbox import audit
from kernel.http.etag import check_version
from kernel.ids import new_id
from kernel.org import queries as org
from kernel.org.tables import OrgUnit
from services.roster.admission import queries, rules
from services.roster.admission.schemas import (
    Adjustment,
    AdmissionApply,
    AdmissionView,
    BarredFinding,
    Decline,
    DeclinedView,
    Removal,
)
from services.roster.admission.tables import Admission, AdmissionChange, Declined
from services.roster.approvals import approvals

SUBJECT = "admission"
COMMUNITY = "community"


async def apply(tx: Transaction, body: AdmissionApply) -> AdmissionView:
    """Apply for something to be admitted to a community of the scope, in the acting post's department.

    Raises `RuleRefused` (with the findings) where the community would answer for a listed matter, for a forbidden one,
    and where means are missing that the applicant brings; a matter outside an open list waits for a named official;
    everything else goes to the approval. `NotRegulated` where the regulation writes of no admission, `ParameterNotSet`
    where its approver stands in a document that is not loaded and nobody set it.
    """
    actor = tx.context.actor
    if actor.unit_no is None or actor.department_kind is None:
        raise Forbidden
    pack = await org.pack(tx)
    rules.check_register(pack, body.register_kind)
    community = await _community(tx, body.community_unit_id)
    judged = rules.judge(pack, body.matter, body.role)
    given = body.means.model_dump() if body.means is not None else None
    means = rules.check_means(pack, given, body.valid_from)
    applicant = await org.unit_by_no(tx, actor.unit_no)
    row = Admission(
        tenant_id=tx.tenant,
        id=new_id(),
        unit_no=community.unit_no,
        community_title=community.title,
        applicant_unit_id=applicant.id,
        applicant_unit_title=applicant.title,
        applicant_department=pack.department_name(actor.department_kind, tx.today),
        state="needs_determination" if judged.waits else "applied",
        findings=[each.as_json() for each in (judged.finding, *means) if each is not None],
        means=body.means.model_dump(mode="json") if body.means is not None else None,
        applied_at=tx.now,
        applied_by=actor.user,
        pack_id=pack.id,
        pack_version=pack.version,
        **body.model_dump(exclude={"means"}),
    )
    tx.session.add(row)
    await tx.session.flush()
    if not judged.waits:
        await _submit(tx, row)
    return await _done(tx, row, "roster.admission.apply")


async def determine(tx: Transaction, admission_id: UUID, body: BarredFinding) -> AdmissionView:
    """Determine, in one's own name, whether a matter outside the list is of the barred kind; if not, it goes on."""
    row = await queries.get(tx, admission_id, lock=True)
    rules.check_waiting(row.state)
    pack = await org.pack_version(tx, row.pack_id, row.pack_version)
    finding = rules.determined(pack, body.barred, body.reason)
    row.findings = [*row.findings, finding.as_json()]
    row.determined_barred, row.determined_reason = body.barred, body.reason
    row.determined_by, row.determined_at = tx.context.actor.user, tx.now
    row.state = "refused" if body.barred else "applied"
    row.version += 1
    await tx.session.flush()
    if not body.barred:
        await _submit(tx, row)
    return await _done(tx, row, "roster.admission.determine", reason=body.reason)


async def decided(tx: Transaction, case: CaseView) -> None:
    """The application follows its case."""
    row = await queries.get(tx, case.subject_id, lock=True)
    if row.state != "applied":
        return
    if case.state == "approved":
        row.state, row.admitted_on = "admitted", tx.today
    else:
        row.state = "withdrawn" if case.state == "withdrawn" else "refused"
    row.version += 1
    await tx.session.flush()
    await _done(tx, row, "roster.admission.decided")


async def adjust(tx: Transaction, admission_id: UUID, version: int, body: Adjustment) -> AdmissionView:
    """Change what something admitted is, or until when (动态调整); what stood before is kept."""
    row = await queries.get(tx, admission_id, lock=True)
    check_version(row.version, version)
    rules.check_in_force(row.state)
    rules.check_end(row.valid_from, body.valid_before)
    await _keep(tx, row, "adjusted", body.reason)
    row.content, row.valid_before, row.state = body.content, body.valid_before, "adjusted"
    row.version += 1
    await tx.session.flush()
    return await _done(tx, row, "roster.admission.adjust", reason=body.reason)


async def remove(tx: Transaction, admission_id: UUID, body: Removal) -> AdmissionView:
    """Take something off the register; it stays on record."""
    row = await queries.get(tx, admission_id, lock=True)
    rules.check_in_force(row.state)
    await _keep(tx, row, "removed", body.reason)
    row.state, row.removed_on = "removed", tx.today
    row.version += 1
    await tx.session.flush()
    return await _done(tx, row, "roster.admission.remove", reason=body.reason)


async def decline(tx: Transaction, body: Decline) -> DeclinedView:
    """Decline, as the community, what was asked of it without admission.

    Raises `RuleRefused` where it was admitted and is in force today.
    """
    actor = tx.context.actor
    if actor.unit_no is None:
        raise Forbidden
    pack = await org.pack(tx)
    rules.check_register(pack, body.register_kind)
    community = await org.unit_by_no(tx, actor.unit_no)
    if body.admission_id is not None:
        await queries.get(tx, body.admission_id)
    held = await queries.in_force(tx, community.id, body.register_kind, body.title, tx.today, body.admission_id)
    article = rules.check_not_admitted(pack, held)
    row = Declined(
        tenant_id=tx.tenant,
        id=new_id(),
        unit_no=community.unit_no,
        community_unit_id=community.id,
        article=article,
        declined_by=actor.user,
        declined_at=tx.now,
        pack_id=pack.id,
        pack_version=pack.version,
        **body.model_dump(exclude={"admission_id"}),
    )
    tx.session.add(row)
    await tx.session.flush()
    await audit(tx, "roster.admission.decline", subject_type="admission_declined", subject_id=row.id)
    return DeclinedView.model_validate(row)


async def _submit(tx: Transaction, row: Admission) -> None:
    case = await approvals.open(
        tx,
        workflow=rules.WORKFLOW,
        subject_type=SUBJECT,
        subject_id=row.id,
        subject_unit_no=row.unit_no,
        facts={"register_kind": row.register_kind, "matter": row.matter, "role": row.role, "title": row.title},
    )
    if case is None:
        # Without a way to admit, nothing is admitted: silence opens no door to the community.
        raise rules.not_regulated()
    row.case_id = case.id
    await tx.session.flush()


async def _community(tx: Transaction, unit_id: UUID) -> OrgUnit:
    try:
        unit = await org.unit_in_scope(tx, unit_id)
    except NotFound:
        unit = None
    if unit is None or unit.level != COMMUNITY:
        message = Text("不是所辖社区", "Not a community under the applicant's unit.")
        raise InvalidInput(message, errors=[FieldError("/community_unit_id", message)])
    return unit


async def _keep(tx: Transaction, row: Admission, kind: str, reason: str) -> None:
    change = AdmissionChange(
        tenant_id=tx.tenant,
        id=new_id(),
        admission_id=row.id,
        unit_no=row.unit_no,
        kind=kind,
        reason=reason,
        content_before=row.content,
        valid_before_before=row.valid_before,
        changed_by=tx.context.actor.user,
        changed_at=tx.now,
    )
    tx.session.add(change)
    await tx.session.flush()


async def _done(tx: Transaction, row: Admission, action: str, reason: str | None = None) -> AdmissionView:
    facts = {"state": row.state, "register_kind": row.register_kind, "matter": row.matter, "role": row.role}
    await audit(tx, action, subject_type=SUBJECT, subject_id=row.id, reason=reason, facts=facts)
    return await queries.view(tx, row)
