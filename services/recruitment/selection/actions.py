"""Recording the stages of selection in the order of the pack (NM-8, SH-8)."""

from uuid import UUID

from kernel.db.transaction import Transaction
from kernel.events.outbox import audit
from kernel.org import queries as org_queries
from kernel.regulation.pack import Pack
from kernel.regulation.schema import ProcedureStep
from services.recruitment.application import actions as applications
from services.recruitment.application import queries as application_queries
from services.recruitment.notice import queries as notices
from services.recruitment.ranking import actions as ranking
from services.recruitment.selection import queries, rules
from services.recruitment.selection.schemas import RankingFixed, StageOutcome, StageRecord, StagesView
from services.recruitment.selection.tables import StageResult

SUBJECT = "application"


async def record(tx: Transaction, application_id: UUID, body: StageRecord) -> StagesView:
    """Record the result of the stage that is next; a failed one ends the application's way."""
    application = await application_queries.row(tx, application_id, lock=True)
    pack = await _pack(tx, application.item_id)
    done = await queries.outcomes(tx, application_id)
    order = rules.stages(pack)
    step = rules.check_order(order, done, body.step, application.state)
    rules.check_recordable(step)
    actor = tx.context.actor
    rules.check_determined(step, named=actor.kind == "official" and actor.user is not None, reason=body.reason)
    if has_exam(pack):
        await ranking.check_turn(tx, application_id)
    _add(tx, application.id, application.unit_no, step, body)
    await tx.session.flush()
    if body.outcome != rules.PASSED:
        await applications.move(tx, application, "failed")
    await audit(
        tx,
        "recruitment.stage.record",
        subject_type=SUBJECT,
        subject_id=application.id,
        facts={"step": step.id, "outcome": body.outcome, "article": step.article},
    )
    return await read(tx, application_id)


async def fix_ranking(tx: Transaction, notice_id: UUID) -> RankingFixed:
    """End the exam of the notice: the ranking is stored, and with it the exam's result of every candidate."""
    lines = {each.application_id: each for each in await ranking.fix(tx, notice_id)}
    for application in await application_queries.of_notice(tx, notice_id):
        line = lines.get(application.id)
        if line is None or application.state != rules.OPEN_STATE:
            continue
        step = next(each for each in rules.stages(await _pack(tx, application.item_id)) if rules.is_exam(each))
        passed = line.rank is not None
        reason = None if passed else "；".join(str(each["zh"]) for each in line.explanation)
        outcome: StageOutcome = "passed" if passed else "failed"
        evidence = f"考试排名第{line.rank}名" if passed else "考试排名"
        _add(
            tx,
            application.id,
            application.unit_no,
            step,
            StageRecord(step=step.id, outcome=outcome, reason=reason, evidence=evidence),
        )
        if not passed:
            await applications.move(tx, application, "failed")
    await tx.session.flush()
    ranked = sum(each.rank is not None for each in lines.values())
    return RankingFixed(notice_id=notice_id, candidates=len(lines), ranked=ranked)


async def read(tx: Transaction, application_id: UUID) -> StagesView:
    """The stages of the application's procedure, what is recorded, and what comes next."""
    application = await application_queries.row(tx, application_id)
    order = rules.stages(await _pack(tx, application.item_id))
    due = rules.next_step(order, await queries.outcomes(tx, application_id))
    return await queries.view(tx, application_id, order, due.id if due else None)


async def check_complete(tx: Transaction, application_id: UUID, pack: Pack) -> None:
    """Raise `WrongState`, with the article, unless every stage of the procedure was passed."""
    rules.check_complete(rules.stages(pack), await queries.outcomes(tx, application_id))


def _add(tx: Transaction, application_id: UUID, unit_no: int, step: ProcedureStep, body: StageRecord) -> None:
    tx.session.add(
        StageResult(
            tenant_id=tx.tenant,
            application_id=application_id,
            unit_no=unit_no,
            article=step.article,
            user_id=tx.context.actor.user,
            post_id=tx.context.actor.post,
            held_at=tx.now,
            **body.model_dump(),
        )
    )


def has_exam(pack: Pack) -> bool:
    """Whether the procedure has an exam, so that places go by rank."""
    return any(rules.is_exam(each) for each in rules.stages(pack))


async def _pack(tx: Transaction, item_id: UUID) -> Pack:
    item = await notices.item(tx, item_id)
    return await org_queries.pack_version(tx, item.pack_id, item.pack_version)
