"""Operations of scoring."""

from uuid import UUID

from kernel.errors import RuleRefused, WrongState
from kernel.http.router import Router, Tx
from services.assessment.cycle.queries import ResultView
from services.assessment.permissions import GRADE_CONFIRM, RESULT_OWN, RESULT_READ, SCORE_RECORD
from services.assessment.scoring import actions
from services.assessment.scoring.schemas import ScoreList, ScoreSheet, SelfAssessment, Ungraded

router = Router(service="assessment", tag="scores")
ARTICLES = ["NM-28", "SH-21", "SH-22"]
REFUSALS = [RuleRefused, WrongState]


@router.post(
    "/own/results/{result_id}/self-assessment",
    permission=RESULT_OWN,
    creates=True,
    articles=["NM-28", "SH-22"],
    problems=REFUSALS,
)
async def assess_oneself(tx: Tx, result_id: UUID, body: SelfAssessment) -> ResultView:
    """Hand in one's own self-assessment."""
    return await actions.assess_oneself(tx, result_id, body)


@router.post("/scores", permission=SCORE_RECORD, creates=True, articles=ARTICLES, problems=REFUSALS)
async def record_scores(tx: Tx, body: ScoreSheet) -> ScoreList:
    """Score components of several people in the stage under way; given again, they replace what stood."""
    return await actions.score(tx, body)


@router.get("/results/{result_id}/scores", permission=RESULT_READ, articles=ARTICLES)
async def list_scores(tx: Tx, result_id: UUID) -> ScoreList:
    """The scores of one person."""
    return await actions.scores_of(tx, result_id)


@router.post(
    "/results/{result_id}/ungraded", permission=GRADE_CONFIRM, creates=True, articles=["NM-28"], problems=[WrongState]
)
async def leave_ungraded(tx: Tx, result_id: UUID, body: Ungraded) -> ResultView:
    """Leave a person without a grade in this year, with the reason."""
    return await actions.leave_ungraded(tx, result_id, body)
