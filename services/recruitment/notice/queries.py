"""SQL of notices."""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col, select

from kernel.db.transaction import Transaction
from kernel.errors import NotFound
from kernel.org import queries as org_queries
from kernel.regulation.pack import Pack
from services.recruitment import vocabulary
from services.recruitment.notice.schemas import (
    DeclarationView,
    ExamTermsView,
    ItemProgress,
    Material,
    NoticeItemView,
    NoticeSummary,
    NoticeView,
    RevisionView,
)
from services.recruitment.notice.tables import Notice, NoticeItem, NoticeRevision


async def row(tx: Transaction, notice_id: UUID, *, lock: bool = False) -> Notice:
    """The notice's row; `NotFound` outside the scope, for persons and the public where it is not published."""
    statement = select(Notice).where(col(Notice.id) == notice_id)
    if lock:
        statement = statement.with_for_update()
    found = (await tx.session.execute(statement)).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


async def of_plan(tx: Transaction, plan_id: UUID) -> Notice | None:
    """The plan's notice, if it has one."""
    return (await tx.session.execute(select(Notice).where(col(Notice.plan_id) == plan_id))).scalar_one_or_none()


async def item(tx: Transaction, item_id: UUID, *, lock: bool = False) -> NoticeItem:
    """The posts of a notice; locked, nobody else fills one of them until the end of the transaction."""
    statement = select(NoticeItem).where(col(NoticeItem.id) == item_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    found = (await tx.session.execute(statement)).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


async def items(tx: Transaction, notice_id: UUID) -> list[NoticeItem]:
    """The posts of the notice in the order of the plan."""
    statement = select(NoticeItem).where(col(NoticeItem.notice_id) == notice_id).order_by(col(NoticeItem.id))
    return list((await tx.session.execute(statement)).scalars())


async def items_by_id(tx: Transaction, item_ids: Collection[UUID]) -> dict[UUID, NoticeItem]:
    """Items of notices by id."""
    found = await tx.session.execute(select(NoticeItem).where(col(NoticeItem.id).in_(item_ids)))
    return {each.id: each for each in found.scalars()}


async def set_terms(tx: Transaction, notice_id: UUID, terms: dict[str, Any]) -> None:
    """Bring the dates that reviews read to those of the newest revision."""
    await tx.session.execute(update(NoticeItem).where(col(NoticeItem.notice_id) == notice_id).values(**terms))


async def end_items(tx: Transaction, notice_id: UUID, on: date) -> None:
    """Let nobody be proposed for these posts from that day on."""
    await tx.session.execute(update(NoticeItem).where(col(NoticeItem.notice_id) == notice_id).values(ended_on=on))


async def view(tx: Transaction, notice_id: UUID) -> NoticeView:
    """The notice with its revisions, posts and what an applicant has to state."""
    notice = await row(tx, notice_id)
    revisions = await tx.session.execute(
        select(NoticeRevision)
        .where(col(NoticeRevision.notice_id) == notice_id)
        .order_by(col(NoticeRevision.number).desc())
    )
    return NoticeView(
        **NoticeSummary.model_validate(notice).model_dump(),
        plan_id=notice.plan_id,
        pack_id=notice.pack_id,
        pack_version=notice.pack_version,
        exam=ExamTermsView.model_validate(notice.exam) if notice.exam else None,
        revisions=[RevisionView.model_validate(each) for each in revisions.scalars()],
        items=[NoticeItemView.model_validate(each) for each in await items(tx, notice_id)],
        declarations=_declarations(await org_queries.pack_version(tx, notice.pack_id, notice.pack_version)),
    )


def _declarations(pack: Pack) -> list[DeclarationView]:
    made = []
    required = declared_facts(pack)
    for name in (*required, *claimed_facts(pack)):
        fact = pack.document.facts[name]
        values = {value: {"zh": label.zh, "en": label.en} for value, label in fact.values.items()}
        made.append(
            DeclarationView(
                name=name,
                kind=fact.kind,
                label_zh=fact.label.zh,
                label_en=fact.label.en,
                values=values,
                required=name in required,
            )
        )
    return made


def declared_facts(pack: Pack) -> list[str]:
    """Names of the facts that an applicant states under this regulation."""
    return sorted(pack.facts_of(vocabulary.GROUP) - vocabulary.SUPPLIED)


def claimed_facts(pack: Pack) -> list[str]:
    """Names of the facts that give priority on equal terms: stated only by whoever claims one (NM-10)."""
    return sorted(pack.facts_of(vocabulary.PRIORITY) - vocabulary.SUPPLIED - set(declared_facts(pack)))


async def materials(tx: Transaction, notice_id: UUID) -> list[Material]:
    """The documents that the notice's newest revision asks for."""
    found = await tx.session.execute(
        select(NoticeRevision.materials)
        .where(col(NoticeRevision.notice_id) == notice_id)
        .order_by(col(NoticeRevision.number).desc())
        .limit(1)
    )
    return [Material(**each) for each in found.scalar_one()]


async def listed(tx: Transaction, limit: int, after: tuple[Any, ...] | None) -> list[NoticeSummary]:
    """Up to `limit` + 1 notices, newest first, after the sort key `(id,)`.

    Officials see those of the units in scope, persons and the public all that are published (the `published` policy).
    """
    statement = select(Notice).where(col(Notice.tenant_id) == tx.tenant)
    scope = tx.context.scope
    if tx.context.actor.kind in ("official", "client"):
        statement = statement.where(col(Notice.unit_no).between(scope.lo, scope.hi))
    if after is not None:
        statement = statement.where(col(Notice.id) < UUID(after[0]))
    found = await tx.session.execute(statement.order_by(col(Notice.id).desc()).limit(limit + 1))
    return [NoticeSummary.model_validate(each) for each in found.scalars()]


async def progress(tx: Transaction, notice_id: UUID) -> list[ItemProgress]:
    """How far the posts of the notice are filled; `NotFound` outside the scope."""
    await row(tx, notice_id)
    return [ItemProgress.model_validate(each) for each in await items(tx, notice_id)]
