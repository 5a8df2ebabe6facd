"""Each process is told what it needs, and no secret of another."""

from pathlib import Path

import pytest

from deploy.cli.configuration import as_environment, configure
from deploy.cli.secrets import Secrets
from deploy.cli.stack.broker_rights import OPERATOR
from deploy.cli.stack.folder import DataFolder
from deploy.cli.stack.infrastructure import Urls
from deploy.cli.stack.ports import NAMES
from kernel.config import DATABASES, SERVICES, Process, ProcessConfig

PORTS = {name: 20000 + number for number, name in enumerate(NAMES)}
URLS = Urls("postgresql://postgres:root@127.0.0.1:5432/postgres", "nats://127.0.0.1:4222", "http://127.0.0.1:8222")
SECRETS = Secrets(
    {
        "postgres": "root",
        "databases": {name: {role: f"{name}-{role}" for role in ("app", "relay", "migrator")} for name in DATABASES},
        "nats": {name: f"nats-{name}" for name in (*DATABASES, OPERATOR)},
        "principal_keys": {name: f"key-{name}" for name in ("gateway", *SERVICES)},
        "edge_key": "edge-key",
        "cursor_key": "cursor-key",
    }
)


def config(process: Process, urls: Urls = URLS) -> ProcessConfig:
    return configure(process, folder=DataFolder(Path("/data")), secrets=SECRETS, ports=PORTS, urls=urls)


def test_the_edge_is_given_no_database_and_no_broker() -> None:
    edge = config("edge")
    assert edge.app_dsn.get_secret_value() == ""
    assert edge.nats_url == ""
    assert set(edge.principal_keys) == {"gateway", *SERVICES}


def test_a_service_signs_in_as_itself_and_knows_one_principal_key() -> None:
    roster = config("roster")
    expected = "postgresql://shegong_roster_app:roster-app@127.0.0.1:5432/shegong_roster"
    assert roster.app_dsn.get_secret_value() == expected
    assert (roster.nats_user, roster.nats_password.get_secret_value()) == ("roster", "nats-roster")
    assert roster.principal_key.get_secret_value() == "key-roster"
    assert roster.principal_keys == {}
    assert roster.edge_key.get_secret_value() == ""


def test_a_given_broker_is_signed_in_to_as_its_url_says() -> None:
    given = Urls(URLS.database, URLS.nats, URLS.nats_monitor, nats_user="shared", nats_password="given")  # noqa: S106 - made up
    assert config("roster", given).nats_user == "shared"


def test_the_environment_says_the_same_as_the_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    gateway = config("gateway")
    for name, value in as_environment(gateway).items():
        monkeypatch.setenv(name, value)
    assert ProcessConfig(process="gateway") == gateway


def test_no_secret_is_shown_in_the_text_form() -> None:
    shown = repr(config("gateway")) + repr(SECRETS)
    for secret in ("gateway-app", "nats-gateway", "key-roster", "edge-key", "cursor-key"):
        assert secret not in shown
