"""Operations on yearly assessments and on who takes part in them."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from kernel.errors import ParameterNotSet, RuleRefused
from kernel.http.listed import Listed
from kernel.http.paging import PageOf
from kernel.http.router import Router, Tx
from kernel.http.schema import Page
from services.assessment.cycle import actions, queries
from services.assessment.cycle.schemas import CycleOpening, CycleView, ResultState, ResultView
from services.assessment.permissions import CYCLE_READ, CYCLE_RUN, RESULT_OWN, RESULT_READ

router = Router(service="assessment", tag="cycles")
ARTICLES = ["NM-28", "SH-20", "SH-22"]


@router.post(
    "/cycles",
    permission=CYCLE_RUN,
    creates=True,
    status_code=201,
    articles=[*ARTICLES, "SH-23"],
    problems=[RuleRefused, ParameterNotSet],
)
async def open_cycle(tx: Tx, body: CycleOpening) -> CycleView:
    """Open the assessment of a year for the unit of the acting post."""
    return await actions.open_cycle(tx, body)


@router.get("/cycles", permission=CYCLE_READ, articles=ARTICLES)
async def list_cycles(tx: Tx, paging: PageOf) -> Page[CycleView]:
    """The yearly assessments of the scope."""
    return await queries.page(tx, paging)


@router.get("/cycles/{cycle_id}", permission=CYCLE_READ, articles=ARTICLES)
async def read_cycle(tx: Tx, cycle_id: UUID) -> CycleView:
    """One yearly assessment with its method and stage."""
    return await queries.view(tx, cycle_id)


@router.get("/results", permission=RESULT_READ, articles=ARTICLES)
async def list_results(
    tx: Tx,
    paging: PageOf,
    cycle_id: Annotated[UUID | None, Query()] = None,
    person_id: Annotated[UUID | None, Query()] = None,
    state: Annotated[ResultState | None, Query()] = None,
) -> Listed[ResultView]:
    """Who takes part, who does not and why, and how they stand."""
    return await queries.result_page(tx, paging, cycle_id=cycle_id, person_id=person_id, state=state)


@router.get("/results/{result_id}", permission=RESULT_READ, articles=ARTICLES)
async def read_result(tx: Tx, result_id: UUID) -> ResultView:
    """One person's result."""
    return ResultView.model_validate(await queries.result(tx, result_id))


@router.get("/own/results", permission=RESULT_OWN, articles=["NM-15", "NM-28"])
async def own_results(tx: Tx) -> Page[ResultView]:
    """The results of the person who asks."""
    return Page[ResultView](items=await queries.own(tx))
