"""Servers that are there already take the place of the wheels'; a held part stays down."""

from pathlib import Path

import asyncpg
import pytest

from deploy.cli.failures import Refusal
from deploy.cli.stack.folder import DataFolder
from deploy.cli.stack.identity import choose_identity
from deploy.cli.stack.infrastructure import choose_infrastructure, prepare_databases
from deploy.cli.stack.testing import TestStack
from tests.conftest import open_folder


async def test_given_servers_are_used_and_none_is_started(
    servers: TestStack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    user, password = servers.urls.login("roster", servers.secrets)
    monkeypatch.setenv("SHEGONG_DATABASE_URL", servers.urls.database)
    monkeypatch.setenv("SHEGONG_NATS_URL", f"nats://{user}:{password}@127.0.0.1:{servers.ports['nats']}")
    folder = DataFolder(tmp_path / "other")
    folder.open()
    try:
        given = choose_infrastructure(folder, servers.secrets, servers.ports)
        given.start()
        given.wait()
        assert given.parts == ()
        assert given.urls.login("training", servers.secrets) == (user, password)
        prepare_databases(given.urls, servers.secrets, folder)
        connection = await asyncpg.connect(given.urls.dsn("training", "app", servers.secrets))
        await connection.close()
    finally:
        folder.close()


def test_an_unknown_kind_of_infrastructure_is_refused(servers: TestStack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHEGONG_INFRA", "clouds")
    with pytest.raises(Refusal, match="wheels"):
        choose_infrastructure(servers.folder, servers.secrets, servers.ports)


def test_the_servers_identity_can_enter_a_folder_that_bars_others(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    inside = tmp_path / "inside"
    inside.mkdir()
    identity = choose_identity(inside)
    assert identity.can("-x", inside)


def test_a_killed_server_starts_again_with_its_data() -> None:
    with open_folder("killed") as folder:
        stack = TestStack(folder).start(migrate=False)
        try:
            stack.kill("postgres")
            stack.kill("nats")
            stack.restart("postgres")
            stack.restart("nats")
            prepare_databases(stack.urls, stack.secrets, stack.folder)
        finally:
            stack.stop()
