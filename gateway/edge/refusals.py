"""Refusals on their way to the audit (T10): kept until the gateway says they are recorded.

While the stream is down they wait here; what does not fit is counted, and the count is reported too, so that
nothing is lost silently.
"""

import asyncio
import time
from collections import deque
from uuid import UUID

from gateway.edge.tokens import Claims
from gateway.edgefeed.messages import Refusal, Refusals
from kernel.ids import new_id

ROOM = 10_000
"""About 400 bytes each; at a hundred refusals a second that is more than a minute without the gateway."""
BATCH = 200
"""Refusals in one frame and one transaction of the audit."""


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
    """Refusals in order, numbered from the first ever."""

    def __init__(self, room: int = ROOM) -> None:
        self._room = room
        self._kept: deque[Refusal] = deque()
        self._first = 0
        self._dropped = 0
        self.arrived = asyncio.Event()

    def add(self, asker: Asker, *, status: int, method: str, request_id: str, address: str | None) -> None:
        """Keep one refusal; when there is no room it is counted instead."""
        if len(self._kept) >= self._room:
            self._dropped += 1
        else:
            self._kept.append(
                Refusal(
                    id=new_id(),
                    at=time.time(),
                    status=status,
                    method=method,
                    path=asker.template or "",
                    request_id=request_id,
                    address=address,
                    tenant=asker.tenant,
                    user=asker.claims.user if asker.claims else None,
                    post=asker.claims.post if asker.claims else None,
                    person=asker.claims.person if asker.claims else None,
                    client_id=asker.client_id,
                )
            )
        self.arrived.set()

    def batch(self) -> Refusals | None:
        """What to send next; the same again until it is taken."""
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
