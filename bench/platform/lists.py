"""Lists of 50 rows in the database, at five widths of scope: how long the services' own statements take there.

`asked` notes what a service sends while it reads a page; `explained` has the database tell of the same statements, as
sent, how it reads them and how long it plans, reads and writes the answer. That is what is measured: what a process
waits for its turn is the machine's. A list is as slow as the slower of its first page and the one after it.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import event, text
from starlette.responses import Response

from bench.platform import Run, big
from bench.table import Outcome, Spread, Target
from kernel.approvals.embed import queries as cases
from kernel.clock import utcnow
from kernel.config import Process, ProcessConfig
from kernel.context import EVERYTHING, Actor, Context, Scope, TenantId
from kernel.db.driver import driver_connection
from kernel.db.transaction import Database, Transaction
from kernel.http.paging import Paging, open_cursor
from kernel.ids import new_id
from kernel.privacy import kms
from services.assessment.cycle import queries as cycles
from services.assessment.participant import queries as participants
from services.assessment.probation import queries as probations
from services.recruitment.application import queries as applications
from services.recruitment.hire import queries as hires
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
MEASURED = "analyze, timing off, serialize binary, format json"
KEY = b"bench"
Reading = Callable[[Transaction, Paging], Awaitable[Response]]
Lists = Mapping[str, tuple[Process, Reading]]
LISTS: Lists = {
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
    "applications, newest first": ("recruitment", applications.page),
    "hires, newest first": ("recruitment", lambda tx, page: hires.page(tx, page)),
}
"""The long lists of the services."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A statement as it went to the database."""

    text: str
    values: Sequence[Any]


@contextmanager
def asked(database: Database) -> Iterator[list[Sent]]:
    """Note every statement that reads rows."""
    engine, noted = database.engine.sync_engine, list[Sent]()

    def note(_: Any, __: Any, statement: str, values: Sequence[Any], *___: Any) -> None:
        if "FROM " in statement:
            noted.append(Sent(statement, values))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield noted
    finally:
        event.remove(engine, "before_cursor_execute", note)


def official(tenant: UUID, scope: Scope) -> Context:
    """Somebody who sees the units of this scope."""
    office = Actor("official", department_kind="society_work", level="region", duty="handler")
    actor = replace(office, user=new_id(), post=new_id(), unit_no=scope.lo)
    return Context(TenantId(tenant), scope, actor, utcnow(), "")


async def statements(database: Database, context: Context, reading: Reading) -> list[list[Sent]]:
    """What is sent for the first page, and for the one after it where there is one.

    The list was read before: what it asks once and remembers is not among them.
    """
    pages: list[list[Sent]] = []
    async with database.transaction(context) as tx:
        await reading(tx, Paging(PAGE, None, KEY, b""))
    paging: Paging | None = Paging(PAGE, None, KEY, b"")
    while paging is not None and len(pages) < 2:
        with asked(database) as noted:
            async with database.transaction(context) as tx:
                following = json.loads(bytes((await reading(tx, paging)).body))["next"]
        pages.append(noted)
        paging = Paging(PAGE, open_cursor(following, KEY, b""), KEY, b"") if following else None
    return pages


async def plans(database: Database, context: Context, sent: Sequence[Sent], *, before: str = "") -> list[Any]:
    """The plan of each statement; `before`: what is set first."""
    return [told["Plan"] for told in await explained(database, context, sent, before=before)]


async def took(database: Database, context: Context, sent: Sequence[Sent]) -> float:
    """Milliseconds that the database needs for the statements."""
    told = await explained(database, context, sent, MEASURED)
    return float(sum(each["Planning Time"] + each["Execution Time"] for each in told))


