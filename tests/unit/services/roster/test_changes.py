"""Who follows a change is called in the order of registering, and what one raises stops the change."""

from datetime import UTC, date, datetime
from typing import cast
from uuid import UUID

import pytest

from kernel.db.transaction import Transaction
from kernel.errors import WrongState
from kernel.ids import new_id
from services.roster.changes import Changes

NOBODY = cast(Transaction, None)
DAY = datetime(2025, 2, 3, tzinfo=UTC).date()


async def test_followers_are_called_in_order_with_what_changed() -> None:
    changes, heard = Changes(), []

    @changes.follow
    async def first(_: Transaction, subject_id: UUID, on: date) -> None:
        heard.append(("first", subject_id, on))

    @changes.follow
    async def second(_: Transaction, subject_id: UUID, on: date) -> None:
        heard.append(("second", subject_id, on))

    subject = new_id()
    await changes.tell(NOBODY, subject, DAY)
    assert heard == [("first", subject, DAY), ("second", subject, DAY)]


async def test_what_a_follower_refuses_is_refused() -> None:
    changes = Changes()

    @changes.follow
    async def refuse(_: Transaction, subject_id: UUID, on: date) -> None:
        raise WrongState

    with pytest.raises(WrongState):
        await changes.tell(NOBODY, new_id(), DAY)
