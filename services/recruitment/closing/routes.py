"""Ending a recruitment."""

from uuid import UUID

from kernel.errors import WrongState
from kernel.http.router import Router, Tx
from services.recruitment import permissions
from services.recruitment.closing import actions
from services.recruitment.plan.schemas import PlanView

router = Router(service="recruitment", tag="plans")


@router.post(
    "/plans/{plan_id}/finish",
    permission=permissions.PLAN_SUBMIT,
    creates=True,
    articles=["NM-5", "SH-5"],
    problems=[WrongState],
)
async def finish_plan(tx: Tx, plan_id: UUID) -> PlanView:
    """End an approved plan: nobody is proposed any more, and posts that were not filled are free again."""
    return await actions.finish(tx, plan_id)
