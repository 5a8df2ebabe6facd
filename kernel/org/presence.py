"""Who is there at an office on the business day: who holds its posts, whether they are away, who stands in (T3, A6)."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, exists
from sqlmodel import col, select

from kernel.db.transaction import Transaction
from kernel.org import queries
from kernel.org.tables import OrgLeave, OrgPost, OrgSubstitution


@dataclass(frozen=True, slots=True)
class Presence:
    """A post with its holder; `away`: on leave (请假、休假); `substitute`: who is there in their stead (代理)."""

    post: OrgPost
    away: bool
    substitute: UUID | None


async def at_office(tx: Transaction, *, department_kind: str, unit_no: int) -> list[Presence]:
    """The posts of that department kind in exactly that unit that are held on the business day, and who is there.

    A substitute who is away, too, stands in for nobody.
    """
    found = await tx.session.execute(
        select(OrgPost, _away(tx, col(OrgPost.user_id)), col(OrgSubstitution.user_id))
        .outerjoin(
            OrgSubstitution,
            and_(
                col(OrgSubstitution.tenant_id) == col(OrgPost.tenant_id),
                col(OrgSubstitution.post_id) == col(OrgPost.id),
                col(OrgSubstitution.valid_from) <= tx.today,
                col(OrgSubstitution.valid_before) > tx.today,
                ~_away(tx, col(OrgSubstitution.user_id)),
            ),
        )
        .where(*queries.at_desk(department_kind, unit_no, tx.today))
    )
    return [Presence(post, away, substitute) for post, away, substitute in found.all()]


def _away(tx: Transaction, user: SQLColumnExpression[UUID]) -> ColumnElement[bool]:
    return exists().where(
        col(OrgLeave.tenant_id) == tx.tenant,
        col(OrgLeave.user_id) == user,
        col(OrgLeave.valid_from) <= tx.today,
        col(OrgLeave.valid_before) > tx.today,
    )
