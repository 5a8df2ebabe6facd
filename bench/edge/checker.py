"""The Python checker behind nginx `auth_request`: the least that a check of the token can be.

An `asyncio.Protocol` on httptools under uvloop around the edge's own `TokenChecker` and its memory. It decides no
permission, signs no principal, counts no rate: a hard rival on purpose.
"""

import asyncio
import json
import os
import time
from typing import cast

import httptools
import uvloop

from bench.edge.facts import CHECKER_KEY, CHECKER_PORT, ISSUER
from gateway.edge.facts import Facts
from gateway.edge.tokens import TokenChecker
from gateway.edgefeed.changes import KeySet
from kernel.errors import Unauthenticated

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


async def main() -> None:
    """Serve until killed."""
    facts = Facts([KeySet(kid="bench", jwk=json.loads(os.environ[CHECKER_KEY]))])
    tokens = TokenChecker(ISSUER, f"{ISSUER}/api")
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Checker(tokens, facts), "127.0.0.1", int(os.environ[CHECKER_PORT]))
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main())
