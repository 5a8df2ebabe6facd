"""Operations of the residents' survey. The form and the answer are for everybody, without signing in:
`/public/<tenant>/assessment/surveys/{survey_id}/form` and `…/answers`.

Making tokens and answering take no Idempotency-Key: the kept answer of the one would hold the tokens, that of the other
would tie a token to marks. A token is itself good for once.
"""

from uuid import UUID

from fastapi import Response

from kernel.errors import RuleRefused, WrongState
from kernel.http.paging import PageOf
from kernel.http.router import Router, Tx
from kernel.http.schema import Page
from services.assessment.permissions import SURVEY_ANSWER, SURVEY_OPEN, SURVEY_READ, SURVEY_VIEW, TOKEN_ISSUE
from services.assessment.survey import actions, queries
from services.assessment.survey.schemas import (
    Answer,
    PartList,
    SurveyForm,
    SurveyOpening,
    SurveyView,
    Thanks,
    TokenOrder,
    TokenSheet,
    TokenWithdrawal,
    Withdrawn,
)

router = Router(service="assessment", tag="surveys")
ARTICLES = ["NM-28", "SH-21", "SH-22"]


@router.post(
    "/cycles/{cycle_id}/survey",
    permission=SURVEY_OPEN,
    creates=True,
    status_code=201,
    articles=ARTICLES,
    problems=[WrongState, RuleRefused],
)
async def open_survey(tx: Tx, response: Response, cycle_id: UUID, body: SurveyOpening) -> SurveyView:
    """Open the residents' survey of a yearly assessment."""
    survey = await actions.open_survey(tx, cycle_id, body)
    # A survey is read by its own path, not below the cycle.
    response.headers["Location"] = f"/api/v1/assessment/surveys/{survey.id}"
    return survey


@router.get("/surveys", permission=SURVEY_READ, articles=ARTICLES)
async def list_surveys(tx: Tx, paging: PageOf) -> Page[SurveyView]:
    """The surveys of the scope."""
    return await queries.page(tx, paging)


@router.get("/surveys/{survey_id}", permission=SURVEY_READ, articles=ARTICLES)
async def read_survey(tx: Tx, survey_id: UUID) -> SurveyView:
    """One survey."""
    return await queries.view(tx, survey_id)


@router.get("/surveys/{survey_id}/communities", permission=SURVEY_READ, articles=ARTICLES)
async def list_survey_communities(tx: Tx, survey_id: UUID) -> PartList:
    """Tokens, answers and, after its last day, the score in each community of the scope."""
    return PartList(items=await actions.parts(tx, survey_id))


@router.post("/surveys/{survey_id}/tokens", permission=TOKEN_ISSUE, status_code=201, articles=ARTICLES)
async def issue_tokens(tx: Tx, survey_id: UUID, body: TokenOrder) -> TokenSheet:
    """Make tokens for a community; they are shown this once."""
    return await actions.issue_tokens(tx, survey_id, body)


@router.post("/surveys/{survey_id}/tokens/withdraw", permission=TOKEN_ISSUE, creates=True, articles=ARTICLES)
async def withdraw_tokens(tx: Tx, survey_id: UUID, body: TokenWithdrawal) -> Withdrawn:
    """Make the unused tokens of a community worthless."""
    return await actions.withdraw_tokens(tx, survey_id, body)


@router.get("/surveys/{survey_id}/form", permission=SURVEY_VIEW, articles=ARTICLES)
async def read_survey_form(tx: Tx, survey_id: UUID) -> SurveyForm:
    """The questions, for everybody."""
    return await queries.form(tx, survey_id)


@router.post(
    "/surveys/{survey_id}/answers", permission=SURVEY_ANSWER, status_code=201, body_limit=16 * 1024, articles=ARTICLES
)
async def answer_survey(tx: Tx, survey_id: UUID, body: Answer) -> Thanks:
    """Answer once with a token, without signing in."""
    return await actions.answer(tx, survey_id, body)
