"""Whom an acting official stands in for (代理): the service's own look, beside the edge's (T3, A6)."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, select

from kernel.context import Actor
from kernel.db.transaction import Transaction
from kernel.errors import Forbidden, Text
from kernel.org.tables import OrgPost, OrgSubstitution


@dataclass(frozen=True, slots=True)
class StandsFor:
    """The post acted in on another's behalf, and the user who holds it."""

    post: UUID
    holder: UUID


async def stands_for(tx: Transaction, actor: Actor) -> StandsFor | None:
    """Whom the actor stands in for on the business day; None in a post of their own, and for who is no official.

    A post that the read model has not heard of yet is taken as the edge vouched for it. Raises `Forbidden` in another's
    post on a day that no substitution covers.
    """
    if actor.kind != "official" or actor.post is None:
        return None
    found = await tx.session.execute(select(OrgPost.user_id).where(col(OrgPost.id) == actor.post))
    holder = found.scalar_one_or_none()
    if holder is None or holder == actor.user:
        return None
    covering = await tx.session.execute(
        select(OrgSubstitution.id)
        .where(
            col(OrgSubstitution.post_id) == actor.post,
            col(OrgSubstitution.user_id) == actor.user,
            col(OrgSubstitution.valid_from) <= tx.today,
            col(OrgSubstitution.valid_before) > tx.today,
        )
        .limit(1)
    )
    if covering.first() is None:
        raise Forbidden(
            Text(
                "代理期限未到或已过，不得以该岗位办理",
                "Nobody acts in another's post outside the days of the substitution.",
            )
        )
    return StandsFor(actor.post, holder)
