"""Refusals on their way to the audit (T10): kept until the gateway says they are recorded.

While the stream is down they wait here; what does not fit is counted, and the count is reported too, so that
nothing is lost silently. Who asks too often is told of at once and then by number, once a minute: else a flood that
the limiter holds off would reach the database as entries.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from uuid import UUID

import msgspec

from gateway.edge.tokens import Claims
from gateway.edgefeed.messages import Refusal, Refusals
from kernel.ids import new_id

ROOM = 10_000
"""About 400 bytes each; at a hundred refusals a second that is more than a minute without the gateway."""
BATCH = 200
"""Refusals in one frame and one transaction of the audit."""
TOLD_BY_NUMBER = 429
COUNTED_SECONDS = 60


class Asker:
    """What is known of who asks, filled in as the checks go on."""

    __slots__ = ("claims", "template", "tenant")

    def __init__(self) -> None:
        self.template: str | None = None
        self.tenant: UUID | None = None
        self.claims: Claims | None = None

    def is_named_by(self, claims: Claims) -> None:
        """It is whoever a token of ours was given to, in force or no longer."""
        self.claims, self.tenant = claims, claims.tenant

    @property
    def client_id(self) -> str | None:
        """The application that asks."""
        return self.claims.client_id if self.claims else None


class RefusalBuffer:
    """Refusals in order, numbered from the first ever. `clock`: Unix seconds."""

    def __init__(self, room: int = ROOM, clock: Callable[[], float] = time.time) -> None:
        self._room, self._clock = room, clock
        self._kept: deque[Refusal] = deque()
        self._alike: dict[tuple[object, ...], Refusal | None] = {}
        self._counted_until = 0.0
        self._first = 0
        self._dropped = 0
        self.arrived = asyncio.Event()

    def add(self, asker: Asker, *, status: int, method: str, request_id: str, address: str | None) -> None:
        """Keep one refusal; when there is no room it is counted instead."""
        claims, now = asker.claims, self._clock()
        refusal = Refusal(
            id=new_id(),
            at=now,
            status=status,
            method=method,
            path=asker.template or "",
            request_id=request_id,
            address=address,
            tenant=asker.tenant,
            user=claims.user if claims else None,
            post=claims.post if claims else None,
            person=claims.person if claims else None,
            client_id=asker.client_id,
        )
        if status != TOLD_BY_NUMBER or self._is_first(refusal):
            self._keep(refusal)
            self.arrived.set()

    def _is_first(self, refusal: Refusal) -> bool:
        """Of its kind in this minute; the others are counted in one that is kept when the minute is over."""
        self._keep_counted()
        kind = (refusal.tenant, refusal.user, refusal.person, refusal.client_id, refusal.address, refusal.path)
        if kind not in self._alike:
            if len(self._alike) < self._room:
                self._alike[kind] = None
            return True
        counted = self._alike[kind]
        self._alike[kind] = msgspec.structs.replace(counted, times=counted.times + 1) if counted else refusal
        return False

    def _keep_counted(self) -> None:
        now = self._clock()
        if now >= self._counted_until:
            for counted in self._alike.values():
                if counted is not None:
                    self._keep(counted)
            self._alike.clear()
            self._counted_until = now + COUNTED_SECONDS

    def _keep(self, refusal: Refusal) -> None:
        if len(self._kept) < self._room:
            self._kept.append(refusal)
        else:
            self._dropped += refusal.times

    def batch(self) -> Refusals | None:
        """What to send next; the same again until it is taken."""
        self._keep_counted()
        if not self._kept and not self._dropped:
            return None
        items = [self._kept[place] for place in range(min(BATCH, len(self._kept)))]
        return Refusals(self._first, items, self._dropped)

    def taken(self, before: int, dropped: int) -> bool:
        """The gateway recorded all numbered below `before`, and counted `dropped` drops; False when that is
        nothing new."""
        new = before > self._first or dropped > 0
        while self._first < before and self._kept:
            self._kept.popleft()
            self._first += 1
        self._dropped -= dropped
        return new
