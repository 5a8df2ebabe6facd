"""A TCP proxy between a process and PostgreSQL or NATS, to cut, freeze and slow the line at a chosen moment.

async with Proxy.to("127.0.0.1", 5432) as proxy:
    dsn = proxy.through(dsn)
    proxy.cut_at(b"COMMIT")             # the statement never arrives
    proxy.cut_at(b"COMMIT", after=True) # it arrives, its answer does not (a marker lies within one piece)
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable
from urllib.parse import urlsplit, urlunsplit

CHUNK = 64 * 1024


class Proxy:
    """One listening port in front of one server. Orders hold for all lines, open or new."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._lines: set[asyncio.Task[None]] = set()
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._marker: bytes | None = None
        self._after = False
        self.refusing = False  # new lines are closed at once, as by a server that is down
        self.delay_seconds = 0.0  # how long each piece waits, in either direction
        self.cuts = self.port = 0  # how often a marker was seen and its line cut; where it listens

    @classmethod
    @contextlib.asynccontextmanager
    async def to(cls, host: str, port: int) -> AsyncIterator["Proxy"]:
        """A proxy to that server on a free port of loopback, until the block ends."""
        proxy = cls(host, port)
        server = await asyncio.start_server(proxy._accept, "127.0.0.1", 0)
        proxy.port = server.sockets[0].getsockname()[1]
        try:
            yield proxy
        finally:
            server.close()
            await proxy.cut()

    def through(self, url: str) -> str:
        """The same URL, but by way of this proxy."""
        parts = urlsplit(url)
        login = f"{parts.netloc.rpartition('@')[0]}@" if "@" in parts.netloc else ""
        return urlunsplit(parts._replace(netloc=f"{login}127.0.0.1:{self.port}"))

    def cut_at(self, marker: bytes, *, after: bool = False) -> None:
        """Cut the next line on which the client sends `marker`: before it arrives, or after, before the answer."""
        self._marker, self._after = marker, after

    async def cut(self) -> None:
        """Cut every open line now."""
        await _end(self._lines)

    def freeze(self) -> None:
        """Let nothing pass, keep the lines open: a half-open connection."""
        self._flowing.clear()

    def thaw(self) -> None:
        """Let it pass again."""
        self._flowing.set()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = asyncio.current_task()
        assert line is not None  # noqa: S101 - a server's callback runs in a task
        self._lines.add(line)
        writers, ways = [writer], list[asyncio.Task[None]]()
        try:
            if self.refusing:
                return
            there, back = await asyncio.open_connection(*self._target)
            writers.append(back)
            lost = asyncio.Event()
            both = self._send(reader, back, lost), self._answer(there, writer, lost)
            ways = [asyncio.create_task(way) for way in both]
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        except (OSError, asyncio.CancelledError):
            # Cut, or the server is down: either way the line simply ends.
            pass
        finally:
            self._lines.discard(line)
            for one in writers:
                one.transport.abort()
            await _end(ways)

    async def _send(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, lost: asyncio.Event) -> None:
        while piece := await self._next(reader):
            if self._marker is not None and self._marker in piece:
                self._marker = None
                self.cuts += 1
                if not self._after:
                    return
                # The cut follows when the answer comes, so that the server has surely done it.
                lost.set()
            writer.write(piece)
            await writer.drain()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, lost: asyncio.Event) -> None:
        while piece := await self._next(reader):
            if lost.is_set():
                return
            writer.write(piece)
            await writer.drain()

    async def _next(self, reader: asyncio.StreamReader) -> bytes:
        piece = await reader.read(CHUNK)
        if self.delay_seconds:
            await asyncio.sleep(self.delay_seconds)
        await self._flowing.wait()
        return piece


async def _end(tasks: Iterable[asyncio.Task[None]]) -> None:
    several = list(tasks)
    for task in several:
        task.cancel()
    await asyncio.gather(*several, return_exceptions=True)
