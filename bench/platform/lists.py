"""Lists of 50 rows in the database, at five widths of scope: how long the services' own statements take there.

`asked` notes what a service sends while it reads a page; `plans` has the same statements explained, as sent.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import event, text

from bench.platform import Platform, Run
from bench.table import Outcome, Spread, Target
from kernel.approvals.embed import queries as cases
from kernel.clock import utcnow
from kernel.config import Process, ProcessConfig
from kernel.context import EVERYTHING, Actor, Context, Scope, TenantId
from kernel.db.driver import driver_connection
from kernel.db.transaction import Database, Transaction
from kernel.http.paging import Paging
from kernel.ids import new_id
from kernel.privacy import kms
from services.assessment.cycle import queries as cycles
from services.assessment.participant import queries as participants
from services.assessment.probation import queries as probations
from services.roster.appointment import queries as posts
from services.roster.contract import queries as contracts
from services.roster.dossier import queries as dossiers
from services.roster.leave import queries as leave
from services.training.hours import queries as hours
from services.training.need import queries as needs

LIMIT_MS, WORST = 1.0, 3.0
"""Targets of performance.md: of one page, and of the slowest width to the fastest."""
PAGE = 50
A_SECOND = 7
"""Readings of every list at every width in a second of a round; the fastest of them counts."""
Reading = Callable[[Transaction, Paging], Awaitable[object]]
LISTS: Mapping[str, tuple[Process, Reading]] = {
    "dossiers": ("roster", lambda tx, page: dossiers.page(tx, page, on=None, category=None, state=None)),
    "posts": ("roster", lambda tx, page: posts.page(tx, page, on=None, community_unit_id=None, role=None)),
    "contracts": ("roster", lambda tx, page: contracts.page(tx, page, dossier_id=None, state=None)),
    "leave": ("roster", lambda tx, page: leave.page(tx, page, dossier_id=None, state=None, on=None)),
    "results": (
        "assessment",
        lambda tx, page: cycles.result_page(tx, page, cycle_id=None, person_id=None, state=None),
    ),
    "posts assessed": ("assessment", lambda tx, page: participants.page(tx, page, on=None)),
    "hours": ("training", lambda tx, page: hours.page(tx, page, person_id=None)),
    "needs": ("training", lambda tx, page: needs.page(tx, page, person_id=None, state=None)),
    "probations, by day": ("assessment", lambda tx, page: probations.page(tx, page, None)),
    "cases, newest first": (
        "recruitment",
        lambda tx, page: cases.cases(tx, page, state=None, mine=False, unstaffed=False, subject_id=None),
    ),
}
"""The long lists of the services."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A statement as it went to the database, and how long its answer took (ms)."""

    text: str
    values: Sequence[Any]
    took: float


@contextmanager
def asked(database: Database) -> Iterator[list[Sent]]:
    """Note every statement that reads rows."""
    engine, noted, begun = database.engine.sync_engine, list[Sent](), [0.0]

    def before(*_: Any) -> None:
        begun[0] = time.perf_counter()

    def after(_: Any, __: Any, statement: str, values: Sequence[Any], *___: Any) -> None:
        if "FROM " in statement:
            noted.append(Sent(statement, values, (time.perf_counter() - begun[0]) * 1000))

    event.listen(engine, "before_cursor_execute", before)
    event.listen(engine, "after_cursor_execute", after)
    try:
        yield noted
    finally:
        event.remove(engine, "before_cursor_execute", before)
        event.remove(engine, "after_cursor_execute", after)


def official(tenant: UUID, scope: Scope) -> Context:
    """Somebody who sees the units of this scope."""
    actor = Actor("official", user=new_id(), post=new_id(), unit_no=scope.lo)
    return Context(TenantId(tenant), scope, actor, utcnow(), "")


async def statements(database: Database, context: Context, reading: Reading) -> list[Sent]:
    """What one page costs the database."""
    with asked(database) as noted:
        async with database.transaction(context) as tx:
            await reading(tx, Paging(PAGE, None, b"bench", b""))
    return noted


