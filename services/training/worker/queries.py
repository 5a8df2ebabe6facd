"""SQL of the read model of posts."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, or_, update
from sqlalchemy import select as columns
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from kernel.db.built import Built
from kernel.db.put import put
from kernel.db.transaction import Transaction
from services.training.worker.schemas import PostNews, PostView
from services.training.worker.tables import PostHeld

_OF_PERSON = Built(
    lambda: (
        columns(*(getattr(PostHeld, name) for name in PostView.model_fields))
        .where(col(PostHeld.person_id) == bindparam("person"))
        .order_by(col(PostHeld.valid_from), col(PostHeld.id))
    )
)


async def add(tx: Transaction, news: PostNews) -> None:
    """Store the post, once."""
    await put(tx, PostHeld, {**news.model_dump(), "valid_before": None}, change=False)


async def end(tx: Transaction, post_id: UUID, valid_before: date) -> None:
    """The post is held no longer from that day on."""
    await tx.session.execute(update(PostHeld).where(col(PostHeld.id) == post_id).values(valid_before=valid_before))


async def of_person(tx: Transaction, person_id: UUID) -> list[PostView]:
    """All posts of one person in the scope, oldest first."""
    return [PostView.model_validate(row) for row in await _OF_PERSON.run(tx, person=person_id)]


async def of_holders(tx: Transaction, on: date, after: UUID | None, limit: int) -> dict[UUID, list[PostView]]:
    """All posts of up to `limit` people who hold one on that day, by person in the order of their ids."""
    people = select(col(PostHeld.person_id)).where(_held(on)).distinct().order_by(col(PostHeld.person_id)).limit(limit)
    if after is not None:
        people = people.where(col(PostHeld.person_id) > after)
    rows = await tx.session.execute(
        select(PostHeld)
        .where(col(PostHeld.person_id).in_(people))
        .order_by(col(PostHeld.person_id), col(PostHeld.valid_from), col(PostHeld.id))
    )
    found: dict[UUID, list[PostView]] = {}
    for row in rows.scalars():
        found.setdefault(row.person_id, []).append(PostView.model_validate(row))
    return found


def holders(on: date) -> SelectOfScalar[UUID]:
    """The people in the scope who hold a post on that day, as a part of another statement."""
    return select(col(PostHeld.person_id)).where(_held(on))


async def in_post(tx: Transaction, people: Sequence[UUID], on: date) -> dict[UUID, list[str]]:
    """Those of the people who hold a post in the scope on that day, with the roles they hold."""
    rows = await tx.session.execute(
        select(col(PostHeld.person_id), col(PostHeld.role))
        .where(col(PostHeld.person_id).in_(people), _held(on))
        .order_by(col(PostHeld.role))
    )
    found: dict[UUID, list[str]] = {}
    for person_id, role in rows:
        found.setdefault(person_id, []).append(role)
    return found


def _held(on: date) -> ColumnElement[bool]:
    return and_(
        col(PostHeld.valid_from) <= on, or_(col(PostHeld.valid_before).is_(None), col(PostHeld.valid_before) > on)
    )
