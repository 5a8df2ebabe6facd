"""The chain of audit entries: every kind of tampering is named at the first link that shows it (T10)."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gateway.audit.rules import GENESIS, Link, Verdict, Verifier, link_hash, verdict_of_copy

SERVICES = ("gateway", "recruitment", "roster")
START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def chain(services: list[str]) -> list[Link]:
    """A whole chain, as the projection writes it."""
    links: list[Link] = []
    numbers = dict.fromkeys(SERVICES, 0)
    previous = GENESIS
    for place, service in enumerate(services, 1):
        numbers[service] += 1
        at = START + timedelta(seconds=place)
        entry: dict[str, Any] = {"action": f"act.{place}", "occurred_at": at.isoformat(), "facts": {"n": place}}
        event = UUID(int=place)
        made = link_hash(previous, place, event, service, numbers[service], entry)
        links.append(Link(place, event, service, numbers[service], entry["action"], at, entry, previous, made))
        previous = made
    return links


def first_break(links: list[Link], last: Link | None = None) -> tuple[int, str] | None:
    """Walk the links as verification does; `last` is what the head says is the last one."""
    verifier = Verifier()
    for link in links:
        reason = verifier.broken(link)
        if reason is not None:
            return link.seq, reason
    if last is not None and not verifier.ends_at(last.seq, last.hash):
        return verifier.checked + 1, "missing at the end"
    return None


CHAINS = st.lists(st.sampled_from(SERVICES), min_size=2, max_size=12).map(chain)


@given(CHAINS)
def test_a_whole_chain_is_whole(links: list[Link]) -> None:
    assert first_break(links, links[-1]) is None


@given(CHAINS, st.data())
def test_a_changed_entry_is_named(links: list[Link], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(links) - 1))
    changes: dict[str, Any] = data.draw(
        st.sampled_from(
            [
                {"entry": {**links[place].entry, "facts": {"n": -1}}},
                {"entry": {**links[place].entry, "more": None}},
                {"event_id": UUID(int=999)},
                {"hash": bytes(32)},
                {"action": "another.act"},
                {"occurred_at": links[place].occurred_at + timedelta(microseconds=1)},
            ]
        )
    )
    found = first_break([*links[:place], replace(links[place], **changes), *links[place + 1 :]], links[-1])
    assert found is not None
    assert found[0] == links[place].seq
    assert "changed" in found[1]


@given(CHAINS, st.data())
def test_a_changed_entry_with_its_hash_made_anew_is_named_at_the_next(links: list[Link], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(links) - 1))
    link = links[place]
    entry = {**link.entry, "facts": {"n": -1}}
    forged = replace(
        link,
        entry=entry,
        hash=link_hash(link.previous_hash, link.seq, link.event_id, link.service, link.number, entry),
    )
    found = first_break([*links[:place], forged, *links[place + 1 :]], links[-1])
    assert found is not None
    assert found[0] == link.seq + 1


@given(CHAINS, st.data())
def test_a_removed_entry_is_named(links: list[Link], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(links) - 2))
    found = first_break([*links[:place], *links[place + 1 :]], links[-1])
    assert found == (links[place + 1].seq, f"entry {links[place].seq} is missing")


@given(CHAINS, st.data())
def test_entries_removed_at_the_end_are_named(links: list[Link], data: st.DataObject) -> None:
    kept = data.draw(st.integers(0, len(links) - 1))
    assert first_break(links[:kept], links[-1]) == (kept + 1, "missing at the end")


@given(CHAINS, st.data())
def test_entries_in_another_order_are_named(links: list[Link], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(links))
    assume(shuffled != links)
    first = next(place for place, (one, other) in enumerate(zip(links, shuffled, strict=True)) if one != other)
    found = first_break(shuffled, links[-1])
    assert found is not None
    assert found[0] == shuffled[first].seq


@given(CHAINS, st.data())
def test_entries_renumbered_over_a_gap_are_named(links: list[Link], data: st.DataObject) -> None:
    """Somebody removes an entry and moves the others up: the links no longer continue each other."""
    place = data.draw(st.integers(0, len(links) - 2))
    closed = [*links[:place], *(replace(link, seq=link.seq - 1) for link in links[place + 1 :])]
    found = first_break(closed, links[-1])
    assert found is not None
    assert found[0] == place + 1


@given(st.sampled_from(SERVICES), st.integers(0, 4), st.integers(2, 5))
def test_a_gap_in_a_services_numbers_is_named_though_the_chain_is_whole(service: str, before: int, skip: int) -> None:
    """The projection itself was given too little: an entry of a service never came."""
    links = chain([service] * before)
    previous = links[-1].hash if links else GENESIS
    seq, number = before + 1, before + skip
    entry = {"action": "late", "occurred_at": START.isoformat()}
    event = UUID(int=77)
    link = Link(
        seq,
        event,
        service,
        number,
        "late",
        START,
        entry,
        previous,
        link_hash(previous, seq, event, service, number, entry),
    )
    assert first_break([*links, link]) == (seq, f"an entry of {service} is missing before its number {number}")


def test_services_are_numbered_apart() -> None:
    links = chain(["gateway", "roster", "gateway", "roster"])
    assert [link.number for link in links] == [1, 1, 2, 2]
    assert first_break(links, links[-1]) is None


@pytest.mark.parametrize("one", ["seq", "event", "service", "number", "entry", "previous"])
def test_the_hash_covers_each_member(one: str) -> None:
    values: dict[str, list[Any]] = {
        "previous": [GENESIS, bytes([1] * 32)],
        "seq": [1, 2],
        "event": [UUID(int=1), UUID(int=2)],
        "service": ["roster", "training"],
        "number": [1, 2],
        "entry": [{"action": "a"}, {"action": "b"}],
    }
    made = [
        link_hash(*(several[1 if name == one else 0] if place else several[0] for name, several in values.items()))
        for place in (0, 1)
    ]
    assert made[0] != made[1]
    assert all(len(value) == 32 for value in made)


def test_the_hash_does_not_depend_on_the_order_of_members() -> None:
    entry = {"action": "a", "facts": {"x": 1, "y": 2}}
    for order in itertools.permutations(entry):
        shuffled = {name: entry[name] for name in order}
        assert link_hash(GENESIS, 1, UUID(int=1), "s", 1, shuffled) == link_hash(GENESIS, 1, UUID(int=1), "s", 1, entry)


@given(CHAINS, st.data())
def test_a_piece_of_the_chain_is_whole_in_itself(links: list[Link], data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(links) - 1))
    piece = links[first : data.draw(st.integers(first + 1, len(links)))]
    assert verdict_of_copy(piece) == Verdict(len(piece))


@given(CHAINS, st.data())
def test_a_changed_entry_of_a_piece_is_named(links: list[Link], data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(links) - 1))
    piece = links[first:]
    place = data.draw(st.integers(0, len(piece) - 1))
    changed = replace(piece[place], entry={**piece[place].entry, "facts": {"n": -1}})
    verdict = verdict_of_copy([*piece[:place], changed, *piece[place + 1 :]])
    assert (verdict.checked, verdict.broken_at, verdict.reason) == (place, piece[place].seq, "its content was changed")


@given(CHAINS, st.data())
def test_a_gap_in_a_piece_is_named(links: list[Link], data: st.DataObject) -> None:
    assume(len(links) > 2)
    place = data.draw(st.integers(1, len(links) - 2))
    verdict = verdict_of_copy([*links[:place], *links[place + 1 :]])
    assert verdict.reason == f"entry {links[place].seq} is missing"
