"""The chain itself: pure, so that anyone can verify an exported one with the same few lines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from cryptography.hazmat.primitives import hashes

GENESIS = bytes(32)
"""What stands before the first link."""


@dataclass(frozen=True, slots=True)
class Link:
    """One entry as it is chained."""

    seq: int
    event_id: UUID
    service: str
    number: int
    action: str
    occurred_at: datetime
    entry: Mapping[str, Any]
    previous_hash: bytes
    hash: bytes


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verification found: how many links are whole, and the first that is not, with the reason."""

    checked: int
    broken_at: int | None = None
    reason: str | None = None


def link_hash(previous: bytes, seq: int, event_id: UUID, service: str, number: int, entry: Mapping[str, Any]) -> bytes:
    """SM3 over the link before and this entry in canonical JSON (keys sorted, UTF-8)."""
    digest = hashes.Hash(hashes.SM3())
    digest.update(previous)
    digest.update(orjson.dumps([seq, str(event_id), service, number, entry], option=orjson.OPT_SORT_KEYS))
    return digest.finalize()


class Verifier:
    """Walks a chain, or a piece of one. Feed it in order; it remembers only the last link.

    Without `first` it begins with the chain; a piece begins with its own first link, whose predecessor it believes.
    """

    def __init__(self, first: Link | None = None) -> None:
        self._whole = first is None
        self._seq = first.seq - 1 if first else 0
        self._hash = first.previous_hash if first else GENESIS
        self._numbers: dict[str, int] = {}
        self._found_whole = 0

    def broken(self, link: Link) -> str | None:
        """What is wrong with this link, or None."""
        if link.seq != self._seq + 1:
            return f"entry {self._seq + 1} is missing"
        before = self._numbers.get(link.service, 0 if self._whole else link.number - 1)
        if link.number != before + 1:
            return f"an entry of {link.service} is missing before its number {link.number}"
        if link.previous_hash != self._hash:
            return "it does not continue the entry before"
        if link_hash(link.previous_hash, link.seq, link.event_id, link.service, link.number, link.entry) != link.hash:
            return "its content was changed"
        # The columns by which entries are listed repeat two members of the entry, and are what a reader sees.
        if (link.action, link.occurred_at) != (
            link.entry["action"],
            datetime.fromisoformat(link.entry["occurred_at"]),
        ):
            return "its listed action or time was changed"
        self._found_whole += 1
        self._seq, self._hash = link.seq, link.hash
        self._numbers[link.service] = link.number
        return None

    def ends_at(self, seq: int, last: bytes) -> bool:
        """Whether the chain's head is the last link seen (else links were cut off at the end)."""
        return (self._seq, self._hash) == (seq, last)

    @property
    def checked(self) -> int:
        """How many links were found whole."""
        return self._found_whole


def verdict_of_copy(links: Sequence[Link]) -> Verdict:
    """Verify a piece of the chain in itself; `links` in their order, at least one."""
    verifier = Verifier(links[0])
    for link in links:
        reason = verifier.broken(link)
        if reason is not None:
            return Verdict(verifier.checked, link.seq, reason)
    return Verdict(verifier.checked)
