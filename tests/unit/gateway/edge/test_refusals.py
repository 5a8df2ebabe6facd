"""Refusals kept for the audit: each by itself, and who asks too often by number (T10)."""

from uuid import UUID

from gateway.edge.refusals import COUNTED_SECONDS, Asker, RefusalBuffer
from gateway.edgefeed.messages import Refusal


class House:
    """A buffer whose clock is set by hand."""

    def __init__(self, room: int = 100) -> None:
        self.now = 1_000.0
        self.buffer = RefusalBuffer(room=room, clock=lambda: self.now)

    def refuse(self, status: int, *, address: str = "192.0.2.1") -> None:
        """Somebody at an address asked for the same operation."""
        asker = Asker()
        asker.template, asker.tenant = "/api/v1/roster/dossiers", UUID(int=1)
        self.buffer.add(asker, status=status, method="GET", request_id="r", address=address)

    def sent(self) -> list[Refusal]:
        """What goes out next, taken by the gateway."""
        batch = self.buffer.batch()
        if batch is None:
            return []
        assert self.buffer.taken(batch.first + len(batch.items), batch.dropped)
        return batch.items


def test_a_flood_is_two_entries_a_minute_and_no_request_of_it_is_lost() -> None:
    house = House()
    for _ in range(5_000):
        house.refuse(429)
    assert [(each.status, each.times) for each in house.sent()] == [(429, 1)]
    house.now += COUNTED_SECONDS - 1
    house.refuse(429)
    assert house.sent() == []
    house.now += 1
    assert [(each.status, each.times) for each in house.sent()] == [(429, 5_000)]
    assert house.sent() == []


def test_a_new_minute_begins_with_an_entry_at_once() -> None:
    house = House()
    house.refuse(429)
    house.refuse(429)
    house.now += COUNTED_SECONDS
    house.refuse(429)
    assert [each.times for each in house.sent()] == [1, 1, 1]


def test_another_asker_is_told_of_apart() -> None:
    house = House()
    for address in ("192.0.2.1", "192.0.2.2", "192.0.2.1"):
        house.refuse(429, address=address)
    assert [(each.address, each.times) for each in house.sent()] == [("192.0.2.1", 1), ("192.0.2.2", 1)]
    house.now += COUNTED_SECONDS
    assert [(each.address, each.times) for each in house.sent()] == [("192.0.2.1", 1)]


def test_every_other_refusal_is_an_entry_of_its_own() -> None:
    house = House()
    for status in (401, 403, 404) * 2:
        house.refuse(status)
    assert [each.status for each in house.sent()] == [401, 403, 404] * 2


def test_a_counted_one_without_room_counts_as_many_as_it_stands_for() -> None:
    house = House(room=1)
    for _ in range(4):
        house.refuse(429)
    house.now += COUNTED_SECONDS
    batch = house.buffer.batch()
    assert batch is not None
    assert (len(batch.items), batch.dropped) == (1, 3)
