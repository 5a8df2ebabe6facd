"""Which part of each rate limit every edge may give out: together never above the whole (T8).

A share is given with the lease and ends with it. What an edge may still be using counts until the edge itself says
that it uses less, or until its lease has run out; so an edge that joins gets its share once the others have let go.
"""

from collections.abc import Callable
from dataclasses import dataclass

_ROUNDING = 1e-9


@dataclass(slots=True)
class _Held:
    parts: int
    """The edge uses one of so many equal parts; 0: none yet."""
    until: float


class Shares:
    """Of all edges of one gateway."""

    def __init__(self, lease_seconds: float, clock: Callable[[], float]) -> None:
        self._lease = lease_seconds
        self._clock = clock
        # Before this one there may have been a gateway whose edges have not come back yet.
        self._settled_at = clock() + lease_seconds
        self._held: dict[str, _Held] = {}

    def grant(self, edge: str, uses: int) -> int:
        """Into how many parts the whole is divided, one of which `edge` may use from now on; 0 for none yet.

        `uses`: what it says it uses now (0 when it is new)."""
        now = self._clock()
        self._held = {name: held for name, held in self._held.items() if held.until > now or name == edge}
        others = sum(1 / held.parts for name, held in self._held.items() if name != edge and held.parts)
        parts = len(self._held.keys() | {edge})
        if uses and now < self._settled_at:
            parts = max(parts, uses)
        if 1 / parts > 1 - others + _ROUNDING:
            # The rest is smaller than a fair part: keep what it uses if that is less, else wait for the others.
            parts = uses if uses and 1 / uses <= 1 - others + _ROUNDING else 0
        still = min(parts, uses) if parts and uses else parts or uses
        self._held[edge] = _Held(still, now + self._lease)
        return parts
