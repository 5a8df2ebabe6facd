"""Deletes what has expired and proves nothing any more, in one tenant."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlmodel import col

from gateway.identity import queries
from gateway.identity.checks.tables import Check
from gateway.identity.federation.tables import Errand
from gateway.identity.invitations.tables import Link
from kernel.db.transaction import Transaction
from kernel.privacy.keys import erase

COUNTED = timedelta(hours=1)
"""Checks are counted this long after they were asked for (`checks.actions.ask`)."""


async def purge(tx: Transaction, now: datetime) -> None:
    """Codes, sessions, families with their refresh tokens, revocations, signing keys, links, checks, errands.

    The data key of a check goes with it, so its phone number can be read in no event and no backup any more.
    """
    await tx.session.run_sync(queries.purge, now)
    await tx.session.execute(delete(Link).where(col(Link.expires_at) < now))
    await tx.session.execute(delete(Errand).where(col(Errand.expires_at) < now))
    over = col(Check.expires_at) < now - COUNTED
    for check_id in (await tx.session.execute(select(col(Check.id)).where(over))).scalars().all():
        await erase(tx, check_id)
    await tx.session.execute(delete(Check).where(over))
