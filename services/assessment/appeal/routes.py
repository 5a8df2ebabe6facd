"""Operations on appeals."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from kernel.errors import RuleRefused, WrongState
from kernel.http.paging import PageOf
from kernel.http.router import Router, Tx
from kernel.http.schema import Page
from services.assessment.appeal import actions, queries
from services.assessment.appeal.schemas import AppealDecision, AppealRaised, AppealState, AppealView
from services.assessment.permissions import APPEAL_DECIDE, APPEAL_READ, RESULT_OWN

router = Router(service="assessment", tag="appeals")
ARTICLES = ["NM-28", "SH-22"]


@router.post(
    "/own/results/{result_id}/appeals",
    permission=RESULT_OWN,
    creates=True,
    status_code=201,
    articles=ARTICLES,
    problems=[WrongState],
)
async def raise_appeal(tx: Tx, response: Response, result_id: UUID, body: AppealRaised) -> AppealView:
    """Appeal one's own grade."""
    # An appeal is read among one's own, not below the result.
    response.headers["Location"] = "/api/v1/assessment/own/appeals"
    return await actions.raise_appeal(tx, result_id, body)


@router.get("/own/appeals", permission=RESULT_OWN, articles=ARTICLES)
async def own_appeals(tx: Tx) -> Page[AppealView]:
    """The appeals of the person who asks."""
    return Page[AppealView](items=await queries.own(tx))


@router.get("/appeals", permission=APPEAL_READ, articles=ARTICLES)
async def list_appeals(
    tx: Tx, paging: PageOf, state: Annotated[AppealState | None, Query()] = None
) -> Page[AppealView]:
    """The appeals of the scope."""
    return await queries.page(tx, paging, state)


@router.get("/appeals/{appeal_id}", permission=APPEAL_READ, articles=ARTICLES)
async def read_appeal(tx: Tx, appeal_id: UUID) -> AppealView:
    """One appeal."""
    return AppealView.model_validate(await queries.get(tx, appeal_id))


@router.post(
    "/appeals/{appeal_id}/decision",
    permission=APPEAL_DECIDE,
    creates=True,
    articles=ARTICLES,
    problems=[RuleRefused, WrongState],
)
async def decide_appeal(tx: Tx, appeal_id: UUID, body: AppealDecision) -> AppealView:
    """Review an appeal; nobody who scored or confirmed does."""
    return await actions.decide(tx, appeal_id, body)
