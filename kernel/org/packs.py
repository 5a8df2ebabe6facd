"""Packs read once per process, and packs with local parameters laid over; both bounded, since tenants come and go."""

import hashlib
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar
from uuid import UUID

from kernel.regulation.pack import Pack

KEPT_ROWS = 10_000
"""Which text a published row holds; small."""
KEPT_PACKS = 64
"""Parsed packs; tenants under the same text share one."""
KEPT_OVERLAYS = 512
"""Packs with local values; each adds its own figures only."""

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Recent(Generic[K, V]):
    """The values used last, no more than `size` of them."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: OrderedDict[K, V] = OrderedDict()

    def get(self, key: K) -> V | None:
        """The value, which counts as used now; None where it is not kept."""
        value = self._kept.get(key)
        if value is not None:
            self._kept.move_to_end(key)
        return value

    def put(self, key: K, value: V) -> V:
        """Keep the value; the one that was not used for longest makes room."""
        self._kept[key] = value
        self._kept.move_to_end(key)
        if len(self._kept) > self._size:
            self._kept.popitem(last=False)
        return value

    def drop(self, key: K) -> None:
        """Keep it no longer."""
        self._kept.pop(key, None)

    def __len__(self) -> int:
        return len(self._kept)


RowKey = tuple[UUID, UUID, str]
"""Tenant, row, version. A published version never changes."""
_texts: Recent[RowKey, bytes] = Recent(KEPT_ROWS)
_packs: Recent[bytes, Pack] = Recent(KEPT_PACKS)
overlays: Recent[tuple[RowKey, tuple[UUID, ...]], Pack] = Recent(KEPT_OVERLAYS)
"""By pack and the rows laid over it, whose values never change."""


def known(key: RowKey) -> Pack | None:
    """The pack of that row where it was read before and is still kept."""
    digest = _texts.get(key)
    return None if digest is None else _packs.get(digest)


def read(key: RowKey, content: str) -> Pack:
    """Parse the text, or take the pack of another tenant's row with the very same text."""
    digest = _texts.put(key, hashlib.sha256(content.encode()).digest())
    return _packs.get(digest) or _packs.put(digest, Pack.from_json(content))
