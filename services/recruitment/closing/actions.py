"""Ending a recruitment: no hire is proposed any more, and roster gets back the posts that nobody filled (NM-5)."""

from uuid import UUID

from kernel.db.transaction import Transaction
from services.recruitment.closing import rules
from services.recruitment.hire import queries as hires
from services.recruitment.notice import queries as notices
from services.recruitment.plan import actions as plans
from services.recruitment.plan import queries as plan_queries
from services.recruitment.plan.schemas import PlanView


async def finish(tx: Transaction, plan_id: UUID) -> PlanView:
    """End an approved plan, with its notice where one is out.

    Raises `WrongState` for a plan that is not approved and while a proposed hire is undecided.
    """
    await plan_queries.row(tx, plan_id)
    filled: dict[UUID, int] = {}
    notice = await notices.of_plan(tx, plan_id)
    for item in await notices.items(tx, notice.id) if notice else []:
        # The item's lock, as in a proposal: none comes in between.
        locked = await notices.item(tx, item.id, lock=True)
        rules.check_nothing_pending(await hires.taken(tx, item.id) - locked.filled)
        filled[locked.community_unit_id] = filled.get(locked.community_unit_id, 0) + locked.filled
    await plans.finish(tx, plan_id, filled)
    if notice is not None:
        await notices.end_items(tx, notice.id, tx.today)
    return await plan_queries.view(tx, plan_id)
