"""All SQL of substitutions. A row is seen where its post is: the caller has looked the post up in its scope."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import exists
from sqlmodel import col, select

from gateway.directory.substitution.schemas import SubstituteView
from gateway.directory.tables import Post, Substitution, User
from kernel.db.transaction import Transaction
from kernel.errors import NotFound
from kernel.http.paging import Paging


def _rows() -> Any:
    return (
        select(Substitution, Post.user_id, User.display_name)
        .join(Post, (col(Post.tenant_id) == col(Substitution.tenant_id)) & (col(Post.id) == col(Substitution.post_id)))
        .join(User, (col(User.tenant_id) == col(Substitution.tenant_id)) & (col(User.id) == col(Substitution.user_id)))
    )


def _view(row: Any) -> SubstituteView:
    substitution, holder, name = row
    return SubstituteView(
        id=substitution.id,
        post_id=substitution.post_id,
        holder_id=holder,
        user_id=substitution.user_id,
        display_name=name,
        valid_from=substitution.valid_from,
        valid_before=substitution.valid_before,
        reason=substitution.reason,
        version=substitution.version,
    )


async def of_post(tx: Transaction, post_id: UUID, paging: Paging) -> tuple[list[SubstituteView], str | None]:
    """One page of the substitutions of a post, in the order they were written."""
    statement = (
        _rows().where(col(Substitution.post_id) == post_id).order_by(col(Substitution.id)).limit(paging.limit + 1)
    )
    if paging.after is not None:
        statement = statement.where(col(Substitution.id) > UUID(paging.after[0]))
    rows = (await tx.session.execute(statement)).all()
    shown, following = paging.page(rows, lambda row: [str(row[0].id)])
    return [_view(row) for row in shown], following


async def one(tx: Transaction, post_id: UUID, substitution_id: UUID) -> SubstituteView:
    """One substitution of that post."""
    found = _rows().where(col(Substitution.post_id) == post_id, col(Substitution.id) == substitution_id)
    row = (await tx.session.execute(found)).one_or_none()
    if row is None:
        raise NotFound
    return _view(row)


async def lock(tx: Transaction, post_id: UUID, substitution_id: UUID) -> Substitution:
    """The row of a substitution, held until the end of the transaction."""
    found = await tx.session.execute(
        select(Substitution)
        .where(col(Substitution.post_id) == post_id, col(Substitution.id) == substitution_id)
        .with_for_update()
    )
    row = found.scalar_one_or_none()
    if row is None:
        raise NotFound
    return row


async def overlaps(tx: Transaction, post_id: UUID, valid_from: date, valid_before: date) -> bool:
    """Whether somebody stands in for that post's holder on a day of the period."""
    found = await tx.session.execute(
        select(
            exists().where(
                col(Substitution.post_id) == post_id,
                col(Substitution.valid_from) < valid_before,
                col(Substitution.valid_before) > valid_from,
                col(Substitution.valid_before) > col(Substitution.valid_from),
            )
        )
    )
    return bool(found.scalar_one())


async def not_over(tx: Transaction, on: date, post_id: UUID | None = None) -> list[Substitution]:
    """The substitutions, of one post or of the whole tenant for the edges' facts, that are not over on that day."""
    statement = select(Substitution).where(
        col(Substitution.valid_before) > on, col(Substitution.valid_before) > col(Substitution.valid_from)
    )
    if post_id is not None:
        statement = statement.where(col(Substitution.post_id) == post_id)
    return list((await tx.session.execute(statement)).scalars())
