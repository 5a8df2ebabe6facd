"""Operations on assessments of probation."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from kernel.errors import RuleRefused, WrongState
from kernel.http.listed import Listed
from kernel.http.paging import PageOf
from kernel.http.router import Router, Tx
from kernel.http.schema import Page
from services.assessment.permissions import PROBATION_DECIDE, PROBATION_OWN, PROBATION_READ
from services.assessment.probation import actions, queries
from services.assessment.probation.schemas import ProbationDecision, ProbationState, ProbationView

router = Router(service="assessment", tag="probations")


@router.get("/probations", permission=PROBATION_READ, articles=["NM-37"])
async def list_probations(
    tx: Tx, paging: PageOf, state: Annotated[ProbationState | None, Query()] = None
) -> Listed[ProbationView]:
    """The probations of the scope by their last day; `state=due` is the list of those to be decided."""
    return await queries.page(tx, paging, state)


@router.get("/probations/{contract_id}", permission=PROBATION_READ, articles=["NM-37"])
async def read_probation(tx: Tx, contract_id: UUID) -> ProbationView:
    """One probation."""
    return ProbationView.model_validate(await queries.get(tx, contract_id))


@router.post(
    "/probations/{contract_id}/decision",
    permission=PROBATION_DECIDE,
    creates=True,
    articles=["NM-37"],
    problems=[RuleRefused, WrongState],
)
async def decide_probation(tx: Tx, contract_id: UUID, body: ProbationDecision) -> ProbationView:
    """Decide on a probation, on or before its last day."""
    return await actions.decide(tx, contract_id, body)


@router.get("/own/probations", permission=PROBATION_OWN, articles=["NM-15", "NM-37"])
async def own_probations(tx: Tx) -> Page[ProbationView]:
    """The probation of the person who asks."""
    return Page[ProbationView](items=await queries.own(tx))
