"""Fills tenants that stand: the communities in portions, on every core, with progress and an estimate."""

import asyncio
import multiprocessing
import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from deploy.cli.failures import Refusal
from deploy.cli.generation.filling import filler, visible
from deploy.cli.generation.histories import frames, histories
from deploy.cli.generation.tenancy import communities
from deploy.cli.generation.workers import Community, Setting
from deploy.cli.stack.children import die_with_parent
from kernel.config import ProcessConfig
from kernel.privacy.kms import FileKms, install

PORTION = 60
"""Communities written at a time: some 900 workers with 40,000 rows, about 30 MB of memory a process."""
Configs = dict[str, ProcessConfig]
Progress = Callable[[int, int, float], None]
"""Told after each portion: workers written, workers in all, seconds so far."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A tenant that is filled, and with how many workers."""

    setting: Setting
    workers: int


def fill(configs: Configs, wanted: Sequence[Wanted], told: Progress, processes: int | None = None) -> Counter[str]:
    """Fill the tenants one after another; how many rows of each table were stored.

    Raises `Refusal` where the services do not see exactly the rows that were stored.
    """
    count = processes or os.cpu_count() or 1
    began, done, total = time.monotonic(), 0, sum(one.workers for one in wanted)
    stored: Counter[str] = Counter()
    # Begun afresh, not forked: no connection and no loop of this process is carried over.
    with ProcessPoolExecutor(count, multiprocessing.get_context("spawn"), _begin, (configs, os.getpid())) as pool:
        for one in wanted:
            tenant = UUID(one.setting.tenant)
            places = asyncio.run(communities(configs["roster"], tenant, one.workers))
            mine = Counter(asyncio.run(_frames(configs, one.setting, places)))
            for portion, rows in _portions(pool, one.setting, places, 2 * count):
                mine.update(rows)
                done += sum(place.count for place in portion)
                told(done, total, time.monotonic() - began)
            asyncio.run(_finish(configs, tenant))
            seen = asyncio.run(visible(configs, tenant))
            if Counter(seen) != mine:
                odd = sorted(table for table in seen if seen[table] != mine[table])
                raise Refusal(f"The services see other rows than were stored: {', '.join(odd)}", "fill a fresh tenant")
            stored.update(mine)
    return stored


def _portions(
    pool: ProcessPoolExecutor, setting: Setting, places: Sequence[Community], ahead: int
) -> Iterator[tuple[Sequence[Community], Counter[str]]]:
    waiting: dict[Future[Counter[str]], Sequence[Community]] = {}
    parts = iter([places[at : at + PORTION] for at in range(0, len(places), PORTION)])
    while True:
        # Only so many at a time, or all portions of a nation would lie in the queue.
        while len(waiting) < ahead and (part := next(parts, None)) is not None:
            waiting[pool.submit(_portion, setting, part)] = part
        if not waiting:
            return
        for future in wait(waiting, return_when=FIRST_COMPLETED).done:
            yield waiting.pop(future), future.result()


class _Hand:
    """What one process of the pool keeps from portion to portion: its loop, its connections, the tenants' keys."""

    def __init__(self, configs: Configs) -> None:
        self._runner = asyncio.Runner()
        self._kms = FileKms(Path(configs["roster"].kms_file))
        install(self._kms)
        self._open = AsyncExitStack()
        self._into = self._runner.run(self._open.enter_async_context(filler(configs)))

    def write(self, setting: Setting, places: Sequence[Community]) -> Counter[str]:
        """Make and store one portion."""
        return Counter(self._runner.run(self._write(setting, places)))

    async def _write(self, setting: Setting, places: Sequence[Community]) -> dict[str, int]:
        made = await histories(setting, places, self._kms)
        return await self._into.store(UUID(setting.tenant), made)


_hand: list[_Hand] = []


def _begin(configs: Configs, parent: int) -> None:
    die_with_parent(parent, signal.SIGKILL)  # a pool's process does not notice that nobody gives it work any more
    _hand[:] = [_Hand(configs)]


def _portion(setting: Setting, places: Sequence[Community]) -> Counter[str]:
    return _hand[0].write(setting, places)


async def _frames(configs: Configs, setting: Setting, places: Sequence[Community]) -> dict[str, int]:
    async with filler(configs) as into:
        return await into.store(UUID(setting.tenant), frames(setting, places))


async def _finish(configs: Configs, tenant: UUID) -> None:
    async with filler(configs) as into:
        await into.finish(tenant)
