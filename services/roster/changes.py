"""What else follows, in the same transaction, when somebody's posts, place or contract change.

The features that make such a change do not know those that follow it: these register here when they are imported.
"""

from collections.abc import Awaitable, Callable
from datetime import date
from uuid import UUID

from kernel.db.transaction import Transaction

Follower = Callable[[Transaction, UUID, date], Awaitable[None]]
"""Called with what changed and the day from which it did."""


class Changes:
    """One kind of change and who follows it, in the order of registering."""

    def __init__(self) -> None:
        self._followers: list[Follower] = []

    def follow(self, follower: Follower) -> Follower:
        """Register a follower; for use as a decorator."""
        self._followers.append(follower)
        return follower

    async def tell(self, tx: Transaction, subject_id: UUID, on: date) -> None:
        """Let everybody follow; whatever a follower raises undoes the change too."""
        for follower in self._followers:
            await follower(tx, subject_id, on)


posts_changed = Changes()
"""Posts of a dossier (its id) changed on a day."""
places_changed = Changes()
"""Who works where in a community (its unit's id) changed on a day."""
contract_written = Changes()
"""What a contract says (its id) was written, or signed for the employer; its term begins on the day."""
