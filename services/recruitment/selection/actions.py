"""Recording the stages of selection in the order of the pack (NM-8, SH-8)."""

from uuid import UUID

from kernel.db.transaction import Transaction
from kernel.events.outbox import audit
from kernel.org import queries as org_queries
from kernel.regulation.pack import Pack
from services.recruitment.application import actions as applications
from services.recruitment.application import queries as application_queries
from services.recruitment.notice import queries as notices
from services.recruitment.selection import queries, rules
from services.recruitment.selection.schemas import StageRecord, StagesView
from services.recruitment.selection.tables import StageResult

SUBJECT = "application"


async def record(tx: Transaction, application_id: UUID, body: StageRecord) -> StagesView:
    """Record the result of the stage that is next; a failed one ends the application's way."""
    application = await application_queries.row(tx, application_id, lock=True)
    pack = await _pack(tx, application.item_id)
    done = await queries.outcomes(tx, application_id)
    step = rules.check_order(rules.stages(pack), done, body.step, application.state)
    tx.session.add(
        StageResult(
            tenant_id=tx.tenant,
            application_id=application.id,
            unit_no=application.unit_no,
            article=step.article,
            user_id=tx.context.actor.user,
            post_id=tx.context.actor.post,
            held_at=tx.now,
            **body.model_dump(),
        )
    )
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


async def read(tx: Transaction, application_id: UUID) -> StagesView:
    """The stages of the application's procedure, what is recorded, and what comes next."""
    application = await application_queries.row(tx, application_id)
    order = rules.stages(await _pack(tx, application.item_id))
    due = rules.next_step(order, await queries.outcomes(tx, application_id))
    return await queries.view(tx, application_id, order, due.id if due else None)


async def check_complete(tx: Transaction, application_id: UUID, pack: Pack) -> None:
    """Raise `WrongState`, with the article, unless every stage of the procedure was passed."""
    rules.check_complete(rules.stages(pack), await queries.outcomes(tx, application_id))


async def _pack(tx: Transaction, item_id: UUID) -> Pack:
    item = await notices.item(tx, item_id)
    return await org_queries.pack_version(tx, item.pack_id, item.pack_version)
