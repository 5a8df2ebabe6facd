"""PostgreSQL and NATS in containers (`SHEGONG_INFRA=containers`), through testcontainers; for tests only."""

from typing import Any

from deploy.cli.failures import Refusal
from deploy.cli.secrets import Secrets
from deploy.cli.stack.folder import DataFolder
from deploy.cli.stack.infrastructure import Urls
from deploy.cli.stack.nats import configuration
from deploy.cli.stack.postgres import SUPERUSER
from deploy.cli.stack.waiting import wait_until
from deploy.cli.supervisor.part import Part

POSTGRES_IMAGE = "postgres:18"
NATS_IMAGE = "nats:2"
START_SECONDS = 120
"""The images may have to be fetched first."""
POSTGRES_COMMAND = (
    "postgres -c max_connections=200 -c jit=off -c timezone=UTC -c idle_in_transaction_session_timeout=60s "
    "-c transaction_timeout=10min -c log_min_error_statement=panic -c log_error_verbosity=terse"
)
POSTGRES_INITDB = "--auth=scram-sha-256 --encoding=UTF8 --locale-provider=builtin --builtin-locale=C.UTF-8 --locale=C"


class ContainerInfrastructure:
    """Two containers, removed at stop."""

    def __init__(self, folder: DataFolder, secrets: Secrets) -> None:
        self.folder, self.secrets = folder, secrets
        self.urls = Urls("", "", "")
        self._containers: list[Any] = []

    @property
    def parts(self) -> tuple[Part, ...]:
        """None: the container engine keeps them."""
        return ()

    def start(self) -> None:
        """Start both containers and learn their ports."""
        try:
            from testcontainers.core.container import DockerContainer
        except ImportError:
            raise Refusal(
                "SHEGONG_INFRA=containers needs testcontainers", "run `make install`, or unset SHEGONG_INFRA"
            ) from None
        config = self.folder.run / "nats.conf"
        config.write_text(
            configuration(
                host="0.0.0.0",  # noqa: S104 - inside the container
                port=4222,
                monitor_port=8222,
                store="/data",
                passwords=self.secrets.nats,
            )
        )
        config.chmod(0o644)
        try:
            database = (
                DockerContainer(POSTGRES_IMAGE)
                .with_env("POSTGRES_PASSWORD", self.secrets.postgres)
                .with_env("POSTGRES_INITDB_ARGS", POSTGRES_INITDB)
                .with_command(POSTGRES_COMMAND)
                .with_exposed_ports(5432)
            )
            broker = (
                DockerContainer(NATS_IMAGE)
                .with_volume_mapping(str(config), "/etc/nats/shegong.conf", "ro")
                .with_command("--config /etc/nats/shegong.conf")
                .with_exposed_ports(4222, 8222)
            )
            for container in (database, broker):
                self._containers.append(container.start())
        except Exception as error:
            self.stop()
            raise Refusal(
                f"The containers could not be started ({error})",
                "start the container engine, or unset SHEGONG_INFRA to use the wheels",
            ) from error
        host = database.get_container_host_ip()
        self.urls = Urls(
            database=f"postgresql://{SUPERUSER}:{self.secrets.postgres}@{host}:{database.get_exposed_port(5432)}/postgres",
            nats=f"nats://{broker.get_container_host_ip()}:{broker.get_exposed_port(4222)}",
            nats_monitor=f"http://{broker.get_container_host_ip()}:{broker.get_exposed_port(8222)}",
        )

    def wait(self) -> None:
        """Wait until the database says for the second time that it is ready (the first is its set-up)."""
        database = self._containers[0]

        def ready() -> bool:
            out, errors = database.get_logs()
            return bool((out + errors).count(b"database system is ready to accept connections") >= 2)

        if not wait_until(ready, seconds=START_SECONDS, step=0.2):
            raise Refusal("PostgreSQL in its container did not become ready", "look at `docker logs`")

    def stop(self) -> None:
        """Remove both containers."""
        while self._containers:
            self._containers.pop().stop()
