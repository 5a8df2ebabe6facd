"""All SQL of officials' leaves. Who asks has the user in care: the actions look."""

from datetime import date
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import col, select

from gateway.directory.leave.schemas import LeaveView
from gateway.directory.substitution import queries as substitutions
from gateway.directory.tables import OfficialLeave, Post, Substitution
from kernel.db.transaction import Transaction
from kernel.errors import NotFound
from kernel.http.paging import Paging


async def lock(tx: Transaction, user_id: UUID, leave_id: UUID) -> OfficialLeave:
    """The row of a leave of that user, held until the end of the transaction."""
    return await _one(tx, user_id, leave_id, lock=True)


async def one(tx: Transaction, user_id: UUID, leave_id: UUID) -> LeaveView:
    """One leave of that user."""
    return await view(tx, await _one(tx, user_id, leave_id))


async def _one(tx: Transaction, user_id: UUID, leave_id: UUID, *, lock: bool = False) -> OfficialLeave:
    statement = select(OfficialLeave).where(col(OfficialLeave.user_id) == user_id, col(OfficialLeave.id) == leave_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    row = (await tx.session.execute(statement)).scalar_one_or_none()
    if row is None:
        raise NotFound
    return row


async def of_user(tx: Transaction, user_id: UUID, paging: Paging) -> tuple[list[LeaveView], str | None]:
    """One page of a user's leaves, in the order they were written."""
    statement = select(OfficialLeave).where(col(OfficialLeave.user_id) == user_id).order_by(col(OfficialLeave.id))
    if paging.after is not None:
        statement = statement.where(col(OfficialLeave.id) > UUID(paging.after[0]))
    rows = (await tx.session.execute(statement.limit(paging.limit + 1))).scalars().all()
    shown, following = paging.page(rows, lambda row: [str(row.id)])
    return [await view(tx, row) for row in shown], following


async def overlaps(tx: Transaction, user_id: UUID, valid_from: date, valid_before: date) -> bool:
    """Whether the user is away on a day of the period by another leave."""
    found = await tx.session.execute(
        select(OfficialLeave.id)
        .where(
            col(OfficialLeave.user_id) == user_id,
            col(OfficialLeave.valid_from) < valid_before,
            col(OfficialLeave.valid_before) > valid_from,
            col(OfficialLeave.valid_before) > col(OfficialLeave.valid_from),
        )
        .limit(1)
    )
    return found.first() is not None


async def posts_held(tx: Transaction, user_id: UUID, valid_from: date, valid_before: date) -> list[Post]:
    """The posts that a user holds on a day of the period."""
    found = await tx.session.execute(
        select(Post)
        .where(
            col(Post.user_id) == user_id,
            col(Post.valid_from) < valid_before,
            or_(col(Post.valid_before).is_(None), col(Post.valid_before) > valid_from),
        )
        .order_by(col(Post.id))
    )
    return list(found.scalars())


async def substitutions_of(tx: Transaction, leave_id: UUID) -> list[Substitution]:
    """Who was appointed with a leave, earlier ended ones included."""
    found = await tx.session.execute(
        select(Substitution).where(col(Substitution.leave_id) == leave_id).order_by(col(Substitution.id))
    )
    return list(found.scalars())


async def view(tx: Transaction, row: OfficialLeave) -> LeaveView:
    """A leave as it goes out."""
    uncovered = [
        post.id
        for post in await posts_held(tx, row.user_id, row.valid_from, row.valid_before)
        if not await _covered(tx, post, row)
    ]
    return LeaveView(
        **row.model_dump(exclude={"tenant_id"}),
        substitutes=[await substitutions.one(tx, each.post_id, each.id) for each in await substitutions_of(tx, row.id)],
        uncovered_post_ids=uncovered,
    )


async def _covered(tx: Transaction, post: Post, row: OfficialLeave) -> bool:
    """Whether somebody stands in for the post on each of its days within the leave."""
    day = max(post.valid_from, row.valid_from)
    end = min(post.valid_before or row.valid_before, row.valid_before)
    for each in sorted(await substitutions.not_over(tx, day, post.id), key=lambda one: one.valid_from):
        if each.valid_from > day:
            return False
        day = max(day, each.valid_before)
        if day >= end:
            return True
    return day >= end
