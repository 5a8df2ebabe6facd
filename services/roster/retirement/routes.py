"""Operations on retirement."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from kernel.errors import ParameterNotSet, RuleRefused
from kernel.http.paging import PageOf
from kernel.http.router import Router, Tx
from kernel.http.schema import Page
from services.roster.permissions import RETIREMENT_HANDLE, RETIREMENT_READ
from services.roster.retirement import actions
from services.roster.retirement.schemas import DueView, Month, RetirementBody, RetirementView, TrackBody, TrackView

router = Router(service="roster", tag="retirements")
ARTICLES = ["NM-30", "RET-1", "RET-2", "RET-3"]


@router.get("/retirements", permission=RETIREMENT_READ, articles=ARTICLES, problems=[ParameterNotSet])
async def list_due(
    tx: Tx,
    paging: PageOf,
    until: Annotated[Month | None, Query(description="The last month; without it, a year from now.")] = None,
) -> Page[DueView]:
    """Who reaches the statutory retirement month; a page may hold fewer than asked for and still have a next."""
    return await actions.due(tx, paging, until)


@router.post(
    "/dossiers/{dossier_id}/retire-track",
    permission=RETIREMENT_HANDLE,
    creates=True,
    status_code=201,
    articles=ARTICLES,
    problems=[ParameterNotSet],
)
async def state_track(tx: Tx, dossier_id: UUID, body: TrackBody) -> TrackView:
    """Record on which track a worker retires, with the document that says so."""
    return await actions.state_track(tx, dossier_id, body)


@router.post(
    "/retirements",
    permission=RETIREMENT_HANDLE,
    creates=True,
    status_code=201,
    articles=ARTICLES,
    problems=[RuleRefused, ParameterNotSet],
)
async def handle_retirement(tx: Tx, body: RetirementBody) -> RetirementView:
    """Handle a retirement: everything ends with the statutory month."""
    return await actions.handle(tx, body)
