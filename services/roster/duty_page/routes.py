"""Operations on the public pages of communities; everybody reads them at `/public/<tenant>/roster/duty-pages`."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from kernel.errors import Conflict
from kernel.http.etag import IfMatch
from kernel.http.paging import PageOf
from kernel.http.router import Router, Tx
from kernel.http.schema import Page
from services.roster.duty_page import actions, queries
from services.roster.duty_page.schemas import DutyPageBody, DutyPageChange, DutyPageSummary, DutyPageView
from services.roster.permissions import STRUCTURE_PUBLISH, STRUCTURE_VIEW

router = Router(service="roster", tag="structure")
ARTICLES = ["SH-10", "SH-11", "NM-26"]
SHOWN = ["SH-4", "SH-9", "SH-11", "NM-13", "NM-14", "NM-25", "NM-26"]


@router.post(
    "/duty-pages",
    permission=STRUCTURE_PUBLISH,
    creates=True,
    status_code=201,
    articles=ARTICLES,
    problems=[Conflict],
)
async def publish_duty_page(tx: Tx, body: DutyPageBody) -> DutyPageView:
    """Make the duties and service commitments of a community public."""
    return await actions.publish(tx, body)


@router.put("/duty-pages/{page_id}", permission=STRUCTURE_PUBLISH, articles=ARTICLES)
async def change_duty_page(tx: Tx, page_id: UUID, version: IfMatch, body: DutyPageChange) -> DutyPageView:
    """Change the commitments that are public."""
    return await actions.change(tx, page_id, version, body)


@router.get("/duty-pages", permission=STRUCTURE_VIEW, articles=SHOWN)
async def list_duty_pages(
    tx: Tx,
    paging: PageOf,
    community_unit_id: Annotated[UUID | None, Query(description="Of this community.")] = None,
) -> Page[DutyPageSummary]:
    """The communities whose duties and commitments are public, for everybody."""
    return await queries.pages(tx, paging, community_unit_id)


@router.get("/duty-pages/{page_id}", permission=STRUCTURE_VIEW, articles=SHOWN)
async def read_duty_page(tx: Tx, page_id: UUID) -> DutyPageView:
    """What a community does, how many people work where and in which posts, and its commitments, for everybody."""
    return await actions.show(tx, page_id)
