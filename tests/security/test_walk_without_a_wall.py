"""With one wall down, or two, the walk finds the same: what is another's is answered as what does not exist.

That each wall stands at every single operation is in tests/isolation/test_three_walls.py and test_second_wall.py; here
the records of both stories are asked for past them.
"""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg
import pytest

from deploy.cli.configuration import running_configuration
from deploy.cli.stack.testing import RunningStack
from kernel.config import DATABASES
from kernel.http import router
from tests.security.past_the_edge import PastTheEdge, past_the_edge
from tests.security.reaching import Operation
from tests.security.story_requests import Sample, Told
from tests.security.sums import differences, holding
from tests.security.walking import Asker, Askers, counterpart, foreigner, neighbour, next_door, unless_shared, walk

FORCED = """
select c.relname::text from pg_class c
 where c.relnamespace = 'public'::regnamespace and c.relrowsecurity and not c.relispartition
"""


@pytest.fixture
def services(stack: RunningStack) -> Iterator[PastTheEdge]:
    with past_the_edge(stack) as reached:
        yield reached


def strangers(services: PastTheEdge, *, high: bool = False) -> Askers:
    """The counterpart in the other tenant; `high`: that tenant's auditor, who sees all of it and may do nothing."""

    def askers(story: Told, operation: Operation, sample: Sample) -> Iterator[Asker]:
        if sample.user_name:
            session = story.foreign["admin.audit"] if high else counterpart(story, sample)
            yield services.asker("of another tenant", story, story.foreign, session, operation)

    return askers


def neighbours(services: PastTheEdge) -> Askers:
    """Who asks next door."""

    def askers(story: Told, operation: Operation, sample: Sample) -> Iterator[Asker]:
        if session := neighbour(story, sample):
            yield services.asker("next door", story, story.tenant, session, operation)

    return unless_shared(askers)


def test_without_the_edge(stories: list[Told], stack: RunningStack, services: PastTheEdge) -> None:
    """Whoever reaches the services themselves, and has a principal as the edge would sign it for their own post."""
    refused_as_before(stories, stack, strangers(services), neighbours(services))


def test_without_the_edge_and_the_services_check(
    stories: list[Told], stack: RunningStack, services: PastTheEdge, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everybody may do everything: an auditor of another tenant hires and pays. Only the rows' own wall is left."""
    monkeypatch.setattr(router, "permitted", lambda *_: True)
    refused_as_before(stories, stack, strangers(services, high=True), neighbours(services))


def test_without_row_level_security(stories: list[Told], stack: RunningStack) -> None:
    """On all tables at once. Persons of one tenant are told apart by policies alone: officials alone ask next door."""

    def officials(story: Told, operation: Operation, sample: Sample) -> Iterator[Asker]:
        if sample.user_name in story.tenant.officials:
            yield from next_door(story, operation, sample)

    with down(stack):
        assert asyncio.run(seen_without_context(stack)) > 0
        refused_as_before(stories, stack, foreigner, unless_shared(officials))


def refused_as_before(stories: list[Told], stack: RunningStack, *askers: Askers) -> None:
    """Nothing is shown, nothing differs from what does not exist, and another tenant changes nothing."""
    for story in stories:
        for number, each in enumerate(askers):
            before = holding(stack, story.tenant.id) if number == 0 else None
            found = walk(story, each, young=False)
            assert found.faults == []
            assert len(found.refused) > len(story.samples) / 3
            if before is not None:
                assert differences(before, holding(stack, story.tenant.id)) == []


async def seen_without_context(stack: RunningStack) -> int:
    """How many dossiers the service's own role sees past all queries: none as long as the wall stands."""
    config = running_configuration(stack.folder, "roster")
    connection = await asyncpg.connect(config.app_dsn.get_secret_value())
    try:
        return int(await connection.fetchval("select count(*) from roster_dossier"))
    finally:
        await connection.close()


@contextmanager
def down(stack: RunningStack) -> Iterator[None]:
    """As the owner of all databases might by mistake."""
    server: str = json.loads(stack.folder.urls.read_text())["database"].rpartition("/")[0]

    async def turn(word: str, tables: dict[str, list[str]]) -> None:
        for process in DATABASES:
            connection = await asyncpg.connect(f"{server}/shegong_{process}")
            try:
                if process not in tables:
                    tables[process] = [table for (table,) in await connection.fetch(FORCED)]
                for table in tables[process]:
                    await connection.execute(f"alter table {table} {word} row level security")
            finally:
                await connection.close()

    taken: dict[str, list[str]] = {}
    asyncio.run(turn("disable", taken))
    try:
        yield
    finally:
        asyncio.run(turn("enable", taken))
