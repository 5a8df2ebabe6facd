"""One connected edge as the gateway sees it: its greeting, its confirmations, its lease."""

import asyncio
import hmac
from collections.abc import Callable

from gateway.edgefeed.messages import Challenge, Hello, ToEdge, ToGateway, Welcome
from gateway.edgefeed.wire import NONCE_BYTES, PROTOCOL, Channel, StreamBroken, fresh_nonce, proof


class Session:
    """State of one edge. `granted_at` is when it last was given a lease, in the feed's clock."""

    def __init__(self, channel: Channel[ToGateway], edge: str, granted_at: float) -> None:
        self.channel = channel
        self.edge = edge
        self.granted_at = granted_at
        self.confirmed = -1
        self.in_sync = False
        self.waiting: list[ToEdge] = []
        """What was published while this edge was still being sent its snapshot."""
        self._awaited: list[tuple[int, asyncio.Future[None]]] = []

    def tell(self, message: ToEdge) -> None:
        """Send a change now, or after the snapshot."""
        if self.in_sync:
            self.channel.put(message)
        else:
            self.waiting.append(message)

    def catch_up(self) -> None:
        """The snapshot is written: send what waited for it; from now on changes go out at once."""
        self.in_sync = True
        for message in self.waiting:
            self.channel.put(message)
        self.waiting.clear()

    def confirm(self, number: int) -> None:
        """The edge has put all up to `number` in force."""
        self.confirmed = max(self.confirmed, number)
        for awaited, future in self._awaited:
            if awaited <= self.confirmed and not future.done():
                future.set_result(None)
        self._awaited = [(awaited, future) for awaited, future in self._awaited if not future.done()]

    async def wait_confirmed(self, number: int, seconds: float) -> bool:
        """Whether the edge confirmed `number` within `seconds`. A broken stream does not cut the wait short:
        the edge behind it serves on until its lease has run out."""
        if self.confirmed >= number:
            return True
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._awaited.append((number, future))
        done, _ = await asyncio.wait([future], timeout=max(seconds, 0.0))
        if not done:
            future.cancel()
        return bool(done)


async def greet(
    channel: Channel[ToGateway],
    key: bytes,
    *,
    lease_seconds: float,
    beat_seconds: float,
    clock: Callable[[], float],
) -> Session:
    """Challenge the stranger and prove ourselves. Raises: `StreamBroken` when it does not hold the key."""
    nonce = fresh_nonce()
    channel.put(Challenge(nonce, PROTOCOL))
    hello = await channel.get()
    if not isinstance(hello, Hello) or len(hello.nonce) != NONCE_BYTES:
        raise StreamBroken("no greeting")
    if not hmac.compare_digest(hello.proof, proof(key, "edge", nonce, hello.nonce, hello.edge)):
        raise StreamBroken("the key was not proved")
    channel.put(Welcome(proof(key, "gateway", nonce, hello.nonce, hello.edge), lease_seconds, beat_seconds))
    channel.seal(key, "gateway", nonce, hello.nonce)
    return Session(channel, hello.edge, clock())
