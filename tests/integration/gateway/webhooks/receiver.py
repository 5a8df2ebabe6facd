"""A front-end app that receives webhooks, and checks each as the standard asks."""

import asyncio
import base64
import contextlib
import hashlib
import hmac
import json
import ssl
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any


def verified(secret: str, headers: dict[str, str], body: bytes) -> bool:
    """Whether the message is of who holds the secret, and of now."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    if abs(time.time() - int(headers["webhook-timestamp"])) > 300:
        return False
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    right = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    return any(hmac.compare_digest(each.removeprefix("v1,"), right) for each in headers["webhook-signature"].split(" "))


@dataclass
class Receiver:
    """What came, and what is answered: `answer` is the bytes behind the status line."""

    status: int = 200
    answer: bytes = b"content-length: 0\r\n\r\n"
    came: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    hold: asyncio.Event | None = None
    port: int = 0
    taken: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}/hooks"

    def said(self) -> list[dict[str, Any]]:
        """The messages."""
        return [json.loads(body) for _, body in self.came]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request."""
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            headers = {
                name.lower(): value for name, value in (line.split(": ", 1) for line in head.splitlines()[1:] if line)
            }
            body = await reader.readexactly(int(headers["content-length"]))
            self.came.append((headers | {"": head.splitlines()[0]}, body))
            self.taken.set()
            if self.hold is not None:
                await self.hold.wait()
            writer.write(b"HTTP/1.1 %d \r\n" % self.status + self.answer)
            await writer.drain()
        writer.close()


@contextlib.asynccontextmanager
async def receiving(tls: ssl.SSLContext | None = None) -> AsyncIterator[Receiver]:
    """A receiver on this machine."""
    made = Receiver()
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0, ssl=tls)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()
