"""Servers and stacks that tests share: started once per session, only when a test asks for them."""

import gc
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from deploy.cli.stack.testing import RunningStack, TestStack
from deploy.cli.supervisor.applications import YOUNG_OBJECTS


def settle_heap() -> None:
    """Let the collector pass by what is there: looking through all that a long run has imported and parsed takes it a
    second and more, in which no event loop goes on and deadlines of the product pass."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS)


def pytest_collection_finish() -> None:
    """All is imported."""
    settle_heap()


@contextmanager
def open_folder(purpose: str) -> Iterator[Path]:
    """A temporary folder that the database server's user can pass through (pytest's own folders bar it)."""
    folder = Path(tempfile.mkdtemp(prefix=f"shegong-{purpose}-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def servers() -> Iterator[TestStack]:
    """Real PostgreSQL and NATS with databases and roles, without any schema."""
    with open_folder("servers") as folder:
        stack = TestStack(folder).start(migrate=False)
        try:
            yield stack
        finally:
            stack.stop()


@pytest.fixture(scope="session")
def infrastructure(servers: TestStack) -> TestStack:
    """Real PostgreSQL and NATS, every database at its newest schema."""
    servers.migrate()
    return servers


@pytest.fixture(scope="session")
def stack() -> Iterator[RunningStack]:
    """The whole of `shegong up`: six processes on free ports, no demonstration tenants."""
    with open_folder("stack") as folder:
        running = RunningStack(folder).start("--no-demonstrations")
        try:
            yield running
        finally:
            running.stop()
