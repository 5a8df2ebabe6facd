"""A page of 100 rows: from the rows as read to the bytes of the answer, beside orjson on the same rows."""

import asyncio
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

import orjson
from pydantic import TypeAdapter

from bench.platform import Platform, Run
from bench.platform.lists import official
from bench.table import Outcome, Spread, Target
from kernel.context import EVERYTHING
from kernel.db.transaction import Database
from kernel.http.schema import Page
from services.roster.dossier.queries import SHOWN, shown
from services.roster.dossier.schemas import DossierSummary

LIMIT_US = 60.0
"""Target of performance.md."""
ROWS, A_SECOND = 100, 400
_ANSWER = TypeAdapter(Page[DossierSummary])
_READ = (
    f"select {', '.join('d.' + name for name in SHOWN)} from roster_dossier d"  # noqa: S608 - a constant list of columns
    " where d.tenant_id = c.x::uuid and c.x is not null order by d.unit_no, d.id limit $5"
)


def run(asked: Run) -> Outcome:
    """Views and bytes as the service makes them; views alone; bytes alone; orjson's bytes of the same columns."""
    rows = asyncio.run(_rows(asked.platform))
    page = Page[DossierSummary](items=[shown(row) for row in rows], next=None)
    plain = [{name: _known(row[name]) for name in DossierSummary.model_fields if name in row} for row in rows]
    works: dict[str, Callable[[], object]] = {
        "views and bytes, as the service makes them": lambda: _ANSWER.dump_json(
            _ANSWER.validate_python(Page[DossierSummary](items=[shown(row) for row in rows], next=None))
        ),
        "views alone": lambda: [shown(row) for row in rows],
        "bytes alone": lambda: _ANSWER.dump_json(_ANSWER.validate_python(page)),
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


def _known(value: Any) -> Any:
    # The driver's ids are of a type of its own, which orjson does not know.
    return UUID(bytes=value.bytes) if isinstance(value, UUID) else value


async def _rows(platform: Platform) -> list[dict[str, Any]]:
    database = Database.open(platform.config("roster"))
    try:
        return await database.fetch_folded(official(platform.tenant, EVERYTHING), _READ, ROWS)
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
