"""Publishing a notice and correcting it (NM-8)."""

from typing import Any
from uuid import UUID

from contracts.recruitment import NoticePublished
from kernel.approvals.embed import actions as cases
from kernel.db.transaction import Transaction
from kernel.errors import Conflict, Text
from kernel.events.envelope import rfc3339
from kernel.events.outbox import audit, emit
from kernel.http.etag import check_version
from kernel.ids import new_id
from kernel.org import queries as org_queries
from kernel.regulation.pack import Pack
from services.recruitment.notice import queries, rules
from services.recruitment.notice.schemas import NoticeCorrection, NoticePublish, NoticeText, NoticeView
from services.recruitment.notice.tables import Notice, NoticeItem, NoticeRevision
from services.recruitment.plan import queries as plans

SUBJECT = "notice"


async def publish(tx: Transaction, body: NoticePublish) -> NoticeView:
    """Publish the notice of an approved plan. Raises `WrongState` before that, `Conflict` for a second notice."""
    plan = await plans.row(tx, body.plan_id, lock=True)
    pack = await org_queries.pack_version(tx, plan.pack_id, plan.pack_version)
    rules.check_plan_approved(pack, plan.state)
    rules.check_filing_sent(pack, tx.today, await _filings(tx, plan.case_id))
    if await queries.of_plan(tx, plan.id) is not None:
        raise Conflict(Text("该方案的公告已发布", "The notice of this plan is out; correct it instead."))
    notice = Notice(
        tenant_id=tx.tenant,
        id=new_id(),
        unit_no=plan.unit_no,
        unit_id=plan.unit_id,
        plan_id=plan.id,
        title=body.title,
        revision=1,
        opens_at=body.opens_at or tx.now,
        closes_at=body.closes_at,
        published_at=tx.now,
        pack_id=plan.pack_id,
        pack_version=plan.pack_version,
    )
    _check(tx, notice, body)
    notice.exam = _exam(pack, body)
    tx.session.add(notice)
    await tx.session.flush()
    terms = _terms(pack, notice, body)
    tx.session.add(_revision(tx, notice, body, None, terms))
    tx.session.add_all(
        NoticeItem(
            tenant_id=tx.tenant,
            id=new_id(),
            notice_id=notice.id,
            plan_id=plan.id,
            plan_item_id=asked.id,
            unit_no=asked.community_unit_no,
            organiser_unit_no=plan.unit_no,
            published_at=notice.published_at,
            **asked.model_dump(include={"community_unit_id", "community_title", "category", "post_title", "posts"}),
            **plan.model_dump(include=set(_OF_PLAN)),
            **terms,
        )
        for asked in await plans.items(tx, plan.id)
    )
    return await _told(tx, notice, None)


async def correct(tx: Transaction, notice_id: UUID, body: NoticeCorrection, version: int) -> NoticeView:
    """Publish the corrected text as the next revision; the earlier ones stay public."""
    notice = await queries.row(tx, notice_id, lock=True)
    check_version(notice.version, version)
    rules.check_correctable(tx.now, notice.closes_at)
    notice.title = body.title
    notice.opens_at = body.opens_at or notice.opens_at
    notice.closes_at = body.closes_at
    notice.revision += 1
    notice.version += 1
    _check(tx, notice, body)
    pack = await org_queries.pack_version(tx, notice.pack_id, notice.pack_version)
    notice.exam = _exam(pack, body)
    terms = _terms(pack, notice, body)
    tx.session.add(_revision(tx, notice, body, body.reason, terms))
    await queries.set_terms(tx, notice.id, terms)
    return await _told(tx, notice, body.reason)


_OF_PLAN = (
    "relaxed_age_limit",
    "relaxed_education_codes",
    "publicity_days",
    "publicity_unit",
    "pack_id",
    "pack_version",
)


def _terms(pack: Pack, notice: Notice, body: NoticeText) -> dict[str, Any]:
    day = rules.reference_day(pack, body.age_reference_date, notice.closes_at)
    return {"age_reference_date": day, "birth_from": body.birth_from, "birth_until": body.birth_until}


async def _filings(tx: Transaction, case_id: UUID | None) -> list[str]:
    """The states of the filing steps of the plan's case; none where the plan needed no case."""
    if case_id is None:
        return []
    return [step.state for step in (await cases.one(tx, case_id)).steps if step.kind == "file"]


def _exam(pack: Pack, body: NoticeText) -> dict[str, Any] | None:
    terms = rules.exam_terms(pack, body.exam.model_dump(exclude_none=True) if body.exam else {})
    return terms.stored() if terms else None


def _check(tx: Transaction, notice: Notice, body: NoticeText) -> None:
    rules.check_times(
        now=tx.now,
        opens_at=notice.opens_at,
        closes_at=notice.closes_at,
        birth_from=body.birth_from,
        birth_until=body.birth_until,
    )


def _revision(
    tx: Transaction, notice: Notice, body: NoticeText, reason: str | None, terms: dict[str, Any]
) -> NoticeRevision:
    return NoticeRevision(
        tenant_id=tx.tenant,
        notice_id=notice.id,
        number=notice.revision,
        unit_no=notice.unit_no,
        conditions=body.conditions,
        materials=[each.model_dump() for each in body.materials],
        exam=notice.exam,
        title=notice.title,
        opens_at=notice.opens_at,
        closes_at=notice.closes_at,
        reason=reason,
        published_at=tx.now,
        published_by_post=tx.context.actor.post,
        **terms,
    )


async def _told(tx: Transaction, notice: Notice, reason: str | None) -> NoticeView:
    await tx.session.flush()
    await emit(
        tx,
        NoticePublished(
            notice_id=str(notice.id),
            plan_id=str(notice.plan_id),
            revision=notice.revision,
            closes_at=rfc3339(notice.closes_at),
        ),
        aggregate_id=notice.id,
        unit_no=notice.unit_no,
    )
    await audit(
        tx,
        "recruitment.notice.publish",
        subject_type=SUBJECT,
        subject_id=notice.id,
        reason=reason,
        facts={"revision": notice.revision},
    )
    return await queries.view(tx, notice.id)
