"""Reading the ranking. It is fixed by the selection, whose first stage it ends."""

from uuid import UUID

from kernel.http.router import Router, Tx
from services.recruitment import permissions
from services.recruitment.ranking import actions
from services.recruitment.ranking.schemas import RankingView

router = Router(service="recruitment", tag="ranking")


@router.get("/notices/{notice_id}/ranking", permission=permissions.EXAM_READ, articles=["NM-8", "NM-10", "SH-8"])
async def explain_ranking(tx: Tx, notice_id: UUID) -> RankingView:
    """The ranking with the reason of every place, ties with finding and article, and whose turn a place is."""
    return await actions.explain(tx, notice_id)
