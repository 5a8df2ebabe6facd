"""Operations on payrolls."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from kernel.errors import ParameterNotSet, WrongState
from kernel.http.paging import PageOf
from kernel.http.router import Router, Tx
from kernel.http.schema import IsoDay, Page
from services.roster.payroll import actions, queries
from services.roster.payroll.schemas import CorrectionDraft, CostView, RunDraft, RunView, SlipView, Submission
from services.roster.permissions import PAYROLL_OWN, PAYROLL_READ, PAYROLL_RUN

router = Router(service="roster", tag="payroll")

ARTICLES = [
    "SH-15",
    "SH-16",
    "NM-16",
    "NM-17",
    "NM-18",
    "NM-19",
    "SIL-10",
    "SIL-23",
    "SIL-33",
    "SIL-44",
    "SIL-53",
    "IIT-3",
    "IIT-6",
]
DEADLINE = 120
"""Seconds; a unit of tens of thousands of workers is computed in one request."""


@router.post(
    "/pay-runs",
    permission=PAYROLL_RUN,
    creates=True,
    status_code=201,
    articles=ARTICLES,
    problems=[ParameterNotSet, WrongState],
    deadline=DEADLINE,
)
async def draft_pay_run(tx: Tx, body: RunDraft) -> RunView:
    """Compute the payroll of a unit and month; refused while a figure it needs is set by nobody."""
    return await actions.draft(tx, body)


@router.post(
    "/pay-corrections",
    permission=PAYROLL_RUN,
    creates=True,
    status_code=201,
    articles=ARTICLES,
    problems=[ParameterNotSet, WrongState],
    deadline=DEADLINE,
)
async def draft_pay_correction(tx: Tx, body: CorrectionDraft) -> RunView:
    """Compute a supplementary payroll: the differences to what was paid for a month."""
    return await actions.correct(tx, body)


@router.get("/pay-runs", permission=PAYROLL_READ, articles=ARTICLES)
async def list_pay_runs(
    tx: Tx,
    paging: PageOf,
    unit_id: Annotated[UUID | None, Query()] = None,
    month: Annotated[IsoDay | None, Query(description="Any day of the month.")] = None,
) -> Page[RunView]:
    """The payrolls of the scope."""
    return await queries.page(tx, paging, unit_id=unit_id, month=month)


@router.get("/pay-runs/{run_id}", permission=PAYROLL_READ, articles=ARTICLES)
async def read_pay_run(tx: Tx, run_id: UUID) -> RunView:
    """One payroll with its sums and digest."""
    return RunView.model_validate(await queries.run(tx, run_id))


@router.get("/pay-runs/{run_id}/slips", permission=PAYROLL_READ, articles=ARTICLES)
async def list_pay_slips(
    tx: Tx,
    run_id: UUID,
    paging: PageOf,
    problems: Annotated[bool, Query(description="Only slips that hinder the run.")] = False,
    dossier_id: Annotated[UUID | None, Query()] = None,
) -> Page[SlipView]:
    """The slips of a payroll, every line with article, words and facts."""
    await queries.run(tx, run_id)
    return await queries.slips(tx, run_id, paging, with_problems=problems, dossier_id=dossier_id)


@router.post(
    "/pay-runs/{run_id}/recomputation",
    permission=PAYROLL_RUN,
    creates=True,
    articles=ARTICLES,
    problems=[ParameterNotSet, WrongState],
    deadline=DEADLINE,
)
async def recompute_pay_run(tx: Tx, run_id: UUID) -> RunView:
    """Compute a draft again; equal facts give an equal digest."""
    return await actions.recompute(tx, run_id)


@router.post(
    "/pay-runs/{run_id}/discard", permission=PAYROLL_RUN, creates=True, articles=ARTICLES, problems=[WrongState]
)
async def discard_pay_run(tx: Tx, run_id: UUID) -> RunView:
    """Throw a draft away; answers what it was."""
    return await actions.discard(tx, run_id)


@router.post(
    "/pay-runs/{run_id}/submission", permission=PAYROLL_RUN, creates=True, articles=ARTICLES, problems=[WrongState]
)
async def submit_pay_run(tx: Tx, run_id: UUID, body: Submission) -> RunView:
    """Submit a payroll for approval."""
    return await actions.submit(tx, run_id, body)


@router.get("/pay-costs", permission=PAYROLL_READ, articles=["SH-15", "SH-16", "NM-4", "NM-16"])
async def read_pay_costs(tx: Tx, year: Annotated[int, Query(ge=1990, le=2199)]) -> Page[CostView]:
    """What the workers of each unit cost in a year by approved payrolls, and what a year costs at the last month's
    rate."""
    return Page[CostView](items=await actions.costs(tx, year))


@router.get("/own/pay-slips", permission=PAYROLL_OWN, articles=ARTICLES)
async def own_pay_slips(tx: Tx) -> Page[SlipView]:
    """The approved slips of the person who asks."""
    return Page[SlipView](items=await queries.own(tx))
