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


async def said(urls: Urls) -> tuple[str, ...]:
    connection = await asyncpg.connect(urls.database)
    try:
        wanted = "select current_setting('max_wal_size'), current_setting('checkpoint_timeout')"
        return tuple(await connection.fetchrow(wanted))
    finally:
        await connection.close()


def comes_to(urls: Urls, settings: tuple[str, ...]) -> bool:
    """The server reads its settings a moment after it is told."""
    return wait_until(lambda: asyncio.run(said(urls)) == settings, seconds=10)


def test_the_log_has_room_for_as_long_as_the_load_lasts(own: TestStack) -> None:
    with at_leisure(own.folder, own.urls):
        assert comes_to(own.urls, AT_LEISURE)
    assert comes_to(own.urls, EVERY_DAY)


def test_what_a_killed_load_left_ends_with_the_server(own: TestStack) -> None:
    with at_leisure(own.folder, own.urls):
        assert comes_to(own.urls, AT_LEISURE)
        own.kill("postgres")
        own.restart("postgres")
        assert asyncio.run(said(own.urls)) == EVERY_DAY


async def changed(urls: Urls) -> int:
    connection = await asyncpg.connect(urls.database)
    try:
        count = "select count(*) from pg_file_settings where sourcefile like '%postgresql.auto.conf'"
        return int(await connection.fetchval(count))
    finally:
        await connection.close()


def test_a_server_of_the_operators_is_left_as_it_is(own: TestStack) -> None:
    with at_leisure(own.folder, own.urls):
        assert asyncio.run(changed(own.urls)) == 2
    with at_leisure(own.folder, replace(own.urls, database_is_ours=False)):
        assert asyncio.run(changed(own.urls)) == 0
