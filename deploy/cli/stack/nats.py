"""The embedded NATS server: JetStream that syncs every message to disk, one user per process, on loopback."""

import http.client
import json
import signal
import subprocess

from deploy.cli.failures import from_log, from_os_error
from deploy.cli.stack.binaries import Binaries
from deploy.cli.stack.broker_rights import users
from deploy.cli.stack.children import spawn
from deploy.cli.stack.folder import DataFolder
from deploy.cli.stack.identity import Identity
from deploy.cli.stack.ports import LOOPBACK
from deploy.cli.stack.waiting import wait_until

START_SECONDS = 30


def configuration(*, host: str, port: int, monitor_port: int, store: str, passwords: dict[str, str]) -> str:
    """The server's configuration; JSON is a part of its language.

    `sync_interval: always` because the default acknowledges two minutes before a message is on disk.
    """
    return json.dumps(
        {
            "server_name": "shegong",
            "host": host,
            "port": port,
            "http": f"{host}:{monitor_port}",
            "jetstream": {"store_dir": store, "sync_interval": "always"},
            "authorization": {"users": users(passwords)},
        },
        indent=1,
    )


class EmbeddedNats:
    """One NATS server in the data folder; a part that the supervisor starts again when it ends."""

    name = "nats"

    def __init__(
        self,
        folder: DataFolder,
        binaries: Binaries,
        identity: Identity,
        *,
        port: int,
        monitor_port: int,
        passwords: dict[str, str],
    ) -> None:
        self.folder, self.binaries, self.identity = folder, binaries, identity
        self.port, self.monitor_port, self.passwords = port, monitor_port, passwords
        self.log = folder.log / "nats.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Write the configuration and start the server without waiting for it."""
        try:
            place = self.folder.nats
            place.mkdir(mode=0o700, exist_ok=True)
            file = place / "nats.conf"
            file.touch(mode=0o600)
            file.write_text(
                configuration(
                    host=LOOPBACK,
                    port=self.port,
                    monitor_port=self.monitor_port,
                    store=str(place / "data"),
                    passwords=self.passwords,
                )
            )
            self.identity.take(place)
            self.identity.give(file)
            self._process = spawn(
                [self.binaries.nats_server, "--config", file],
                enter=self.identity.enter,
                log=self.log,
                folder=place,
                environment={"PATH": "/usr/bin:/bin", "HOME": str(place)},
                on_parent_death=signal.SIGTERM,
            )
            self.folder.pid_file(self.name).write_text(str(self._process.pid))
        except OSError as error:
            raise from_os_error(error, self.folder.path) or error from error

    def wait(self) -> None:
        """Wait until JetStream serves; the refusal says why it does not."""

        def ready() -> bool:
            if not self.is_running():
                raise from_log("NATS", self.log, self.folder.path)
            return monitor(self.monitor_port, "/healthz?js-server-only=true").get("status") == "ok"

        if not wait_until(ready, seconds=START_SECONDS):
            raise from_log("NATS", self.log, self.folder.path)

    def is_running(self) -> bool:
        """Whether the server lives."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        """Its pid while it runs."""
        return self._process.pid if self._process and self.is_running() else None

    def ask_to_stop(self) -> None:
        """Orderly shutdown."""
        if self._process and self.is_running():
            self._process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End at once; what was acknowledged is on disk."""
        if self._process and self.is_running():
            self._process.kill()


def monitor(port: int, path: str) -> dict[str, object]:
    """One document of the server's monitor; empty while it does not answer."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=2)
    try:
        connection.request("GET", path)
        content = json.loads(connection.getresponse().read())
    except (OSError, ValueError, http.client.HTTPException):
        return {}
    finally:
        connection.close()
    return content if isinstance(content, dict) else {}
