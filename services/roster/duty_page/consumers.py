"""What a change of places means for the public page, in the same transaction."""

from datetime import date
from uuid import UUID

from kernel.db.transaction import Transaction
from services.roster.changes import places_changed
from services.roster.duty_page import actions


@places_changed.follow
async def on_places_changed(tx: Transaction, community_unit_id: UUID, on: date) -> None:
    """Count again, where the page is public; what counts is who works there today."""
    await actions.recount(tx, community_unit_id)
