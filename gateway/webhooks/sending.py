"""One try of one delivery: a POST to an address that was looked up, judged and then connected to, with no step between.

The name is resolved once; every address it has must be let out, and the connection goes to the one that was judged, so
that a name which answers otherwise a moment later leads nowhere else. Redirects are not followed, no proxy is asked.
"""

import asyncio
import functools
import socket
import ssl
import time
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import httpx

from gateway.webhooks import rules
from gateway.webhooks.actions import Outgoing

SECONDS = 10.0
"""For the whole try: name, connection, answer."""
READ_BYTES = 4_096
"""Of the answer; nothing of it is kept but its status."""
_LOOKUPS = ThreadPoolExecutor(8, thread_name_prefix="webhook-names")
"""Of their own: a look-up cannot be broken off, and names that never answer must not hold up other work."""
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Came:
    """What a try came to. `cause`: None where the receiver took it (2xx)."""

    status: int | None
    cause: str | None


async def resolve(host: str, port: int) -> Sequence[str]:
    """Every address of a name."""
    asked = functools.partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    found = await asyncio.get_running_loop().run_in_executor(_LOOKUPS, asked)
    return [str(each[4][0]) for each in found]


class Poster:
    """Sends deliveries. allowed: networks beside the public ones, which the operator names."""

    def __init__(
        self,
        *,
        allowed: Sequence[rules.Network] = (),
        development: bool = False,
        resolve: Resolve = resolve,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._allowed, self._development, self._resolve = allowed, development, resolve
        self._tls = tls or ssl.create_default_context()

    async def post(self, out: Outgoing) -> Came:
        """Send it; whatever comes in the way is told, not raised."""
        try:
            async with asyncio.timeout(SECONDS):
                return await self._post(out)
        except TimeoutError:
            return Came(None, "timeout")
        except (socket.gaierror, UnicodeError):
            return Came(None, "name not found")
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            return Came(None, type(error).__name__)

    async def _post(self, out: Outgoing) -> Came:
        if rules.url_fault(out.url, development=self._development) is not None:
            return Came(None, "address not allowed")
        parts, host, port = rules.target_of(out.url)
        loopback = self._development and rules.is_loopback_name(host)
        addresses = await self._resolve(host, port)
        if not addresses or not all(
            rules.may_connect(each, allowed=self._allowed, loopback=loopback) for each in addresses
        ):
            return Came(None, "address not allowed")
        target = httpx.URL(
            scheme=parts.scheme,
            host=addresses[0],
            port=port,
            path=parts.path or "/",
            query=parts.query.encode() if parts.query else None,
        )
        stamp = int(time.time())
        headers = {
            "Host": parts.netloc,
            "Content-Type": "application/json",
            "User-Agent": "shegong-webhooks/1",
            "webhook-id": str(out.event_id),
            "webhook-timestamp": str(stamp),
            "webhook-signature": rules.signature(out.secrets, str(out.event_id), stamp, out.body),
        }
        # A client of its own for each try: no connection is kept that was judged for another name. The certificate is
        # that of the name, though the connection is made to the address.
        async with (
            httpx.AsyncClient(verify=self._tls, trust_env=False, timeout=SECONDS) as client,
            client.stream(
                "POST", target, content=out.body.encode(), headers=headers, extensions={"sni_hostname": host}
            ) as answer,
        ):
            read = 0
            async for part in answer.aiter_raw():
                read += len(part)
                if read > READ_BYTES:
                    break
            return Came(answer.status_code, None if answer.is_success else f"status {answer.status_code}")
