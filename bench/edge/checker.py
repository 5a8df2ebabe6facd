"""The Python behind nginx `auth_request`: the least that a check of the token can be, or all that the edge checks.

`Checker` is an `asyncio.Protocol` on httptools under uvloop around the edge's own `TokenChecker` and its memory. It
decides no permission, signs no principal, counts no rate: a hard rival on purpose. `Guard` does what a gateway of this
platform built on `auth_request` would have to do, by the edge's own functions.
"""

import asyncio
import json
import os
import time
from collections.abc import Callable
from functools import partial
from typing import cast

import httptools
import uvloop

from bench.edge.facts import CHECKER_KEY, CHECKER_PORT, CHECKS_ALL, ISSUER, SERVICES, UNREACHED, changes
from gateway.edge.admission import admit, methods_at
from gateway.edge.facts import Facts
from gateway.edge.fields import FieldBlock
from gateway.edge.inbound import Inbound
from gateway.edge.principals import Signer
from gateway.edge.rate import Limiter, Rate
from gateway.edge.refusals import Asker
from gateway.edge.tokens import TokenChecker
from gateway.edge.trace import continued, request_id
from gateway.edgefeed.changes import KeySet
from kernel.errors import Problem, Unauthenticated

_GOOD, _BAD = b"HTTP/1.1 204 No Content\r\n\r\n", b"HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n"


class Checker(asyncio.Protocol):
    """One connection of nginx."""

    def __init__(self, tokens: TokenChecker, facts: Facts) -> None:
        self._tokens, self._facts = tokens, facts
        self._parser = httptools.HttpRequestParser(self)
        self._authorization = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It stands."""
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """Requests without bodies."""
        self._parser.feed_data(data)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Only one matters."""
        if name.lower() == b"authorization":
            self._authorization = value

    def on_message_complete(self) -> None:
        """Answer 204 or 401."""
        try:
            self._tokens.check(self._authorization[7:], self._facts, time.time())
        except Unauthenticated:
            self._transport.write(_BAD)
        else:
            self._transport.write(_GOOD)


class Guard(asyncio.Protocol):
    """One connection of nginx: token, post, permission, rate, signed principal, trace."""

    def __init__(self, tokens: TokenChecker, facts: Facts, limiter: Limiter, signer: Signer) -> None:
        self._tokens, self._facts, self._limiter, self._signer = tokens, facts, limiter, signer
        self._last: FieldBlock | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It stands."""
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """One request without a body; nginx sends its head in one piece."""
        _, _, raw = data[:-4].partition(b"\r\n")
        fields = self._last = self._last if self._last is not None and self._last.raw == raw else FieldBlock(raw)
        told = dict(fields.headers)
        request = Inbound("127.0.0.1")
        try:
            request.take(told[b"x-method"] + b" " + told[b"x-target"] + b" HTTP/1.1\r\n" + raw, fields)
            now = time.time()
            methods = methods_at(request, self._facts)
            admission = admit(request, methods, self._facts, self._tokens, now, Asker())
            verdict = self._limiter.take(admission.rate_key, time.monotonic())
        except Problem:
            self._transport.write(_BAD)
            return
        if admission.caller is None:
            self._transport.write(_BAD)
            return
        traceparent, _ = continued(None)
        lines = [
            b"HTTP/1.1 204 No Content",
            self._signer.line(request, admission, admission.caller, now, request_id(), traceparent),
            b"traceparent: " + traceparent.encode(),
            self._limiter.lines(verdict) + b"\r\n",
        ]
        self._transport.write(b"\r\n".join(lines))


async def main() -> None:
    """Serve until killed."""
    public = json.loads(os.environ[CHECKER_KEY])
    tokens = TokenChecker(ISSUER, f"{ISSUER}/api")
    if CHECKS_ALL in os.environ:
        facts = Facts(changes(public))
        limiter, signer = Limiter(Rate("client", UNREACHED, UNREACHED)), Signer(dict.fromkeys(SERVICES, "aa" * 32))
        protocol: Callable[[], asyncio.Protocol] = partial(Guard, tokens, facts, limiter, signer)
    else:
        protocol = partial(Checker, tokens, Facts([KeySet(kid="bench", jwk=public)]))
    loop = asyncio.get_running_loop()
    server = await loop.create_server(protocol, "127.0.0.1", int(os.environ[CHECKER_PORT]))
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main())
