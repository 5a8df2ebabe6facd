"""Operations on subsidies by decision."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from kernel.http.paging import PageOf
from kernel.http.router import Router, Tx
from kernel.http.schema import IsoDay, Page
from kernel.regulation.figures import NotRegulated
from services.roster.permissions import SUBSIDY_OWN, SUBSIDY_PROPOSE, SUBSIDY_READ
from services.roster.subsidy import actions, queries
from services.roster.subsidy.schemas import SubsidyProposal, SubsidyView

router = Router(service="roster", tag="subsidies")
ARTICLES = ["NM-18"]


@router.post(
    "/subsidies",
    permission=SUBSIDY_PROPOSE,
    creates=True,
    status_code=201,
    articles=ARTICLES,
    problems=[NotRegulated],
)
async def propose_subsidy(tx: Tx, body: SubsidyProposal) -> SubsidyView:
    """Propose a subsidy for a worker on the front line; it is paid once it is decided."""
    return await actions.propose(tx, body)


@router.get("/subsidies", permission=SUBSIDY_READ, articles=ARTICLES)
async def list_subsidies(
    tx: Tx,
    paging: PageOf,
    dossier_id: Annotated[UUID | None, Query()] = None,
    month: Annotated[IsoDay | None, Query(description="Any day of the month of payment.")] = None,
) -> Page[SubsidyView]:
    """The subsidies of the scope."""
    return await actions.listed(tx, paging, dossier_id=dossier_id, month=month)


@router.get("/subsidies/{subsidy_id}", permission=SUBSIDY_READ, articles=ARTICLES)
async def read_subsidy(tx: Tx, subsidy_id: UUID) -> SubsidyView:
    """One subsidy."""
    return await actions.view(tx, await queries.get(tx, subsidy_id))


@router.get("/own/subsidies", permission=SUBSIDY_OWN, articles=ARTICLES)
async def own_subsidies(tx: Tx) -> Page[SubsidyView]:
    """One's own subsidies."""
    return Page[SubsidyView](items=await actions.own(tx))