async def plans(database: Database, context: Context, sent: Sequence[Sent], *, before: str = "") -> list[Any]:
    """The plan of each statement under the same walls; `before`: what is set first."""
    async with database.transaction(context) as tx:
        # A statement of the session's own first: it begins the transaction, and puts up the walls.
        await tx.session.execute(text("select 1"))
        driver = await driver_connection(await tx.session.connection())
        if before:
            await driver.execute(before)
        found = [await driver.fetchval(f"explain (format json) {one.text}", *one.values) for one in sent]
        return [plan[0]["Plan"] for plan in found]


def nodes(plan: Any) -> Iterator[Any]:
    """A plan's nodes."""
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes(part)


def unordered(plan: Any) -> list[str]:
    """The nodes of a plan that read more of a table than the page: whole tables, bitmaps, sorts."""
    bad = {"Seq Scan", "Bitmap Heap Scan", "Sort", "Incremental Sort", "Hash Join"}
    return [node["Node Type"] for node in nodes(plan) if node["Node Type"] in bad]


def run(asked_: Run) -> Outcome:
    """Every list at every width, turn about."""
    return asyncio.run(_run(asked_, asked_.platform))


async def _run(asked_: Run, platform: Platform) -> Outcome:
    kms.install(kms.FileKms(Path(platform.config("roster").kms_file)))
    databases = {process: Database.open(platform.config(process)) for process, _ in LISTS.values()}
    try:
        widths = await _widths(platform.config("roster"), platform.tenant)
        took: dict[tuple[str, str], list[float]] = {(name, width): [] for name in LISTS for width in widths}
        for number in range(-1, asked_.rounds):
            for (name, width), found in took.items():
                process, reading = LISTS[name]
                context = official(platform.tenant, widths[width])
                times = []
                for _ in range(max(2, round(asked_.seconds * A_SECOND))):
                    sent = await statements(databases[process], context, reading)
                    times.append(sum(one.took for one in sent))
                if number >= 0:
                    found.append(min(times))  # what else runs on the machine only makes it longer
        odd = []
        for name, width in took:
            process, reading = LISTS[name]
            context = official(platform.tenant, widths[width])
            sent = await statements(databases[process], context, reading)
            for plan in await plans(databases[process], context, sent):
                odd += [f"{name}, {width}: {each}" for each in unordered(plan)]
    finally:
        for database in databases.values():
            await database.close()
    return _outcome(took, widths, odd)


def _outcome(took: Mapping[tuple[str, str], list[float]], widths: Mapping[str, Scope], odd: list[str]) -> Outcome:
    outcome = Outcome("lists", [f"{width}, ms" for width in widths], facts={"unordered": odd})
    for name in LISTS:
        outcome.rows.append((name, [Spread.of(took[name, width]) for width in widths]))
    rounds = range(len(next(iter(took.values()))))
    worst = [max(times[at] for times in took.values()) for at in rounds]
    wide = [[[took[name, width][at] for width in widths] for name in LISTS] for at in rounds]
    ratios = [max(max(times) / min(times) for times in lists) for lists in wide]
    outcome.targets = [
        Target("list of 50 in the database, slowest list and width, ms", Spread.of(worst), LIMIT_MS, at_most=True),
        Target("list of 50, slowest width to fastest, worst list", Spread.of(ratios), WORST, at_most=True),
    ]
    return outcome


async def _widths(config: ProcessConfig, tenant: UUID) -> dict[str, Scope]:
    """A scope of each level, in the middle of the tree."""
    database = Database.open(config)
    try:
        found = await database.fetch_folded(
            official(tenant, EVERYTHING),
            "select distinct on (u.level) u.level, u.unit_no, u.last_no, count(d.id) as rows"
            " from k_org_unit u join roster_dossier d on d.tenant_id = u.tenant_id"
            " and d.unit_no between u.unit_no and u.last_no"
            " where u.tenant_id = $5 and d.tenant_id = $5 and c.x is not null"
            " group by u.level, u.id, u.unit_no, u.last_no order by u.level, rows desc",
            tenant,
        )
    finally:
        await database.close()
    found.sort(key=lambda row: -int(row["rows"]))
    return {f"{row['level']} ({row['rows']:,})": Scope(int(row["unit_no"]), int(row["last_no"])) for row in found}
