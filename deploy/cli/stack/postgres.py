"""The embedded PostgreSQL: made once, started on loopback, with settings under which an answer is durable."""

import os
import shutil
import signal
import subprocess
from pathlib import Path

from deploy.cli.failures import Refusal, from_log, from_os_error
from deploy.cli.stack.binaries import Binaries
from deploy.cli.stack.children import spawn
from deploy.cli.stack.folder import DataFolder
from deploy.cli.stack.identity import Identity
from deploy.cli.stack.waiting import wait_until

SUPERUSER = "postgres"
START_SECONDS = 600
"""Recovery after a kill replays at most one checkpoint's worth of log: seconds, but minutes after a load of a nation
(`generation.leisure`)."""

CONFIGURATION = """\
# Written at every start; a change belongs into deploy/cli/stack/postgres.py.
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = ''
max_connections = 200
shared_buffers = {shared_buffers}
max_wal_size = 1GB
wal_compression = on
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
# An answered request is on disk.
fsync = on
synchronous_commit = on
full_page_writes = on
# One transaction left open holds back vacuum and the relays of the whole cluster.
idle_in_transaction_session_timeout = '60s'
transaction_timeout = '10min'
max_slot_wal_keep_size = 2GB
password_encryption = 'scram-sha-256'
# Statements and key values may be personal data: neither goes into the log.
log_min_error_statement = panic
log_error_verbosity = terse
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
"""
ACCESS = "# Written at every start.\nhost all all 127.0.0.1/32 scram-sha-256\n"


class EmbeddedPostgres:
    """One PostgreSQL server in the data folder; a part that the supervisor starts again when it ends."""

    name = "postgres"

    def __init__(
        self,
        folder: DataFolder,
        binaries: Binaries,
        identity: Identity,
        *,
        port: int,
        password: str,
        shared_buffers: str | None = None,
    ) -> None:
        self.folder, self.binaries, self.identity = folder, binaries, identity
        self.port, self.password = port, password
        self.shared_buffers = shared_buffers or f"{_fair_share() >> 20}MB"
        self.log = folder.log / "postgres.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._making: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server without waiting for it; the first time, begin to make its data."""
        try:
            self.identity.take(self.folder.postgres)
            data = self.folder.postgres / "data"
            if self._making is not None:
                self._take_over(data)
            if not data.exists():
                self._making = self._process = self._initialise(data)
                return
            for name, text in (
                ("postgresql.conf", self._configuration()),
                # What a load that was killed had set for itself (`generation.leisure`) ends with the server.
                ("postgresql.auto.conf", "# Emptied at every start.\n"),
                ("pg_hba.conf", ACCESS),
            ):
                (data / name).write_text(text)
            self._process = spawn(
                [self.binaries.postgres("postgres"), "-D", data],
                enter=self.identity.enter,
                log=self.log,
                folder=self.folder.postgres,
                environment=_environment(),
                on_parent_death=signal.SIGINT,
            )
            self.folder.pid_file(self.name).write_text(str(self._process.pid))
        except OSError as error:
            raise from_os_error(error, self.folder.path) or error from error

    def wait(self) -> None:
        """Wait until the server takes connections; the refusal says why it does not."""
        if self._making is not None:
            self._making.wait()
            self.start()
        status = self.folder.postgres / "data" / "postmaster.pid"

        def ready() -> bool:
            if not self.is_running():
                raise from_log("PostgreSQL", self.log, self.folder.path)
            try:
                lines = status.read_text().splitlines()
            except OSError:
                return False
            # As pg_ctl does: the pid in the first line, the state in the eighth.
            return len(lines) >= 8 and lines[7].strip() == "ready" and self._is_mine(lines[0])

        if not wait_until(ready, seconds=START_SECONDS):
            raise from_log("PostgreSQL", self.log, self.folder.path)

    def is_running(self) -> bool:
        """Whether the postmaster lives."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        """The postmaster's pid while it runs."""
        return self._process.pid if self._process and self.is_running() else None

    def ask_to_stop(self) -> None:
        """Fast shutdown: sessions are ended, a checkpoint is written. What is still being made is given up."""
        self._first_password().unlink(missing_ok=True)
        if self._process and self.is_running():
            self._process.send_signal(signal.SIGINT)

    def kill(self) -> None:
        """Immediate shutdown; the next start recovers from the log."""
        if self._process and self.is_running():
            self._process.send_signal(signal.SIGQUIT)

    def _is_mine(self, pid: str) -> bool:
        # In a user namespace the pid is the same, only the user differs.
        return self._process is not None and pid.strip() == str(self._process.pid)

    def _configuration(self) -> str:
        return CONFIGURATION.format(port=self.port, shared_buffers=self.shared_buffers)

    def _initialise(self, data: Path) -> subprocess.Popen[bytes]:
        """Begin to make the cluster beside its place: an interrupted one is never taken for good."""
        half = _half(data)
        shutil.rmtree(half, ignore_errors=True)
        secret = self._first_password()
        secret.touch(mode=0o600)
        secret.write_text(self.password)
        self.identity.take(self.folder.postgres)
        self.identity.give(secret)
        return spawn(
            [
                self.binaries.postgres("initdb"),
                f"--pgdata={half}",
                f"--username={SUPERUSER}",
                f"--pwfile={secret}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--locale=C",
                "--no-instructions",
            ],
            enter=self.identity.enter,
            log=self.log,
            folder=self.folder.postgres,
            environment=_environment(),
            on_parent_death=signal.SIGINT,
        )

    def _take_over(self, data: Path) -> None:
        """Move the cluster that was made to its place."""
        making, self._making = self._making, None
        self._first_password().unlink(missing_ok=True)
        half = _half(data)
        if making is None or making.wait() != 0:
            shutil.rmtree(half, ignore_errors=True)
            raise from_log("PostgreSQL", self.log, self.folder.path)
        half.rename(data)

    def _first_password(self) -> Path:
        return self.folder.postgres / "password"


def _fair_share() -> int:
    """Bytes of memory for the pages that PostgreSQL shares: an eighth of the machine's, since services and the
    kernel's cache live there too. Pages that nobody asked for take nothing."""
    return max(256 << 20, os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 8)


def _half(data: Path) -> Path:
    return data.with_name("data.half")


def _environment() -> dict[str, str]:
    """Nothing of the operator's: PG… variables and locales would change what is made."""
    return {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


def run_psql(binaries: Binaries, url: str, script: str, environment: dict[str, str], *, log: Path) -> None:
    """Run a script on a server; `environment` carries passwords, `url` names no secret on a command line."""
    result = subprocess.run(
        [str(binaries.postgres("psql")), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--file=-"],
        input=script.encode(),
        capture_output=True,
        env={**_environment(), **environment, "PGCONNECT_TIMEOUT": "10"},
        check=False,
    )
    if result.returncode != 0:
        log.write_bytes(result.stderr)
        lines = result.stderr.decode(errors="replace").strip().splitlines() or ["psql ended without a word"]
        raise Refusal(f"The databases could not be prepared ({lines[0]})", f"see {log} and {url}")
