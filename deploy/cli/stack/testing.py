"""Stacks for tests: real PostgreSQL and NATS with durable settings, in a temporary folder on free ports.

`TestStack` is the servers, migrated, and processes one by one; `RunningStack` is a whole `shegong up`.
"""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from deploy.cli.configuration import as_environment, configure
from deploy.cli.failures import Refusal
from deploy.cli.secrets import Secrets, load_secrets
from deploy.cli.stack.folder import DataFolder
from deploy.cli.stack.infrastructure import Infrastructure, Urls, choose_infrastructure, prepare_databases
from deploy.cli.stack.ports import choose_ports
from deploy.cli.stack.waiting import wait_until
from deploy.cli.supervisor.health import readiness
from deploy.cli.supervisor.part import Part
from kernel.config import Process, ProcessConfig

COMMAND = (sys.executable, "-m", "deploy.cli")
READY_SECONDS = 90
STOP_SECONDS = 20


class TestStack:
    """PostgreSQL and NATS with roles, databases and schema. Synchronous; nothing of it needs a loop."""

    __test__ = False

    def __init__(self, path: Path) -> None:
        path.chmod(0o711)
        self.folder = DataFolder(path)
        self.secrets: Secrets
        self.ports: dict[str, int] = {}
        self._infrastructure: Infrastructure
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, *, migrate: bool = True, shared_buffers: str = "32MB") -> "TestStack":
        """Start both servers, make databases and roles, and bring the schemas up."""
        self.folder.open()
        self.secrets = load_secrets(self.folder)
        self.ports = choose_ports(self.folder, 0)
        self._infrastructure = choose_infrastructure(
            self.folder, self.secrets, self.ports, shared_buffers=shared_buffers
        )
        try:
            self._infrastructure.start()
            self._infrastructure.wait()
            prepare_databases(self.urls, self.secrets, self.folder)
            self.folder.write_json(self.folder.urls, self.urls.as_json())
            if migrate:
                self.migrate()
        except BaseException:
            self.stop()
            raise
        return self

    def migrate(self) -> None:
        """Run `shegong migrate` as a child process."""
        done = subprocess.run(
            [*COMMAND, "migrate", "--data-dir", str(self.folder.path)], capture_output=True, check=False
        )
        if done.returncode != 0:
            raise Refusal("The test databases were not migrated", done.stderr.decode().strip()[-2000:])

    @property
    def urls(self) -> Urls:
        """Where the servers are."""
        return self._infrastructure.urls

    def config(self, process: Process) -> ProcessConfig:
        """The configuration of one process on this stack."""
        return configure(process, folder=self.folder, secrets=self.secrets, ports=self.ports, urls=self.urls)

    def dsn(self, process: str, role: str = "app") -> str:
        """The DSN of a role (app, relay, migrator) of one process."""
        return self.urls.dsn(process, role, self.secrets)

    def part(self, name: str) -> Part:
        """One of the embedded servers: postgres or nats."""
        return next(part for part in self._infrastructure.parts if part.name == name)

    def kill(self, name: str) -> None:
        """SIGKILL a server or a process by its pid."""
        pid = self._processes[name].pid if name in self._processes else self.part(name).pid
        if pid is not None:
            os.kill(pid, signal.SIGKILL)
        if name in self._processes:
            self._processes.pop(name).wait()
        else:
            wait_until(lambda: not self.part(name).is_running(), seconds=5)

    def restart(self, name: str) -> None:
        """Start an ended server again and wait until it serves."""
        part = self.part(name)

        def serves() -> bool:
            # Backends of a killed postmaster need a moment to notice; the start is refused until then.
            part.start()
            try:
                part.wait()
            except Refusal:
                return False
            return True

        if not wait_until(serves, seconds=30, step=0.2):
            raise Refusal(f"{name} did not start again", f"see {self.folder.log}")

    def serve(self, process: Process, **changes: Any) -> "subprocess.Popen[bytes]":
        """Run one process as `shegong serve`, wait until it is ready; `changes` replace settings."""
        config = self.config(process).model_copy(update=changes)
        log = (self.folder.log / f"{process}.log").open("ab")
        with log:
            child = subprocess.Popen(
                [*COMMAND, "serve", process],
                env={**os.environ, **as_environment(config)},
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self._processes[process] = child

        def ready() -> bool:
            if child.poll() is not None:
                raise Refusal(f"{process} ended with {child.returncode}", f"see {self.folder.log}/{process}.log")
            return readiness(config.listen_port)[0] == 200

        if not wait_until(ready, seconds=READY_SECONDS, step=0.1):
            raise Refusal(f"{process} did not become ready", f"see {self.folder.log}/{process}.log")
        return child

    def stop(self) -> None:
        """End everything that was started."""
        for child in self._processes.values():
            child.terminate()
        for child in self._processes.values():
            try:
                child.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        self._processes.clear()
        for part in reversed(self._infrastructure.parts):
            part.ask_to_stop()
            if not wait_until(lambda part=part: not part.is_running(), seconds=10):  # type: ignore[misc]  # bound now
                part.kill()
        self._infrastructure.stop()
        self.folder.close()


class RunningStack:
    """A whole `shegong up` in a child process."""

    def __init__(self, path: Path) -> None:
        path.chmod(0o711)
        self.data_dir = path / "data"
        self.folder = DataFolder(self.data_dir)
        self.base_url = ""
        self.output = path / "up.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, *arguments: str) -> "RunningStack":
        """Start it on a free port and wait until it is ready; `arguments` go to `shegong up`."""
        with self.output.open("ab") as output:
            self._process = subprocess.Popen(
                [*COMMAND, "up", "--port", "0", "--data-dir", str(self.data_dir), *arguments],
                stdout=output,
                stderr=subprocess.STDOUT,
            )

        def ready() -> bool:
            if self.exit_code is not None:
                raise Refusal(f"`shegong up` ended with {self.exit_code}", self.output.read_text()[-2000:])
            return self.folder.ready.exists()

        if not wait_until(ready, seconds=READY_SECONDS, step=0.1):
            self.stop()
            raise Refusal("`shegong up` did not become ready", self.output.read_text()[-2000:])
        self.base_url = json.loads(self.folder.ready.read_text())["base_url"]
        return self

    @property
    def exit_code(self) -> int | None:
        """How `shegong up` ended; None while it runs."""
        return self._process.poll() if self._process else None

    def pid(self, part: str) -> int:
        """The pid of a part (postgres, nats, edge, …) as recorded by the supervisor."""
        return int(self.folder.pid_file(part).read_text())

    def kill(self, part: str, number: signal.Signals = signal.SIGKILL) -> int:
        """Send a signal to a part by its pid; answers that pid."""
        pid = self.pid(part)
        os.kill(pid, number)
        return pid

    def wait_for_restart(self, part: str, old_pid: int, seconds: float = 15) -> int:
        """Wait until the supervisor has started the part again; its new pid."""

        def started() -> bool:
            file = self.folder.pid_file(part)
            return file.exists() and file.read_text() not in ("", str(old_pid))

        if not wait_until(started, seconds=seconds):
            raise Refusal(f"{part} was not started again within {seconds:.0f} s", f"see {self.output}")
        return self.pid(part)

    def interrupt(self, number: signal.Signals = signal.SIGINT) -> int:
        """Ctrl-C: the exit code once it has ended."""
        assert self._process is not None  # noqa: S101 - started before it is interrupted
        self._process.send_signal(number)
        return self._process.wait(STOP_SECONDS)

    def stop(self) -> None:
        """End it if it still runs."""
        if self._process is not None and self._process.poll() is None:
            self.interrupt()
