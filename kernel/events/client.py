"""nats-py's client, with a way to publish whose headers are written already, and headers read line by line.

The client checks and writes headers one by one, which takes four fifths of the time of publishing an event.
"""

import asyncio
from collections.abc import Iterable
from typing import Any

from nats.aio.client import Client
from nats.errors import ConnectionClosedError
from nats.protocol.command import hpub_cmd, pub_cmd

Message = tuple[str, str, bytes]
"""Subject, header lines, body."""


class Written(dict[str, Any]):
    """Headers that are written already, for `Client.request`."""

    def __init__(self, lines: str) -> None:
        super().__init__()
        self.lines = lines


class Broker(Client):
    """A connection to NATS."""

    @staticmethod
    def _parse_header_lines(raw: bytes) -> dict[str, str]:
        """As the client's, which looks at each character of a name: a fifth of receiving an event."""
        fields = (line.partition(":") for line in raw.decode("utf-8", "replace").split("\r\n"))
        return {name: value.strip() for name, colon, value in fields if colon and len(name.split()) == 1}

    async def publish_written(self, messages: Iterable[Message]) -> None:
        """As `publish` of each without a reply. Raises when there is no connection: what is published so is part of
        something, and whoever sends it sends it again as a whole.
        """
        if not self.is_connected:
            raise ConnectionClosedError
        for subject, lines, body in messages:
            await self._send_command(_command(subject, "", lines, body))
        await self._soon()

    def knock(self, subject: str) -> None:
        """Publish nothing at all, without waiting: who hears it looks by himself. Lost while there is no connection."""
        if self.is_connected:
            self._pending.append(pub_cmd(subject, "", b""))
            self._pending_data_size += len(self._pending[-1])
            if self._flush_queue is not None and self._flush_queue.empty():
                self._flush_queue.put_nowait(asyncio.get_running_loop().create_future())

    async def _send_publish(
        self, subject: str, reply: str, payload: bytes, payload_size: int, headers: dict[str, Any] | None
    ) -> None:
        if not isinstance(headers, Written):
            await super()._send_publish(subject, reply, payload, payload_size, headers)
            return
        await self._send_command(_command(subject, reply, headers.lines, payload))
        await self._soon()

    async def _soon(self) -> None:
        if self._flush_queue is not None and self._flush_queue.empty():
            await self._flush_pending()


def _command(subject: str, reply: str, lines: str, body: bytes) -> bytes:
    command: bytes = hpub_cmd(subject, reply, f"NATS/1.0\r\n{lines}\r\n".encode(), body)
    return command
