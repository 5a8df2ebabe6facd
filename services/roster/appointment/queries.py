"""SQL of posts and of earlier employment."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import func, tuple_, update
from sqlmodel import col, select

from kernel.db.table import days
from kernel.db.transaction import Transaction
from kernel.errors import NotFound
from kernel.http.listed import Listed, Listing
from kernel.http.paging import Paging
from services.roster.appointment.schemas import EmploymentView, PostView
from services.roster.appointment.tables import Employment, Post

_LIST = Listing(
    PostView,
    Post,
    told={"valid_from": func.lower(col(Post.period)), "valid_before": func.upper(col(Post.period))},
    reckoned=("findings",),
    beside=[Post.unit_no],
)


def view(row: Post) -> PostView:
    """The row as it is shown."""
    return PostView.model_validate(
        row.model_dump() | {"valid_from": row.period.lower, "valid_before": row.period.upper}
    )


async def get(tx: Transaction, post_id: UUID) -> Post:
    """The row; `NotFound` outside the scope."""
    row = (await tx.session.execute(select(Post).where(col(Post.id) == post_id))).scalar_one_or_none()
    if row is None:
        raise NotFound
    return row


async def rows(tx: Transaction, dossier_id: UUID) -> list[Post]:
    """All posts of a dossier in time."""
    found = await tx.session.execute(
        select(Post).where(col(Post.dossier_id) == dossier_id).order_by(col(Post.period), col(Post.id))
    )
    return list(found.scalars())


async def of_many(tx: Transaction, dossier_ids: Sequence[UUID]) -> dict[UUID, list[Post]]:
    """All posts of several workers in time."""
    found = await tx.session.execute(
        select(Post).where(col(Post.dossier_id).in_(dossier_ids)).order_by(col(Post.period), col(Post.id))
    )
    held: dict[UUID, list[Post]] = {}
    for row in found.scalars():
        held.setdefault(row.dossier_id, []).append(row)
    return held


async def posts(tx: Transaction, dossier_id: UUID, on: date | None = None) -> list[PostView]:
    """The posts of a dossier in time, or those held on a day."""
    return [view(row) for row in await rows(tx, dossier_id) if on is None or _held(row, on)]


async def held_on(tx: Transaction, dossier_id: UUID, on: date) -> list[Post]:
    """The rows of the posts held on a day."""
    return [row for row in await rows(tx, dossier_id) if _held(row, on)]


async def in_community(tx: Transaction, community_unit_id: UUID, on: date) -> list[PostView]:
    """The posts held in a community on a day, by worker."""
    found = await tx.session.execute(
        select(Post)
        .where(col(Post.community_unit_id) == community_unit_id, col(Post.period).contains(on))
        .order_by(col(Post.dossier_id), col(Post.id))
    )
    return [view(row) for row in found.scalars()]


def _held(row: Post, on: date) -> bool:
    start, before = row.period.lower, row.period.upper
    return start is not None and start <= on and (before is None or on < before)


async def page(
    tx: Transaction,
    paging: Paging,
    *,
    on: date | None,
    role: str | None,
    community_unit_id: UUID | None,
) -> Listed[PostView]:
    """The posts of the scope, by unit and age; with `on`, those held on that day."""
    scope = tx.context.scope
    statement = _LIST.select().where(col(Post.unit_no).between(scope.lo, scope.hi))
    if on is not None:
        statement = statement.where(col(Post.period).contains(on))
    if role is not None:
        statement = statement.where(col(Post.role) == role)
    if community_unit_id is not None:
        statement = statement.where(col(Post.community_unit_id) == community_unit_id)
    if paging.after is not None:
        unit_no, last = paging.after
        statement = statement.where(tuple_(col(Post.unit_no), col(Post.id)) > (unit_no, UUID(last)))
    found = await tx.session.execute(statement.order_by(col(Post.unit_no), col(Post.id)).limit(paging.limit + 1))
    return _LIST.page(paging, found.all(), lambda row: (row.unit_no, row.id), lambda _: {"findings": []})


async def was_left(tx: Transaction, community_unit_id: UUID, role: str, on: date) -> bool:
    """Whether somebody held that post in the community and had left it by that day."""
    statement = (
        select(func.count())
        .select_from(Post)
        .where(
            col(Post.community_unit_id) == community_unit_id,
            col(Post.role) == role,
            func.upper(col(Post.period)) <= on,
        )
    )
    return bool((await tx.session.execute(statement)).scalar_one())


async def own(tx: Transaction) -> list[PostView]:
    """The posts of the person who asks; row-level security leaves no others."""
    found = await tx.session.execute(select(Post).order_by(col(Post.period), col(Post.id)))
    return [view(row) for row in found.scalars()]


async def held_by_another(
    tx: Transaction, dossier_id: UUID, community_unit_id: UUID, role: str, valid_from: date, valid_before: date | None
) -> bool:
    """Whether another dossier holds that role in the community on a day of the period."""
    statement = (
        select(func.count())
        .select_from(Post)
        .where(
            col(Post.dossier_id) != dossier_id,
            col(Post.community_unit_id) == community_unit_id,
            col(Post.role) == role,
            col(Post.period).op("&&")(days(valid_from, valid_before)),
        )
    )
    return bool((await tx.session.execute(statement)).scalar_one())


async def employments(tx: Transaction, dossier_id: UUID) -> list[EmploymentView]:
    """Earlier employment of a dossier in time."""
    found = await tx.session.execute(
        select(Employment).where(col(Employment.dossier_id) == dossier_id).order_by(col(Employment.period))
    )
    return [
        EmploymentView.model_validate(
            row.model_dump() | {"valid_from": row.period.lower, "valid_before": row.period.upper}
        )
        for row in found.scalars()
    ]


async def holders(
    tx: Transaction, on: date, role: str | None, after: tuple[Any, ...] | None, limit: int
) -> list[tuple[int, UUID]]:
    """(unit, dossier) of the scope's workers who hold a post (of that role) on a day, by unit and dossier."""
    scope = tx.context.scope
    statement = (
        select(col(Post.unit_no), col(Post.dossier_id))
        .where(col(Post.unit_no).between(scope.lo, scope.hi), col(Post.period).contains(on))
        .distinct()
    )
    if role is not None:
        statement = statement.where(col(Post.role) == role)
    if after is not None:
        statement = statement.where(tuple_(col(Post.unit_no), col(Post.dossier_id)) > (after[0], UUID(after[1])))
    found = await tx.session.execute(statement.order_by(col(Post.unit_no), col(Post.dossier_id)).limit(limit))
    return [(unit_no, dossier_id) for unit_no, dossier_id in found.all()]


