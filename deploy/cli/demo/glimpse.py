"""A glimpse of an answer without an end: a stream of events is read up to its first blank line, and left.

Known by the media type that its operation declares (`text/event-stream`), whichever operation it is; so whoever walks
all operations of the API document hangs at none of them.
"""

import time
from collections.abc import Iterable

import httpx

ENDLESS = "text/event-stream"
SECONDS = 10.0


def first_event(parts: Iterable[bytes]) -> bytes:
    """What comes up to the first blank line and no more. Raises `TimeoutError` where it does not come."""
    read, deadline = b"", time.monotonic() + SECONDS
    for part in parts:
        read += part
        if b"\n\n" in read:
            break
        if time.monotonic() > deadline:
            raise TimeoutError(f"no event within {SECONDS:.0f} s")
    return read.partition(b"\n\n")[0] + b"\n\n"


class Glimpsing(httpx.BaseTransport):
    """Hands over every answer as it is, but of a stream of events the first."""

    def __init__(self, within: httpx.BaseTransport) -> None:
        self._within = within

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Ask; read a stream's first event and hang up."""
        answer = self._within.handle_request(request)
        if answer.headers.get("content-type") != ENDLESS:
            return answer
        try:
            seen = first_event(answer.stream) if isinstance(answer.stream, httpx.SyncByteStream) else b""
        finally:
            answer.close()
        return httpx.Response(answer.status_code, headers=answer.headers, stream=httpx.ByteStream(seen))

    def close(self) -> None:
        """Close the connections."""
        self._within.close()
