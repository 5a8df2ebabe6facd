"""Taking an objection down, answering it, opening who objected: the hire's case waits until it is answered (NM-8)."""

from uuid import UUID

from kernel.approvals.embed import actions as approval_actions
from kernel.approvals.model import Action
from kernel.db.transaction import Transaction
from kernel.events.outbox import audit
from kernel.ids import new_id
from kernel.privacy.fields import protect
from services.recruitment.approvals import approvals
from services.recruitment.hire import queries as hires
from services.recruitment.objection import queries, rules
from services.recruitment.objection.schemas import Answer, Object, ObjectionRecord, ObjectorView, Unseal
from services.recruitment.objection.tables import WrittenObjection

SUBJECT = "objection"
TAKEN_DOWN = "收到书面异议，内容见异议记录"
"""What stands in the case's timeline: the text itself stays with the objection."""


async def take_down(tx: Transaction, hire_id: UUID, body: Object) -> ObjectionRecord:
    """Record an objection in writing against a hire that is public; the case stops until it is answered.

    Raises `WrongState` where the hire is not public, or its period is over.
    """
    # Not held: whoever decides on a case holds the case first, then what hangs on it; so does the end of the period.
    hire = await hires.row(tx, hire_id)
    rules.check_received(body.received_on, hire.public_from, tx.today)
    objection_id, objector_id = new_id(), new_id()
    case_id, step = await _publicity(tx, hire.case_id)
    action = Action("object", tx.context.actor, step, comment=TAKEN_DOWN, objection=objection_id)
    await approvals.decide(tx, case_id, action)
    row = WrittenObjection(
        tenant_id=tx.tenant,
        id=objection_id,
        hire_id=hire_id,
        unit_no=hire.unit_no,
        objector_id=objector_id,
        received_on=body.received_on,
        recorded_by_user=tx.context.actor.user,
        recorded_by_post=tx.context.actor.post,
        objected_at=tx.now,
        objector=await protect(
            tx, objector_id, column=queries.OBJECTOR, row_id=objection_id, value=body.objector.get_secret_value()
        ),
        contact=await protect(
            tx, objector_id, column=queries.CONTACT, row_id=objection_id, value=body.contact.get_secret_value()
        ),
        text=await protect(tx, objector_id, column=queries.TEXT, row_id=objection_id, value=body.text),
    )
    tx.session.add(row)
    await tx.session.flush()
    await audit(
        tx, "recruitment.objection.record", subject_type=SUBJECT, subject_id=row.id, facts={"hire_id": str(hire_id)}
    )
    return ObjectionRecord.model_validate(row)


async def answer(tx: Transaction, hire_id: UUID, objection_id: UUID, body: Answer) -> ObjectionRecord:
    """Answer an objection. Upheld, the case stays where it is until the hire is returned or rejected.

    Raises `WrongState` where it was answered, `RuleRefused` for who proposed the hire.
    """
    hire = await hires.row(tx, hire_id)
    row = await queries.row(tx, hire_id, objection_id, lock=True)
    case_id, step = await _publicity(tx, hire.case_id)
    await approvals.decide(
        tx,
        case_id,
        Action(
            "handle_objection",
            tx.context.actor,
            step,
            comment=body.answer,
            objection=objection_id,
            upheld=body.upheld,
        ),
    )
    row.upheld, row.answer = body.upheld, body.answer
    row.answered_by_user, row.answered_by_post = tx.context.actor.user, tx.context.actor.post
    row.answered_at = tx.now
    row.version += 1
    await tx.session.flush()
    facts = {"hire_id": str(hire_id), "upheld": body.upheld}
    await audit(tx, "recruitment.objection.answer", subject_type=SUBJECT, subject_id=row.id, facts=facts)
    return ObjectionRecord.model_validate(row)


async def unseal(tx: Transaction, hire_id: UUID, objection_id: UUID, body: Unseal) -> ObjectorView:
    """Who objected, for a reason that stands in the audit."""
    row = await queries.row(tx, hire_id, objection_id)
    name, contact = await queries.author(tx, row)
    await audit(tx, "recruitment.objection.unseal", subject_type=SUBJECT, subject_id=row.id, reason=body.reason)
    return ObjectorView(objection_id=row.id, objector=name, contact=contact)


async def _publicity(tx: Transaction, case_id: UUID | None) -> tuple[UUID, str]:
    case = await approval_actions.one(tx, case_id) if case_id is not None else None
    step = (
        next((each.step for each in case.steps if each.kind == "publicize" and each.state == "open"), None)
        if case
        else None
    )
    named = rules.check_public(step)
    assert case is not None  # noqa: S101 - a step was found in it
    return case.id, named
