"""The configuration of each process of one stack: from secrets, ports, servers; nothing it need not know."""

import json
from typing import Any, Literal

from pydantic import SecretStr

from deploy.cli.failures import Refusal, from_os_error
from deploy.cli.secrets import Secrets, load_secrets
from deploy.cli.stack.folder import DataFolder
from deploy.cli.stack.infrastructure import Urls
from deploy.cli.stack.ports import LOOPBACK, read_ports
from kernel.config import DATABASES, PROCESSES, SERVICES, Process, ProcessConfig

Profile = Literal["development", "production"]


def base_url(ports: dict[str, int]) -> str:
    """The address that browsers see; issuer of tokens."""
    return f"http://localhost:{ports['edge']}"


def configure(
    process: Process,
    *,
    folder: DataFolder,
    secrets: Secrets,
    ports: dict[str, int],
    urls: Urls,
    profile: Profile = "development",
) -> ProcessConfig:
    """The configuration of one process of a stack on this machine."""
    upstreams = {name: f"http://{LOOPBACK}:{ports[name]}" for name in ("gateway", *SERVICES)}
    principal_keys = {name: SecretStr(key) for name, key in secrets.principal_keys.items()}
    content: dict[str, Any] = {
        "process": process,
        "profile": profile,
        "listen_host": LOOPBACK,
        "listen_port": ports[process],
        "issuer": base_url(ports),
        "kms_file": folder.kms,
        "data_dir": folder.path,
        "crash_at": "",
    }
    if process in ("edge", "gateway"):
        content |= {
            "principal_keys": principal_keys,
            "edge_host": LOOPBACK,
            "edge_port": ports["edge_stream"],
            "edge_key": SecretStr(secrets.edge_key),
            "upstreams": upstreams,
        }
    if process in DATABASES:
        user, password = urls.login(process, secrets)
        content |= {
            "app_dsn": SecretStr(urls.dsn(process, "app", secrets)),
            "relay_dsn": SecretStr(urls.dsn(process, "relay", secrets)),
            "migrator_dsn": SecretStr(urls.dsn(process, "migrator", secrets)),
            "nats_url": urls.nats,
            "nats_user": user,
            "nats_password": SecretStr(password),
            "nats_monitor_url": urls.nats_monitor,
            "principal_key": principal_keys[process],
            "cursor_key": SecretStr(secrets.cursor_key),
        }
    return ProcessConfig(**content)


def configure_all(
    *, folder: DataFolder, secrets: Secrets, ports: dict[str, int], urls: Urls
) -> dict[Process, ProcessConfig]:
    """The configuration of every process, by its name."""
    return {
        process: configure(process, folder=folder, secrets=secrets, ports=ports, urls=urls) for process in PROCESSES
    }


def running_configuration(folder: DataFolder, process: Process) -> ProcessConfig:
    """The configuration of a process of the stack that runs on this folder, for a command beside it."""
    urls = running_urls(folder)
    return configure(process, folder=folder, secrets=load_secrets(folder), ports=read_ports(folder), urls=urls)


def running_urls(folder: DataFolder) -> Urls:
    """Where the servers of the stack are that runs on this folder."""
    if folder.is_open_elsewhere() is None:
        raise Refusal(f"No stack runs on the data folder {folder.path}", "start it with `shegong up`")
    try:
        return Urls(**json.loads(folder.urls.read_text()))
    except OSError as error:
        raise from_os_error(error, folder.path) or error from error


def as_environment(config: ProcessConfig) -> dict[str, str]:
    """The environment from which `shegong serve` reads the same configuration. It carries secrets."""

    def plain(value: Any) -> Any:
        if isinstance(value, SecretStr):
            return value.get_secret_value()
        if isinstance(value, dict):
            return {key: plain(member) for key, member in value.items()}
        return value

    environment = {}
    for name in type(config).model_fields:
        value = plain(getattr(config, name))
        environment[f"SHEGONG_{name.upper()}"] = json.dumps(value) if isinstance(value, dict | tuple) else str(value)
    return environment
