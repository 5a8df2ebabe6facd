"""How much one caller may ask for: a token bucket by client and tenant, and a bulkhead by tenant (T8).

Each edge gives out its share of the limit, which comes with its lease (`gateway.edgefeed.shares`).
"""

from dataclasses import dataclass
from math import ceil

import msgspec


@dataclass(frozen=True, slots=True)
class Rate:
    """`per_second` requests on average, `burst` at once; `name` stands in the RateLimit fields."""

    name: str
    per_second: float
    burst: float


CLIENT_RATE = Rate("client", 2000.0, 4000.0)
"""One application of one tenant. A portal carries all officials and workers of its tenant: the closing hour
of a sign-up with 10,000 people at once is some 1,500 requests a second; what is above is a defect or an
attack."""
ADDRESS_RATE = Rate("address", 50.0, 300.0)
"""One address without a token (public pages, sign-in). A whole office behind one address opens its pages at
nine o'clock: 300 at once, then 50 a second; guessing of passwords is stopped by identity's own lock."""
BUCKETS = 50_000
"""Buckets remembered, about 200 bytes each; the oldest is forgotten, and a forgotten one is full again."""
TENANT_IN_FLIGHT = 64
"""Requests of one tenant at one service at a time: half of the pool's connections, so that a tenant whose
requests hang cannot take the others' places (case 15)."""

TENANT_STREAMS = 1000
"""Streams of events of one tenant at one service at a time; each takes a connection of its own, and no place above."""


class Verdict(msgspec.Struct, frozen=True):
    """`allowed`, how many requests remain, and the whole seconds until the bucket is full again."""

    allowed: bool
    remaining: int
    reset: int
    retry_after: int


class Limiter:
    """Token buckets of one rate."""

    def __init__(self, rate: Rate) -> None:
        self.rate = rate
        self.policy = f'"{rate.name}";q={int(rate.burst)};w={ceil(rate.burst / rate.per_second)}'.encode()
        self._told = b'ratelimit-policy: %b\r\nratelimit: "%b";r=%%d;t=%%d\r\n' % (self.policy, rate.name.encode())
        self._buckets: dict[object, tuple[float, float]] = {}

    def take(self, key: object, now: float, share: float = 1.0) -> Verdict:
        """Take one request from the bucket of `key`. `now`: seconds of a monotonic clock; `share`: this
        edge's part of the limit."""
        per_second, burst = self.rate.per_second * share, self.rate.burst * share
        bucket = self._buckets.get(key)
        if bucket is None and len(self._buckets) >= BUCKETS:
            del self._buckets[next(iter(self._buckets))]
        left, since = bucket or (burst, now)
        left = min(burst, left + (now - since) * per_second)
        allowed = left >= 1.0
        if allowed:
            left -= 1.0
        self._buckets[key] = (left, now)
        reset = ceil((burst - left) / per_second)
        return Verdict(allowed, int(left), reset, 0 if allowed else ceil((1.0 - left) / per_second))

    def lines(self, verdict: Verdict) -> bytes:
        """RateLimit fields (draft-ietf-httpapi-ratelimit-headers)."""
        return self._told % (verdict.remaining, verdict.reset)


class Bulkhead:
    """How many requests of one key are under way."""

    def __init__(self, places: int) -> None:
        self._places = places
        self._taken: dict[object, int] = {}

    def enter(self, key: object) -> bool:
        """Take a place; False when none is free."""
        taken = self._taken.get(key, 0)
        if taken >= self._places:
            return False
        self._taken[key] = taken + 1
        return True

    def leave(self, key: object) -> None:
        """Give the place back."""
        left = self._taken[key] - 1
        if left:
            self._taken[key] = left
        else:
            del self._taken[key]
