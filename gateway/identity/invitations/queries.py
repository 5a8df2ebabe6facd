"""SQL of one-time links."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlmodel import col

from gateway.identity.invitations.tables import Link
from kernel.db.transaction import Transaction


async def user_of(tx: Transaction, token_hash: bytes, now: datetime) -> UUID | None:
    """Whose living link this is, without using it."""
    found = await tx.session.execute(
        select(col(Link.user_id)).where(col(Link.token_hash) == token_hash, col(Link.expires_at) > now)
    )
    return found.scalar_one_or_none()


async def take(tx: Transaction, token_hash: bytes, now: datetime) -> UUID | None:
    """Use up a living link: of any number at once, one gets the user."""
    taken = (
        delete(Link)
        .where(col(Link.token_hash) == token_hash, col(Link.expires_at) > now)
        .returning(col(Link.user_id))
        .execution_options(synchronize_session=False)
    )
    return (await tx.session.execute(taken)).scalar_one_or_none()


async def drop_of(tx: Transaction, user_id: UUID) -> None:
    """Forget the links of a user."""
    await tx.session.execute(
        delete(Link).where(col(Link.user_id) == user_id).execution_options(synchronize_session=False)
    )
