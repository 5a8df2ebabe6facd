"""The database of a made-up process for the tests of `kernel.db` and `kernel.http`."""

import asyncio

import pytest

from deploy.cli.stack.testing import TestStack
from kernel.config import ProcessConfig
from tests.integration.kernel import made_up


@pytest.fixture(scope="session")
async def probe(servers: TestStack) -> ProcessConfig:
    """The configuration of the made-up process; its tables are there."""
    await asyncio.to_thread(made_up.make_database, servers)
    await made_up.make_tables(servers)
    return made_up.config(servers)
