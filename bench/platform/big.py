"""One tenant of the nation's largest size, with just the rows of three lists that have an order of their own.

The database makes the rows by itself, so that it takes a minute: no history stands behind them, and keys of other
tables are not checked (`session_replication_role`), as only the superuser of a bench's own servers may ask. The
fourth such list, of applications, is read like that of hires and opens a secret of each row besides; it has none here.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import asyncpg

from deploy.cli.stack.testing import TestStack
from kernel.config import Process
from kernel.context import Scope
from kernel.ids import new_id

BETWEEN = ("five townships", "two townships")
"""Widths between a county's and a township's, of no level: there neither walking nor sorting is short."""
SCATTERED = 7_919
"""Rows that came one after another are of places far from one another: a prime that does not divide their number."""
INTO: dict[str, tuple[Process, str]] = {
    "probations, by day": (
        "assessment",
        "insert into assessment_probation (tenant_id, id, dossier_id, person_id, unit_no, last_day, due_on, state,"
        " version)"
        " select $1, id, id, person, unit_no, date '2020-01-01' + n * 31 % 1826, date '2020-01-01', 'passed', 2",
    ),
    "cases, newest first": (
        "recruitment",
        "insert into k_approval_case (tenant_id, id, unit_no, person_id, workflow, definition, pack_id, pack_version,"
        " facts, subject_type, subject_id, subject_unit_id, state, submitters, version, opened_at)"
        " select $1, id, unit_no, person, 'hire', to_jsonb(repeat('x', 480)), 'p', '1', '{}',"
        " 'hire', id, id, 'approved', '[]', 3, now()",
    ),
    "hires, newest first": (
        "recruitment",
        "insert into recruitment_hire (tenant_id, id, unit_no, person_id, application_id, notice_id, item_id, state,"
        " masked_name, community_title, post_title, proposed_at, decided_on, version)"
        " select $1, id, unit_no, person, id, person, person, 'approved', '某*', '某某社区', '社区工作者', now(),"
        " now(), 2",
    ),
}
SETTLED_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Size:
    """How many units of a level there are in each of the level above, and how many rows of each list in a community."""

    leagues: int = 12
    counties: int = 10
    townships: int = 10
    communities: int = 35
    rows: int = 14

    def made(self) -> str:
        """The rows: their ids in the order of time, a person, and the number of the community's unit."""
        township, county, league = self._below()
        places = self.leagues * self.counties * self.townships * self.communities
        rows = places * self.rows
        return (
            f"select uuidv7(make_interval(secs => n - {rows})) as id, gen_random_uuid() as person, n,"  # noqa: S608 - ours
            f" 4 + at / {places // self.leagues} * {league + 1}"
            f" + at / {self.townships * self.communities} % {self.counties} * {county + 1}"
            f" + at / {self.communities} % {self.townships} * {township + 1} + at % {self.communities} + 1 as unit_no"
            f" from generate_series(1, {rows}) n,"
            f" lateral (select (n::bigint * {SCATTERED} % {places})::integer as at) place"
        )

    def widths(self) -> dict[str, Scope]:
        """A scope of each level in the middle of the tree, and those `BETWEEN`."""
        township, county, league = self._below()
        first_league = 2 + self.leagues // 2 * (league + 1)
        first_county = first_league + 1 + self.counties // 2 * (county + 1)
        first_township = first_county + 1 + self.townships // 2 * (township + 1)
        return {
            "region": Scope(1, self.leagues * (league + 1) + 1),
            "league": Scope(first_league, first_league + league),
            "county": Scope(first_county, first_county + county),
            "township": Scope(first_township, first_township + township),
            "community": Scope(first_township + 1, first_township + 1),
            "five townships": Scope(first_county + 1, first_county + 5 * (township + 1)),
            "two townships": Scope(first_county + 1, first_county + 2 * (township + 1)),
        }

    def _below(self) -> tuple[int, int, int]:
        """How many units are below a township, a county, a league."""
        county = self.townships * (self.communities + 1)
        return self.communities, county, self.counties * (county + 1)


@contextmanager
def filled(size: Size) -> Iterator[tuple[TestStack, UUID]]:
    """Servers of the bench's own, and the tenant in them."""
    with TemporaryDirectory(prefix="bench-big-") as room:
        stack = TestStack(Path(room)).start(shared_buffers="256MB")
        try:
            tenant = new_id()
            asyncio.run(fill(stack, tenant, size))
            yield stack, tenant
        finally:
            stack.stop()


async def fill(stack: TestStack, tenant: UUID, size: Size) -> None:
    """Write the rows."""
    for process, into in INTO.values():
        connection = await asyncpg.connect(f"{stack.urls.database.rpartition('/')[0]}/shegong_{process}")
        try:
            await connection.execute("set session_replication_role = replica")
            await connection.execute(f"{into} from ({size.made()}) made", tenant)
            await _settle(connection, into.split()[2])
        finally:
            await connection.close()


async def _settle(connection: asyncpg.Connection, table: str) -> None:
    """Have the indexes tell by themselves whether a row is there, as the server sees to in time.

    It takes another turn where somebody had looked on (the server's own statistics do) who might not see them yet.
    """
    async with asyncio.timeout(SETTLED_SECONDS):
        hidden = "select relallvisible < relpages from pg_class where oid = $1::text::regclass"
        await connection.execute(f"vacuum analyze {table}")
        while await connection.fetchval(hidden, table):
            await connection.execute(f"vacuum {table}")