async def move_employments(tx: Transaction, dossier_id: UUID, unit_no: int) -> None:
    """Bring earlier employment under the unit that keeps the dossier."""
    await tx.session.execute(update(Employment).where(col(Employment.dossier_id) == dossier_id).values(unit_no=unit_no))


async def serving(tx: Transaction, lo: int, hi: int, first: date, before: date) -> list[tuple[UUID, str]]:
    """(dossier, category) of all who held a post in communities numbered from `lo` to `hi` on a day of the period
    [first, before), by dossier; one row for each category."""
    found = await tx.session.execute(
        select(col(Post.dossier_id), col(Post.category))
        .where(col(Post.community_unit_no).between(lo, hi), col(Post.period).op("&&")(days(first, before)))
        .distinct()
        .order_by(col(Post.dossier_id), col(Post.category))
    )
    return [(dossier_id, category) for dossier_id, category in found.all()]


async def during(
    tx: Transaction, dossier_ids: Sequence[UUID], first: date, before: date
) -> dict[UUID, list[tuple[str, str, int, date, date | None]]]:
    """(role, category, community number, first day, end) of the posts that several workers held on a day of the
    period [first, before), wherever they were."""
    found = await tx.session.execute(
        sa.select(
            col(Post.dossier_id),
            col(Post.role),
            col(Post.category),
            col(Post.community_unit_no),
            func.lower(col(Post.period)),
            func.upper(col(Post.period)),
        ).where(col(Post.dossier_id).in_(dossier_ids), col(Post.period).op("&&")(days(first, before)))
    )
    posts: dict[UUID, list[tuple[str, str, int, date, date | None]]] = {}
    for dossier_id, *post in found.all():
        posts.setdefault(dossier_id, []).append((post[0], post[1], post[2], post[3], post[4]))
    return posts
