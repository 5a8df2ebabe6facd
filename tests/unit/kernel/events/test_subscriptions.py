"""What can be published and listened to is checked when the program starts, not when the event comes."""

from typing import ClassVar

import pytest

from kernel.db.transaction import Transaction
from kernel.events.audit import AuditRecorded
from kernel.events.event import Event, EventShapeWrong, Received, check
from kernel.events.subscriptions import Subscriptions


class Opened(Event, frozen=True, kw_only=True):
    source: ClassVar[str] = "training"
    aggregate: ClassVar[str] = "need"
    name: ClassVar[str] = "opened"


class Named(Event, frozen=True, kw_only=True):
    source: ClassVar[str] = "training"
    aggregate: ClassVar[str] = "need"
    name: str  # type: ignore[misc]  # the mistake under test


async def handle(tx: Transaction, event: Received[Opened]) -> None:
    """Nothing."""


def test_a_member_that_hides_the_events_name_is_refused() -> None:
    with pytest.raises(EventShapeWrong, match="name"):
        check(Named)


def test_an_event_without_a_name_is_refused() -> None:
    with pytest.raises(EventShapeWrong):
        check(Event)


def test_an_event_of_every_service_is_listened_to_at_named_sources() -> None:
    subscriptions = Subscriptions()
    with pytest.raises(EventShapeWrong):
        subscriptions.on(AuditRecorded)
    with pytest.raises(EventShapeWrong):
        subscriptions.on(Opened, sources=["roster"])


def test_the_handlers_of_all_features_are_put_together() -> None:
    one, two = Subscriptions(), Subscriptions()
    one.on(Opened)(handle)
    two.on(Opened)(handle)
    together = Subscriptions().include(one).include(two)
    assert list(together.feeds()) == [("training", "need")]
    found = together.find(("training", "need"), "opened", 1)
    assert found is not None
    assert len(found.handlers) == 2
    assert together.find(("training", "need"), "opened", 2) is None
    first = one.find(("training", "need"), "opened", 1)
    assert first is not None
    assert len(first.handlers) == 1
