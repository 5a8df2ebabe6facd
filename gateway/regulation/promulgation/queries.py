"""All SQL of drafts and versions."""

from uuid import UUID

from sqlmodel import col, select

from gateway.regulation.promulgation.schemas import DraftView
from gateway.regulation.promulgation.tables import PackDraft
from gateway.regulation.tables import PackVersion
from kernel.db.transaction import Transaction
from kernel.errors import NotFound
from kernel.http.paging import Paging


async def drafts(tx: Transaction, paging: Paging) -> tuple[list[DraftView], str | None]:
    """Drafts in the order in which they were handed in."""
    statement = select(PackDraft).order_by(col(PackDraft.id)).limit(paging.limit + 1)
    if paging.after is not None:
        statement = statement.where(col(PackDraft.id) > UUID(paging.after[0]))
    rows = (await tx.session.execute(statement)).scalars().all()
    shown, following = paging.page(rows, lambda row: (str(row.id),))
    return [DraftView.model_validate(row) for row in shown], following


async def draft(tx: Transaction, draft_id: UUID, *, lock: bool = False) -> PackDraft:
    """The draft; `NotFound` where there is none."""
    statement = select(PackDraft).where(col(PackDraft.id) == draft_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    row = (await tx.session.execute(statement)).scalar_one_or_none()
    if row is None:
        raise NotFound
    return row


async def version(tx: Transaction, version: str) -> PackVersion:
    """The published version of that number; `NotFound` where there is none."""
    found = await tx.session.execute(select(PackVersion).where(col(PackVersion.pack_version) == version))
    row = found.scalar_one_or_none()
    if row is None:
        raise NotFound
    return row


async def versions(tx: Transaction) -> list[PackVersion]:
    """The published versions, oldest first, held to the end of the transaction."""
    found = await tx.session.execute(
        select(PackVersion)
        .order_by(col(PackVersion.valid_from))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list(found.scalars())
