"""Operations on population figures, totals of counties, and numbers per community."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from kernel.errors import ParameterNotSet, RuleRefused, WrongState
from kernel.http.etag import IfMatch
from kernel.http.paging import PageOf
from kernel.http.router import Router, Tx
from kernel.http.schema import IsoDay, Page
from services.roster.permissions import HEADCOUNT_FIX, HEADCOUNT_PROPOSE, HEADCOUNT_READ, POPULATION_WRITE
from services.roster.staffing import actions
from services.roster.staffing.schemas import (
    PopulationBody,
    PopulationView,
    ProposalBody,
    ProposalView,
    SpreadView,
    TotalsBody,
    TotalsView,
)

router = Router(service="roster", tag="staffing")


@router.post(
    "/populations",
    permission=POPULATION_WRITE,
    creates=True,
    status_code=201,
    articles=["NM-5"],
    problems=[ParameterNotSet],
)
async def record_population(tx: Tx, body: PopulationBody) -> PopulationView:
    """Record the urban permanent population of the acting post's unit, with year and source, for approval."""
    return await actions.record_population(tx, body)


@router.get("/populations", permission=HEADCOUNT_READ, articles=["NM-5"])
async def list_populations(tx: Tx, paging: PageOf) -> Page[PopulationView]:
    """Population figures of the units in scope, newest first."""
    return await actions.populations(tx, paging)


@router.get("/populations/{population_id}", permission=HEADCOUNT_READ, articles=["NM-5"])
async def read_population(tx: Tx, population_id: UUID) -> PopulationView:
    """One population figure with the ceiling that follows from it."""
    return await actions.population(tx, population_id)


@router.get(
    "/headcount-totals/proposal", permission=HEADCOUNT_READ, articles=["NM-5", "NM-6"], problems=[ParameterNotSet]
)
async def propose_totals(
    tx: Tx,
    unit_id: Annotated[UUID | None, Query(description="Without it, the unit of the acting post.")] = None,
    on: Annotated[IsoDay | None, Query()] = None,
) -> SpreadView:
    """How the ceiling would spread over the counties by largest remainder. Only a proposal."""
    return await actions.spread(tx, unit_id, on)


@router.post(
    "/headcount-totals",
    permission=HEADCOUNT_FIX,
    creates=True,
    articles=["NM-5", "NM-6"],
    problems=[ParameterNotSet, RuleRefused],
)
async def fix_totals(tx: Tx, body: TotalsBody) -> TotalsView:
    """Fix (核定) the totals of counties, within the ceiling of the acting post's unit."""
    return await actions.fix_totals(tx, body)


@router.post(
    "/headcount-proposals",
    permission=HEADCOUNT_PROPOSE,
    creates=True,
    status_code=201,
    articles=["NM-6"],
    problems=[ParameterNotSet, RuleRefused],
)
async def propose_numbers(tx: Tx, body: ProposalBody) -> ProposalView:
    """Propose numbers of communities for approval by Party committee and government; at the level that has the
    ceiling, totals of counties to be fixed (核定)."""
    return await actions.propose(tx, body)


@router.get("/headcount-proposals", permission=HEADCOUNT_READ, articles=["NM-6"])
async def list_proposals(tx: Tx, paging: PageOf) -> Page[ProposalView]:
    """Proposals of the units in scope, newest first."""
    return await actions.proposals(tx, paging)


@router.get("/headcount-proposals/{proposal_id}", permission=HEADCOUNT_READ, articles=["NM-6"])
async def read_proposal(tx: Tx, proposal_id: UUID) -> ProposalView:
    """One proposal with its numbers."""
    return await actions.proposal(tx, proposal_id)


@router.put(
    "/headcount-proposals/{proposal_id}",
    permission=HEADCOUNT_PROPOSE,
    articles=["NM-6"],
    problems=[ParameterNotSet, RuleRefused, WrongState],
)
async def correct_proposal(tx: Tx, proposal_id: UUID, body: ProposalBody, version: IfMatch) -> ProposalView:
    """Correct a proposal that was returned; its case is submitted again afterwards."""
    return await actions.correct(tx, proposal_id, body, version)
