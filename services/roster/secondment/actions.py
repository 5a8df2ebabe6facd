"""Applying for a secondment, its approval, and its end: by itself, or earlier (NM-24)."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from kernel.approvals.embed.schemas import CaseView
from kernel.clock import SHANGHAI
from kernel.db.transaction import Transaction
from kernel.errors import Forbidden
from kernel.events.outbox import audit
from kernel.ids import new_id
from kernel.org import queries as org
from kernel.schedule.actions import at
from services.roster.approvals import approvals
from services.roster.dossier import queries as dossier_queries
from services.roster.secondment import queries, rules
from services.roster.secondment.schemas import EndEarly, SecondmentApply, SecondmentView
from services.roster.secondment.tables import Secondment

SUBJECT = "secondment"
PERIOD_END = "roster.secondment_end"
"""Kind of the timer that ends a secondment at the end of its last day."""
BY_ITSELF = "period_over"


async def apply(tx: Transaction, body: SecondmentApply) -> SecondmentView:
    """Apply for a secondment in a post of the unit that would borrow.

    Raises `RuleRefused` with the article for a borrower of a level that may not, an applicant who is not the borrower,
    or a period beyond the ceiling; `NotRegulated` where the regulation does not write of it; `Conflict` where the
    worker is lent on one of the days; `InvalidInput` for a start that lies back.
    """
    actor = tx.context.actor
    if actor.unit_no is None:
        raise Forbidden
    dossier = await dossier_queries.get(tx, body.dossier_id, lock=True)
    pack = await org.pack(tx)
    borrower = await org.unit(tx, body.borrower_unit_id)
    level = pack.document.levels.get(borrower.level)  # type: ignore[call-overload]  # a level of the tree is any text
    name = level.name.zh if level is not None else borrower.level
    rules.check_borrower(pack, borrower.level, name, body.valid_from)
    rules.check_applicant(pack, borrower.unit_no, actor.unit_no, body.valid_from)
    rules.check_length(pack, body.valid_from, body.valid_before)
    rules.check_start(body.valid_from, tx.today)
    other = await queries.overlaps(tx, dossier.id, body.valid_from, body.valid_before, rules.LIVE)
    rules.check_free(other)
    earlier = rules.summed(await queries.lent_before(tx, dossier.id, borrower.id))
    row = Secondment(
        tenant_id=tx.tenant,
        id=new_id(),
        unit_no=dossier.unit_no,
        person_id=dossier.person_id,
        applicant_unit_id=borrower.id,
        state="applied",
        earlier_times=earlier.times,
        earlier_days=earlier.days,
        applied_at=tx.now,
        applied_by=actor.user,
        pack_id=pack.id,
        pack_version=pack.version,
        **body.model_dump(),
    )
    tx.session.add(row)
    await tx.session.flush()
    case = await approvals.open(
        tx,
        workflow=rules.WORKFLOW,
        subject_type=SUBJECT,
        subject_id=row.id,
        subject_unit_no=borrower.unit_no,
        subject_person=dossier.person_id,
        facts={"valid_from": body.valid_from.isoformat(), "valid_before": body.valid_before.isoformat()},
    )
    if case is None:
        await _approve(tx, row)
    else:
        row.case_id = case.id
    await tx.session.flush()
    return await _done(tx, row, "roster.secondment.apply")


async def decided(tx: Transaction, case: CaseView) -> None:
    """The secondment follows its case."""
    row = await queries.get(tx, case.subject_id, lock=True)
    if row.state != "applied":
        return
    if case.state == "approved":
        await _approve(tx, row)
    else:
        row.state, row.decided_on = case.state, tx.today
        row.version += 1
    await tx.session.flush()
    await _done(tx, row, "roster.secondment.decided")


async def end_early(tx: Transaction, secondment_id: UUID, body: EndEarly) -> SecondmentView:
    """Let a running secondment end earlier, with a last day of today or before, or announce one to come."""
    row = await queries.get(tx, secondment_id, lock=True)
    rules.check_endable(row.state, row.began_on, body.last_day, row.ended_before or row.valid_before)
    row.ended_before, row.end_reason = body.last_day + timedelta(days=1), body.reason
    row.version += 1
    if row.ended_before <= tx.today:
        row.state = "ended"
    else:
        await _set_timer(tx, row, row.ended_before)
    await tx.session.flush()
    return await _done(tx, row, "roster.secondment.end_early")


async def end_by_itself(tx: Transaction, secondment_id: UUID) -> None:
    """The last day is over: the secondment has ended. A timer set before an earlier end finds nothing to do."""
    row = await queries.get(tx, secondment_id, lock=True)
    before = row.ended_before or row.valid_before
    if row.state != "approved" or tx.today < before:
        return
    row.state, row.ended_before = "ended", before
    row.end_reason = row.end_reason or BY_ITSELF
    row.version += 1
    await tx.session.flush()
    await _done(tx, row, "roster.secondment.end")


async def move(tx: Transaction, dossier_id: UUID, unit_no: int) -> None:
    """Bring a dossier's secondments under the unit that keeps it; a running one ends with the transfer (NM-23)."""
    for row in await queries.of_dossier(tx, dossier_id):
        row.unit_no = unit_no
        if row.state == "approved" and row.began_on is not None:
            row.state, row.ended_before, row.end_reason = "ended", max(row.began_on, tx.today), "transfer"
            row.version += 1
            await _done(tx, row, "roster.secondment.end")
    await tx.session.flush()


async def _approve(tx: Transaction, row: Secondment) -> None:
    row.state, row.decided_on = "approved", tx.today
    # Nobody is lent before the approval: a late one shortens the time, it does not move it.
    row.began_on = max(row.valid_from, tx.today)
    row.version += 1
    if row.began_on >= row.valid_before:
        row.state, row.began_on, row.ended_before, row.end_reason = "ended", None, row.valid_from, BY_ITSELF
    else:
        await _set_timer(tx, row, row.valid_before)


async def _set_timer(tx: Transaction, row: Secondment, before: date) -> None:
    due = datetime.combine(before, time(), SHANGHAI).astimezone(UTC)
    await at(tx, PERIOD_END, due, unit_no=row.unit_no, payload={"secondment": str(row.id)})


async def _done(tx: Transaction, row: Secondment, action: str) -> SecondmentView:
    facts = {
        "dossier_id": str(row.dossier_id),
        "state": row.state,
        "last_day": ((row.ended_before or row.valid_before) - timedelta(days=1)).isoformat(),
        "earlier_times": row.earlier_times,
    }
    await audit(tx, action, subject_type=SUBJECT, subject_id=row.id, facts=facts)
    return await queries.view(tx, row)
