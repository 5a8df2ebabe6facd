"""Settings of one process, read from the environment (`SHEGONG_…`) or handed over by the supervisor."""

import functools
import os
import re
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

Process = Literal["edge", "gateway", "recruitment", "roster", "assessment", "training"]
SERVICES: tuple[Process, ...] = ("recruitment", "roster", "assessment", "training")
DATABASES: tuple[Process, ...] = ("gateway", *SERVICES)
PROCESSES: tuple[Process, ...] = ("edge", *DATABASES)


class ProcessConfig(BaseSettings):
    """All that one process is told. Secrets never appear in its text form."""

    model_config = SettingsConfigDict(env_prefix="SHEGONG_", extra="ignore", frozen=True, hide_input_in_errors=True)

    process: Process
    profile: Literal["development", "production"] = "production"
    listen_host: str = "127.0.0.1"
    listen_port: int = 0
    issuer: str = "http://localhost:8080"
    """The address that browsers see; issuer of tokens, no trailing slash."""

    app_dsn: SecretStr = SecretStr("")
    relay_dsn: SecretStr = SecretStr("")
    migrator_dsn: SecretStr = SecretStr("")
    pool_size: int = 10

    nats_url: str = ""
    nats_user: str = ""
    nats_password: SecretStr = SecretStr("")
    nats_monitor_url: str = ""

    principal_key: SecretStr = SecretStr("")
    """Hex; verifies the principals addressed to this process."""
    principal_keys: dict[str, SecretStr] = Field(default_factory=dict)
    """Hex by process; the edge signs with these, the gateway reads the services' documents with them."""
    edge_host: str = "127.0.0.1"
    edge_port: int = 0
    edge_key: SecretStr = SecretStr("")
    cursor_key: SecretStr = SecretStr("")
    message_url: str = ""
    """Where messages (SMS, e-mail) are handed over; empty in development: they are written to the data folder."""
    message_key: SecretStr = SecretStr("")
    webhook_networks: tuple[str, ...] = ()
    """Networks (CIDR) that webhooks may go to beside public addresses, such as those of a closed government network."""
    kms_file: Path = Path("kms.json")
    data_dir: Path = Path(".shegong")
    files_url: str = ""
    """`s3://<bucket>` or `s3://<bucket>/<folder>`, where the contents of files lie; empty: `<data_dir>/files`."""
    files_endpoint: str = ""
    """Address of a store that speaks the protocol of S3; empty: AWS."""
    files_region: str = "us-east-1"
    files_access_key: SecretStr = SecretStr("")
    files_secret_key: SecretStr = SecretStr("")
    """Both empty: the variables AWS_…, or the role of the machine or pod."""
    upstreams: dict[str, str] = Field(default_factory=dict)
    stream_days: int = Field(default=14, ge=1)
    """How long the broker keeps news: a consumer that was away for longer is served from the archive by an operator."""
    archive_days: int = Field(default=180, ge=31)
    """How long a process keeps what it told and no read model is made of, by whole months."""
    crash_at: str = ""
    """Name of a point at which this process kills itself; development only (see `crash_point`)."""

    @field_validator("files_url")
    @classmethod
    def _names_a_bucket(cls, value: str) -> str:
        if value and not _BUCKET.fullmatch(value):
            raise ValueError("has to be s3://<bucket> or s3://<bucket>/<folder>")
        return value

    @field_validator("files_endpoint")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        if value and not value.startswith(("https://", "http://")):
            raise ValueError("has to begin with https:// (or http:// inside a closed network)")
        return value


_BUCKET = re.compile(r"s3://[a-z0-9][a-z0-9.-]+(/\w[\w.-]*)*/?", re.ASCII)
"""A bucket by the rules of S3 and a folder in it; no login, query or fragment."""


def crash_point(config: ProcessConfig, name: str) -> None:
    """End the process at once, as SIGKILL would, when the configuration names this point.

    For the tests of faults; the production profile never does. A `<data_dir>/run/crash_at` file naming the
    point is taken (removed) once, so that the restarted process goes on.
    """
    if config.profile != "development":
        return
    if config.crash_at == name:
        os._exit(137)
    order = _order(config.data_dir, config.process)
    if order.exists() and order.read_text().strip() == name:
        order.unlink()
        os._exit(137)


@functools.cache
def _order(data_dir: Path, process: str) -> Path:
    """Made once: relay and consumers look for it with every event."""
    return data_dir / "run" / f"{process}.crash_at"
