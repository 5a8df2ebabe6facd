"""Raising and reviewing appeals (S5; ours)."""

from uuid import UUID

from kernel.db.transaction import Transaction
from kernel.errors import Conflict, Text
from kernel.events.outbox import audit
from kernel.ids import new_id
from services.assessment.appeal import queries, rules
from services.assessment.appeal.schemas import AppealDecision, AppealRaised, AppealView
from services.assessment.cycle import queries as cycle_queries
from services.assessment.grading import actions as grading
from services.assessment.method import Method
from services.assessment.scoring import queries as scores


async def raise_appeal(tx: Transaction, result_id: UUID, body: AppealRaised) -> AppealView:
    """Appeal one's own grade, once, while it is confirmed and the time of appeals runs."""
    row = await cycle_queries.result(tx, result_id, lock=True)
    until = row.appeals_until
    rules.check_in_time(row.state, until is not None and tx.today <= until)
    appeal_id = new_id()
    values = {
        "id": appeal_id,
        "result_id": row.id,
        "cycle_id": row.cycle_id,
        "unit_no": row.unit_no,
        "person_id": row.person_id,
        "grounds": body.grounds,
        "raised_at": tx.now,
    }
    if not await queries.add(tx, values):
        raise Conflict(Text("对该等次已提出过申诉", "This grade was appealed already."))
    row.appeal_state = "open"
    row.version += 1
    await tx.session.flush()
    await audit(tx, "assessment.appeal.raise", subject_type="appeal", subject_id=appeal_id)
    return AppealView.model_validate(await queries.get(tx, appeal_id))


async def decide(tx: Transaction, appeal_id: UUID, body: AppealDecision) -> AppealView:
    """Review an appeal in a post that neither scored nor confirmed. Upheld, the named grade stands.

    Raises `RuleRefused` for who took part, or where the grade would break the cap; `WrongState` for one decided.
    """
    seen = await queries.get(tx, appeal_id)
    cycle = await cycle_queries.get(tx, seen.cycle_id, lock=True)
    appeal = await queries.get(tx, appeal_id, lock=True)
    rules.check_open(appeal.state)
    row = await cycle_queries.result(tx, appeal.result_id, lock=True)
    rules.check_in_time(row.state, True)
    actor = tx.context.actor
    method = Method.model_validate(cycle.method)
    involved = await scores.scorers(tx, row.id) | ({cycle.confirmed_by_user} if cycle.confirmed_by_user else set())
    same_post = actor.post is not None and actor.post == cycle.confirmed_by_post
    rules.check_reviewer(actor.user, involved, same_post, method.article)
    grade = rules.new_grade(method, body.upheld, body.grade, row.grade)
    appeal.state = "upheld" if body.upheld else "refused"
    appeal.reason, appeal.grade = body.reason, grade.code if grade else None
    appeal.decided_by_user, appeal.decided_by_post, appeal.decided_at = actor.user, actor.post, tx.now
    appeal.version += 1
    if grade is not None:
        await grading.regrade(tx, cycle, row, grade, body.reason)
    row.appeal_state = appeal.state
    row.version += 1
    await tx.session.flush()
    facts = {"upheld": body.upheld, "grade": appeal.grade}
    await audit(
        tx, "assessment.appeal.decide", subject_type="appeal", subject_id=appeal.id, reason=body.reason, facts=facts
    )
    await grading.settle(tx, cycle.id)
    return AppealView.model_validate(appeal)
