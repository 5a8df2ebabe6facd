"""nats-py's client, with a way to publish whose headers are written already, and headers read line by line.

The client checks and writes headers one by one, which takes four fifths of the time of publishing an event.
"""

from collections.abc import Mapping

from nats.aio.client import Client
from nats.errors import ConnectionClosedError
from nats.protocol.command import hpub_cmd

VERSION = b"NATS/1.0\r\n"
END = b"\r\n"


def header_lines(headers: Mapping[str, str]) -> bytes:
    """Headers as they stand in a message. Raises `ValueError` where one would end its line early."""
    lines = "".join([f"{name}: {value}\r\n" for name, value in headers.items()])
    if lines.count("\r") + lines.count("\n") != 2 * len(headers):
        raise ValueError("a line break within a header")
    return lines.encode()


class Broker(Client):
    """A connection to NATS."""

    @staticmethod
    def _parse_header_lines(raw: bytes) -> dict[str, str]:
        """As the client's, which looks at each character of a name: a fifth of receiving an event."""
        fields = (line.partition(":") for line in raw.decode("utf-8", "replace").split("\r\n"))
        return {name: value.strip() for name, colon, value in fields if colon and len(name.split()) == 1}

    async def publish_written(self, subject: str, lines: bytes, body: bytes) -> None:
        """As `publish` without a reply; `lines` are from `header_lines`. Raises when there is no connection: what is
        published so is part of something, and whoever sends it sends it again as a whole.
        """
        if not self.is_connected:
            raise ConnectionClosedError
        await self._send_command(hpub_cmd(subject, "", VERSION + lines + END, body))
        if self._flush_queue is not None and self._flush_queue.empty():
            await self._flush_pending()
