"""Identifiers are UUIDv7 and rise, also when many are made in one millisecond or the clock steps back."""

import itertools
import threading
import time
from uuid import UUID

import pytest

from kernel import ids
from kernel.ids import new_id

COUNT = 20_000


def test_ids_rise_and_are_version_7() -> None:
    made = [new_id() for _ in range(COUNT)]
    assert all(one < following for one, following in itertools.pairwise(made))
    assert {(one.version, one.variant) for one in made} == {(7, "specified in RFC 4122")}


def test_ids_of_many_threads_are_all_different() -> None:
    made: list[list[UUID]] = [[] for _ in range(4)]

    def make(into: list[UUID]) -> None:
        into.extend(new_id() for _ in range(COUNT // 4))

    threads = [threading.Thread(target=make, args=(into,)) for into in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({one for several in made for one in several}) == COUNT
    assert all(several == sorted(several) for several in made)


def test_an_id_carries_its_millisecond() -> None:
    before = time.time_ns() // 1_000_000
    stamp = new_id().int >> 80
    # The counter borrows from the coming milliseconds when many ids were made just now.
    assert before - 1 <= stamp <= time.time_ns() // 1_000_000 + COUNT


def test_a_clock_that_steps_back_does_not_take_the_ids_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    before = new_id()
    monkeypatch.setattr(ids.time, "time_ns", lambda: 1_000_000_000_000_000_000)
    assert new_id() > before


def test_more_ids_than_a_millisecond_counts_still_rise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ids, "_last", 0)
    monkeypatch.setattr(ids.time, "time_ns", lambda: 1_700_000_000_000_000_000)
    made = [new_id() for _ in range(5000)]
    assert made == sorted(made)
    assert len(set(made)) == 5000
