"""Operations on notices. Reading is for everybody, also under `/public/<tenant>/recruitment/notices`."""

from uuid import UUID

from kernel.http.etag import IfMatch
from kernel.http.paging import PageOf
from kernel.http.router import Router, Tx
from kernel.http.schema import Page
from services.recruitment import permissions
from services.recruitment.notice import actions, queries
from services.recruitment.notice.schemas import (
    NoticeCorrection,
    NoticeProgress,
    NoticePublish,
    NoticeSummary,
    NoticeView,
)

router = Router(service="recruitment", tag="notices")


@router.post("/notices", permission=permissions.NOTICE_WRITE, creates=True, status_code=201, articles=["NM-8", "SH-8"])
async def publish_notice(tx: Tx, body: NoticePublish) -> NoticeView:
    """Publish the notice of an approved plan to the public."""
    return await actions.publish(tx, body)


@router.get("/notices", permission=permissions.NOTICE_VIEW, articles=["NM-8", "SH-8"])
async def list_notices(tx: Tx, page: PageOf) -> Page[NoticeSummary]:
    """Notices, newest first: published ones for everybody, those of the units in scope for officials."""
    found = await queries.listed(tx, page.limit, page.after)
    items, following = page.page(found, lambda notice: (str(notice.id),))
    return Page(items=items, next=following)


@router.get("/notices/{notice_id}", permission=permissions.NOTICE_VIEW, articles=["NM-8", "SH-8"])
async def read_notice(tx: Tx, notice_id: UUID) -> NoticeView:
    """One notice with every revision, its posts, and what an applicant has to state."""
    return await queries.view(tx, notice_id)


@router.get("/notices/{notice_id}/progress", permission=permissions.NOTICE_READ)
async def read_notice_progress(tx: Tx, notice_id: UUID) -> NoticeProgress:
    """How far the posts of the notice are filled."""
    return NoticeProgress(notice_id=notice_id, items=await queries.progress(tx, notice_id))


@router.put("/notices/{notice_id}", permission=permissions.NOTICE_WRITE, articles=["NM-8", "SH-8"])
async def correct_notice(tx: Tx, notice_id: UUID, body: NoticeCorrection, version: IfMatch) -> NoticeView:
    """Publish a correction as the next revision; what was public before stays so."""
    return await actions.correct(tx, notice_id, body, version)
