"""Operations on resignations: a worker's own, and the township's."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from kernel.errors import RuleRefused, WrongState
from kernel.http.paging import PageOf
from kernel.http.router import Router, Tx
from kernel.http.schema import Page
from services.roster.permissions import RESIGNATION_APPROVE, RESIGNATION_HANDLE, RESIGNATION_OWN, RESIGNATION_READ
from services.roster.resignation import actions, queries
from services.roster.resignation.schemas import Approval, HandOver, ResignationBody, ResignationText, ResignationView

router = Router(service="roster", tag="resignations")
ARTICLES = ["NM-29", "SH-26", "LCL-37"]


@router.post(
    "/own/resignations",
    permission=RESIGNATION_OWN,
    creates=True,
    status_code=201,
    articles=ARTICLES,
    problems=[RuleRefused],
)
async def resign(tx: Tx, body: ResignationBody) -> ResignationView:
    """Resign in writing to whom the regulation names; by statute a labour contract ends without approval."""
    return await actions.resign(tx, body)


@router.get("/own/resignations", permission=RESIGNATION_OWN, articles=ARTICLES)
async def own_resignations(tx: Tx) -> Page[ResignationView]:
    """The resignations of the person who asks."""
    return Page[ResignationView](items=await queries.own(tx))


@router.post(
    "/own/resignations/{resignation_id}/withdrawal",
    permission=RESIGNATION_OWN,
    creates=True,
    articles=ARTICLES,
    problems=[WrongState],
)
async def ask_resignation_back(tx: Tx, resignation_id: UUID) -> ResignationView:
    """Ask to take one's resignation back; the employer has to consent."""
    return await actions.ask_back(tx, resignation_id)


@router.get("/resignations", permission=RESIGNATION_READ, articles=ARTICLES)
async def list_resignations(
    tx: Tx, paging: PageOf, dossier_id: Annotated[UUID | None, Query()] = None
) -> Page[ResignationView]:
    """The resignations of the scope."""
    return await queries.page(tx, paging, dossier_id=dossier_id)


@router.post("/resignations/{resignation_id}/text", permission=RESIGNATION_HANDLE, creates=True, articles=ARTICLES)
async def read_resignation_text(tx: Tx, resignation_id: UUID) -> ResignationText:
    """Open the written resignation; the reading is audited."""
    return await actions.read_text(tx, resignation_id)


@router.post(
    "/resignations/{resignation_id}/withdrawal-consent",
    permission=RESIGNATION_HANDLE,
    creates=True,
    articles=ARTICLES,
    problems=[WrongState],
)
async def consent_to_withdrawal(tx: Tx, resignation_id: UUID) -> ResignationView:
    """Consent to a withdrawal that the worker asked for."""
    return await actions.consent(tx, resignation_id)


@router.post(
    "/resignations/{resignation_id}/approval",
    permission=RESIGNATION_APPROVE,
    creates=True,
    articles=["SH-26"],
    problems=[RuleRefused, WrongState],
)
async def approve_resignation(tx: Tx, resignation_id: UUID, body: Approval) -> ResignationView:
    """Approve a resignation for the community's Party organisation; a labour contract does not wait for it."""
    return await actions.approve(tx, resignation_id, body)


@router.post(
    "/resignations/{resignation_id}/hand-over",
    permission=RESIGNATION_HANDLE,
    creates=True,
    articles=ARTICLES,
    problems=[WrongState],
)
async def record_hand_over(tx: Tx, resignation_id: UUID, body: HandOver) -> ResignationView:
    """Record that the work was handed over; the end does not wait for it."""
    return await actions.hand_over(tx, resignation_id, body)
