"""A load gives the database's log room, and takes it back, also when it was killed."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import asyncpg
import pytest

from deploy.cli.generation.leisure import at_leisure
from deploy.cli.stack.infrastructure import Urls
from deploy.cli.stack.testing import TestStack
from deploy.cli.stack.waiting import wait_until
from tests.conftest import open_folder

EVERY_DAY = ("1GB", "5min")
AT_LEISURE = ("8GB", "1h")


@pytest.fixture
def own() -> Iterator[TestStack]:
    """Servers whose settings nobody else sees."""
    with open_folder("leisure") as folder:
        stack = TestStack(folder).start(migrate=False)
        try:
            yield stack
        finally:
            stack.stop()


async def asked(urls: Urls, query: str) -> tuple[str | int, ...]:
    connection = await asyncpg.connect(urls.database)
    try:
        return tuple(await connection.fetchrow(query))
    finally:
        await connection.close()


def said(urls: Urls) -> tuple[str | int, ...]:
    wanted = "select current_setting('max_wal_size'), current_setting('checkpoint_timeout')"
    return asyncio.run(asked(urls, wanted))


def changed(urls: Urls) -> tuple[str | int, ...]:
    wanted = "select count(*) from pg_file_settings where sourcefile like '%postgresql.auto.conf'"
    return asyncio.run(asked(urls, wanted))


def comes_to(urls: Urls, settings: tuple[str, ...]) -> bool:
    """The server reads its settings a moment after it is told."""
    return wait_until(lambda: said(urls) == settings, seconds=10)


def test_the_log_has_room_for_as_long_as_the_load_lasts(own: TestStack) -> None:
    with at_leisure(own.folder, own.urls):
        assert comes_to(own.urls, AT_LEISURE)
    assert comes_to(own.urls, EVERY_DAY)


def test_what_a_killed_load_left_ends_with_the_server(own: TestStack) -> None:
    with at_leisure(own.folder, own.urls):
        assert comes_to(own.urls, AT_LEISURE)
        own.kill("postgres")
        own.restart("postgres")
        assert said(own.urls) == EVERY_DAY


def test_a_server_of_the_operators_is_left_as_it_is(own: TestStack) -> None:
    with at_leisure(own.folder, own.urls):
        assert changed(own.urls) == (2,)
    with at_leisure(own.folder, replace(own.urls, database_is_ours=False)):
        assert changed(own.urls) == (0,)
