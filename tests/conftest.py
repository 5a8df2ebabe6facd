"""Servers and stacks that tests share: started once per session, only when a test asks for them."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from deploy.cli.stack.testing import RunningStack, TestStack


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
