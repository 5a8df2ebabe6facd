"""Operations on the stages of selection."""

from uuid import UUID

from kernel.errors import WrongState
from kernel.http.router import Router, Tx
from services.recruitment import permissions
from services.recruitment.selection import actions
from services.recruitment.selection.schemas import RankingFixed, StageRecord, StagesView

router = Router(service="recruitment", tag="selection")


@router.post(
    "/applications/{application_id}/stages",
    permission=permissions.STAGE_RECORD,
    creates=True,
    articles=["NM-8", "SH-8"],
    problems=[WrongState],
)
async def record_stage(tx: Tx, application_id: UUID, body: StageRecord) -> StagesView:
    """Record the result of the next stage; another order is refused with the article."""
    return await actions.record(tx, application_id, body)


@router.post(
    "/notices/{notice_id}/ranking",
    permission=permissions.EXAM_RUN,
    creates=True,
    articles=["NM-8", "NM-10", "SH-8"],
    problems=[WrongState],
)
async def fix_ranking(tx: Tx, notice_id: UUID) -> RankingFixed:
    """End the exam: store the ranking with its explanations, and the exam's result of every candidate."""
    return await actions.fix_ranking(tx, notice_id)


@router.get("/applications/{application_id}/stages", permission=permissions.APPLICATION_READ, articles=["NM-8", "SH-8"])
async def read_stages(tx: Tx, application_id: UUID) -> StagesView:
    """The stages in the pack's order, with what is recorded."""
    return await actions.read(tx, application_id)
