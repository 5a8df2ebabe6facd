"""Operations on secondments."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from kernel.errors import ParameterNotSet, RuleRefused, WrongState
from kernel.http.paging import PageOf
from kernel.http.router import Router, Tx
from kernel.http.schema import Page
from services.roster.permissions import SECONDMENT_APPLY, SECONDMENT_OWN, SECONDMENT_READ
from services.roster.secondment import actions, queries
from services.roster.secondment.schemas import EndEarly, SecondmentApply, SecondmentState, SecondmentView

router = Router(service="roster", tag="secondments")

ARTICLES = ["NM-24"]


@router.post(
    "/secondments",
    permission=SECONDMENT_APPLY,
    creates=True,
    status_code=201,
    articles=ARTICLES,
    problems=[RuleRefused, ParameterNotSet],
)
async def apply_for_secondment(tx: Tx, body: SecondmentApply) -> SecondmentView:
    """Apply for the secondment of a community worker to one's own township."""
    return await actions.apply(tx, body)


@router.get("/secondments", permission=SECONDMENT_READ, articles=ARTICLES)
async def list_secondments(
    tx: Tx,
    paging: PageOf,
    dossier_id: Annotated[UUID | None, Query()] = None,
    state: Annotated[SecondmentState | None, Query()] = None,
) -> Page[SecondmentView]:
    """The secondments of the scope."""
    return await queries.page(tx, paging, dossier_id=dossier_id, state=state)


@router.get("/secondments/{secondment_id}", permission=SECONDMENT_READ, articles=ARTICLES)
async def read_secondment(tx: Tx, secondment_id: UUID) -> SecondmentView:
    """One secondment with its warnings."""
    return await queries.view(tx, await queries.get(tx, secondment_id))


@router.post(
    "/secondments/{secondment_id}/end",
    permission=SECONDMENT_APPLY,
    creates=True,
    articles=ARTICLES,
    problems=[WrongState],
)
async def end_secondment(tx: Tx, secondment_id: UUID, body: EndEarly) -> SecondmentView:
    """End a running secondment before its time."""
    return await actions.end_early(tx, secondment_id, body)


@router.get("/own/secondments", permission=SECONDMENT_OWN, articles=ARTICLES)
async def own_secondments(tx: Tx) -> Page[SecondmentView]:
    """The secondments of the person who asks."""
    return Page[SecondmentView](items=await queries.own(tx))
