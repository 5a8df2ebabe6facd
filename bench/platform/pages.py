"""A page of 100 rows: from the rows as read to the bytes of the answer, beside orjson on the same rows."""

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import orjson
from pydantic import TypeAdapter

from bench.platform import Platform, Run
from bench.platform.lists import official
from bench.table import Outcome, Spread, Target
from kernel.context import EVERYTHING
from kernel.db.transaction import Database
from kernel.http.paging import Paging
from kernel.http.schema import Page
from services.roster.dossier.queries import LINES
from services.roster.dossier.schemas import DossierSummary

LIMIT_US = 60.0
"""Target of performance.md."""
ROWS, A_SECOND = 100, 400
_ANSWER = TypeAdapter(Page[DossierSummary])


def run(asked: Run) -> Outcome:
    """Bytes as the service makes them of the rows; the same through views; orjson's bytes of the same columns."""
    rows = asyncio.run(_rows(asked.platform))
    paging = Paging(ROWS, None, b"bench", b"")
    plain = [row._asdict() for row in rows]
    works: dict[str, Callable[[], object]] = {
        "bytes, as the service makes them": lambda: LINES.page(paging, rows, lambda row: (row.unit_no, row.id)).body,
        "views, checked, and their bytes": lambda: _ANSWER.dump_json(
            _ANSWER.validate_python(
                Page[DossierSummary](items=[DossierSummary(**row._asdict()) for row in rows], next=None)
            )
        ),
        "orjson, of the same rows": lambda: orjson.dumps(plain),
    }
    took: dict[str, list[float]] = {name: [] for name in works}
    for number in range(-1, asked.rounds):
        for name, work in works.items():
            found = _microseconds(work, max(20, round(asked.seconds * A_SECOND)))
            if number >= 0:
                took[name].append(found)
    outcome = Outcome("pages", ("µs",), facts={"rows": len(rows)})
    outcome.rows = [(name, [Spread.of(found)]) for name, found in took.items()]
    ours, limit = (Spread.of(took[name]) for name in (next(iter(works)), "orjson, of the same rows"))
    what = f"page of {ROWS} rows, from rows to bytes, µs (the limit is orjson's)"
    outcome.targets = [Target(what, ours, LIMIT_US, at_most=True)]
    outcome.facts["orjson, µs"] = limit.median
    return outcome


async def _rows(platform: Platform) -> Sequence[Any]:
    database = Database.open(platform.config("roster"))
    try:
        async with database.transaction(official(platform.tenant, EVERYTHING)) as tx:
            found = await tx.session.execute(LINES.select().order_by(*LINES.columns[:2]).limit(ROWS), {"day": date.max})
            return list(found.all())
    finally:
        await database.close()


def _microseconds(work: Callable[[], object], count: int) -> float:
    """Of the fastest tenth: what else runs on the machine only makes it longer."""
    times = []
    for _ in range(count):
        begun = time.perf_counter()
        work()
        times.append((time.perf_counter() - begun) * 1e6)
    times.sort()
    return times[len(times) // 10]
