"""What a change of posts means for the place of their holder, in the same transaction."""

from datetime import date
from uuid import UUID

from kernel.db.transaction import Transaction
from services.roster.changes import posts_changed
from services.roster.structure import actions


@posts_changed.follow
async def on_posts_changed(tx: Transaction, dossier_id: UUID, on: date) -> None:
    """Who holds no post in a community any more has no place there either."""
    await actions.follow_posts(tx, dossier_id, on)
