"""Writers that keep on registering training classes, and remember what each request was answered.

The ledger is the judge after a fault: what was answered with 201 must be there once, what was refused at most once.
"""

import asyncio
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Any

import asyncpg
import httpx

from deploy.cli.configuration import running_configuration
from deploy.cli.stack.testing import RunningStack
from kernel.config import Process

WRITERS = 8
DRAIN_SECONDS = 30
"""Within which the events of an outage leave the outbox and reach their consumers (case 2)."""
PAUSE_SECONDS = 0.2
"""Between two tries of one key; the platform names a whole second, the tests have less time."""


class Ledger:
    """A load of writes while it is entered; afterwards what was answered.

    made: key (the title of the class, also its Idempotency-Key) → id answered with 201. refusals: answers of 503.
    strange: any other answer. broken: connections that ended without an answer. Keys of the last two kinds are tried
    again like the refused ones, so `made` holds every key in the end.
    """

    def __init__(self, base_url: str, token: str, unit_id: str) -> None:
        self.made: dict[str, str] = {}
        self.sent: set[str] = set()
        self.refusals: list[httpx.Response] = []
        self.strange: list[tuple[int, str]] = []
        self.broken: list[str] = []
        self.slowest = 0.0
        self._unit = unit_id
        self._stopping = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self.http = httpx.AsyncClient(
            base_url=base_url, headers={"Authorization": f"Bearer {token}"}, timeout=30, trust_env=False
        )

    async def __aenter__(self) -> "Ledger":
        self._tasks = [asyncio.create_task(self._write()) for _ in range(WRITERS)]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        try:
            await asyncio.gather(*self._tasks)
        finally:
            await self.http.aclose()

    async def more(self, count: int, seconds: float) -> None:
        """Wait until so many more classes are made; fails after that time."""
        wanted = len(self.made) + count
        await until(lambda: len(self.made) >= wanted, f"{count} more writes", seconds)

    async def _write(self) -> None:
        while not self._stopping.is_set():
            key = f"class {uuid.uuid4()}"
            self.sent.add(key)
            while not await self._try(key):
                await self._pause()

    async def _pause(self) -> None:
        try:
            async with asyncio.timeout(PAUSE_SECONDS):
                await asyncio.Event().wait()
        except TimeoutError:
            return

    async def _try(self, key: str) -> bool:
        body = {
            "title": key,
            "form": "off_job",
            "starts_at": "2024-10-09T01:00:00+00:00",
            "ends_at": "2024-10-11T10:00:00+00:00",
            "class_hours": "8",
            "organiser_unit_id": self._unit,
        }
        began = time.monotonic()
        try:
            answer = await self.http.post("/api/v1/training/sessions", json=body, headers={"Idempotency-Key": key})
        except httpx.TransportError as error:
            self.broken.append(type(error).__name__)
            return False
        finally:
            self.slowest = max(self.slowest, time.monotonic() - began)
        if answer.status_code == 201:
            self.made[key] = answer.json()["id"]
            return True
        if answer.status_code == 503:
            self.refusals.append(answer)
        else:
            self.strange.append((answer.status_code, answer.text))
        return False

    def assert_refused_properly(self) -> None:
        """Whatever was not made was refused as the contract says: 503, a problem, when to come again."""
        assert not self.strange, self.strange[:3]
        for refused in self.refusals:
            assert refused.headers["content-type"] == "application/problem+json"
            assert int(refused.headers["retry-after"]) >= 1
            assert refused.json()["type"] == "/problems/unavailable"

    async def assert_every_write_is_there_once(self, base_url: str, token: str) -> None:
        """Read all classes back: each key once, under the id that was answered."""
        assert self.sent == set(self.made)
        found = await everything(base_url, token, "/api/v1/training/sessions")
        mine = [row for row in found if row["title"] in self.sent]
        assert max(Counter(row["title"] for row in mine).values()) == 1
        assert {row["title"]: row["id"] for row in mine} == self.made


async def everything(base_url: str, token: str, path: str, **params: str) -> list[dict[str, Any]]:
    """All items of a list, page by page."""
    found: list[dict[str, Any]] = []
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=base_url, headers=headers, timeout=30, trust_env=False) as http:
        asked = {"limit": "200", **params}
        while True:
            answer = await http.get(path, params=asked)
            assert answer.status_code == 200, answer.text
            page = answer.json()
            found += page["items"]
            if page["next"] is None:
                return found
            asked["cursor"] = page["next"]


async def until(condition: Callable[[], bool], what: str, seconds: float) -> None:
    """Ask again until it holds; fails with `what` after that time."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"not within {seconds:.0f} s: {what}"
        await asyncio.sleep(0.02)


async def assert_drained(stack: RunningStack, processes: Iterable[Process]) -> None:
    """Wait until the outbox of each process is empty; nothing was set aside among the dead letters."""
    for process in processes:
        connection = await asyncpg.connect(running_configuration(stack.folder, process).relay_dsn.get_secret_value())
        try:
            end = time.monotonic() + DRAIN_SECONDS
            while left := await connection.fetchval("select count(*) from k_outbox"):
                assert time.monotonic() < end, f"{left} events wait in the outbox of {process}"
                await asyncio.sleep(0.05)
            assert not await connection.fetch("select subject, reason from k_dead_letter where replayed_at is null")
        finally:
            await connection.close()
