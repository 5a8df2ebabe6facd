"""Operations on growth and honours."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query

from kernel.errors import RuleRefused, WrongState
from kernel.http.paging import PageOf
from kernel.http.router import Router, Tx
from kernel.http.schema import Page
from kernel.regulation.figures import NotRegulated
from services.roster.honour import actions, queries
from services.roster.honour.schemas import (
    HonourDetermination,
    HonourOutcome,
    HonourProposal,
    HonourState,
    HonourView,
)
from services.roster.permissions import HONOUR_DETERMINE, HONOUR_OWN, HONOUR_PROPOSE, HONOUR_READ

router = Router(service="roster", tag="growth and honours")
ARTICLES = ["NM-33", "NM-34", "NM-35", "SH-19"]
POST: dict[str, Any] = {"creates": True, "articles": ARTICLES, "problems": [NotRegulated, RuleRefused, WrongState]}


@router.post("/honours", permission=HONOUR_PROPOSE, status_code=201, **POST)
async def propose_honour(tx: Tx, body: HonourProposal) -> HonourView:
    """Put a worker forward for Party development, as deputy or delegate, or for a commendation."""
    return await actions.propose(tx, body)


@router.get("/honours", permission=HONOUR_READ, articles=ARTICLES)
async def list_honours(
    tx: Tx,
    paging: PageOf,
    dossier_id: Annotated[UUID | None, Query()] = None,
    state: Annotated[HonourState | None, Query()] = None,
) -> Page[HonourView]:
    """Who is put forward or was honoured in the scope."""
    return await actions.listed(tx, paging, dossier_id=dossier_id, state=state)


@router.get("/honours/{honour_id}", permission=HONOUR_READ, articles=ARTICLES)
async def read_honour(tx: Tx, honour_id: UUID) -> HonourView:
    """One, with the finding on every condition."""
    return await actions.view(tx, await queries.get(tx, honour_id))


@router.post("/honours/{honour_id}/determinations", permission=HONOUR_DETERMINE, **POST)
async def determine_honour(tx: Tx, honour_id: UUID, body: HonourDetermination) -> HonourView:
    """Determine, as a named official, a condition that asks for judgement."""
    return await actions.determine(tx, honour_id, body)


@router.post("/honours/{honour_id}/submission", permission=HONOUR_PROPOSE, **POST)
async def submit_honour(tx: Tx, honour_id: UUID) -> HonourView:
    """Submit it for approval, once every condition is met."""
    return await actions.submit(tx, honour_id)


@router.post("/honours/{honour_id}/outcome", permission=HONOUR_PROPOSE, **POST)
async def record_honour_outcome(tx: Tx, honour_id: UUID, body: HonourOutcome) -> HonourView:
    """Record what was decided in the end, by whom and by which document."""
    return await actions.record_outcome(tx, honour_id, body)


@router.get("/own/honours", permission=HONOUR_OWN, articles=ARTICLES)
async def own_honours(tx: Tx) -> Page[HonourView]:
    """What one is put forward for, and one's honours."""
    return Page[HonourView](items=await actions.own(tx))