async def explained(
    database: Database, context: Context, sent: Sequence[Sent], how: str = "format json", before: str = ""
) -> list[Any]:
    """What the database tells of each statement under the same walls."""
    async with database.transaction(context) as tx:
        # A statement of the session's own first: it begins the transaction, and puts up the walls.
        await tx.session.execute(text("select 1"))
        driver = await driver_connection(await tx.session.connection())
        if before:
            await driver.execute(before)
        found = [await driver.fetchval(f"explain ({how}) {one.text}", *one.values) for one in sent]
        return [told[0] for told in found]


def nodes(plan: Any) -> Iterator[Any]:
    """A plan's nodes."""
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes(part)


def unordered(plan: Any) -> list[str]:
    """The nodes of a plan that read more of a table than the page: whole tables, bitmaps, sorts."""
    bad = {"Seq Scan", "Bitmap Heap Scan", "Sort", "Incremental Sort", "Hash Join"}
    return [node["Node Type"] for node in nodes(plan) if node["Node Type"] in bad and not _of_keys(node)]


def _of_keys(node: Any) -> bool:
    """Whether what is below it is read from an index alone, or by the keys that were found so."""
    scans = [each for each in nodes(node) if "Relation Name" in each]
    return all(
        each["Node Type"] == "Index Only Scan" or "= ANY ((InitPlan" in each.get("Index Cond", "") for each in scans
    )


def run(asked_: Run) -> Outcome:
    """Every list at every width, turn about."""
    if asked_.big:
        size = big.Size()
        with big.filled(size) as (stack, tenant):
            lists = {name: LISTS[name] for name in big.INTO}
            return asyncio.run(_run(asked_, lists, stack.config, tenant, size.widths()))
    platform = asked_.platform
    widths = asyncio.run(_widths(platform.config("roster"), platform.tenant))
    return asyncio.run(_run(asked_, LISTS, platform.config, platform.tenant, widths))


async def _run(
    asked_: Run, lists: Lists, config: Callable[[Process], ProcessConfig], tenant: UUID, widths: Mapping[str, Scope]
) -> Outcome:
    kms.install(kms.FileKms(Path(config("roster").kms_file)))
    databases = {process: Database.open(config(process)) for process, _ in lists.values()}
    try:
        times: dict[tuple[str, str], list[float]] = {}
        odd = []
        for number in range(-1, asked_.rounds):
            for name, (process, reading) in lists.items():
                for width, scope in widths.items():
                    database, context = databases[process], official(tenant, scope)
                    pages = await statements(database, context, reading)
                    # What else runs on the machine only makes it longer.
                    tries = range(max(2, round(asked_.seconds * A_SECOND)))
                    fastest = [min([await took(database, context, sent) for _ in tries]) for sent in pages]
                    if number >= 0:
                        times.setdefault((name, width), []).append(max(fastest))
                        continue
                    for plan in await plans(database, context, [one for sent in pages for one in sent]):
                        odd += [f"{name}, {width}: {each}" for each in unordered(plan)]
    finally:
        for database in databases.values():
            await database.close()
    return _outcome(times, lists, widths, odd)


def _outcome(
    times: Mapping[tuple[str, str], list[float]], lists: Lists, widths: Mapping[str, Scope], odd: list[str]
) -> Outcome:
    outcome = Outcome("lists", [f"{width}, ms" for width in widths], facts={"unordered": odd})
    for name in lists:
        outcome.rows.append((name, [Spread.of(times[name, width]) for width in widths]))
    rounds = range(len(next(iter(times.values()))))
    worst = [max(found[at] for found in times.values()) for at in rounds]
    levels = [width for width in widths if width not in big.BETWEEN]
    wide = [[[times[name, width][at] for width in levels] for name in lists] for at in rounds]
    ratios = [max(max(each) / min(each) for each in all_) for all_ in wide]
    outcome.targets = [
        Target("list of 50 in the database, slowest list and width, ms", Spread.of(worst), LIMIT_MS, at_most=True),
        Target("list of 50, slowest level to fastest, worst list", Spread.of(ratios), WORST, at_most=True),
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
