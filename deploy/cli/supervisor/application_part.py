"""One of the six processes as a part of the stack: a fork that serves on a socket opened before.

Several forks may serve one process on the same socket: whichever is free takes the next caller.
"""

import os
import signal
import socket
from collections.abc import Iterable

from deploy.cli.failures import Refusal
from deploy.cli.stack.folder import DataFolder
from deploy.cli.stack.waiting import wait_until
from deploy.cli.supervisor.applications import serve
from deploy.cli.supervisor.forking import fork
from deploy.cli.supervisor.health import readiness
from deploy.cli.supervisor.tasks import last_words
from kernel.config import ProcessConfig

READY_SECONDS = 60


def part_name(process: str, number: int) -> str:
    """The name of one of the forks that serve a process: that of the process for the first."""
    return process if number == 1 else f"{process}-{number}"


class ApplicationPart:
    """Forked on start; callers that come while it is down wait in the socket's queue."""

    def __init__(
        self,
        config: ProcessConfig,
        server: socket.socket,
        others: Iterable[socket.socket],
        folder: DataFolder,
        number: int = 1,
    ) -> None:
        self.config, self.folder = config, folder
        self.name = part_name(config.process, number)
        self.log = folder.log / f"{self.name}.log"
        self._server, self._others = server, others
        self._pid: int | None = None

    @property
    def pid(self) -> int | None:
        """The child's pid while it runs."""
        return self._pid if self.is_running() else None

    def start(self) -> None:
        """Fork it."""
        self._pid = fork(self.name, self._run, folder=self.folder, log=self.log)
        self.folder.pid_file(self.name).write_text(str(self._pid))

    def wait(self) -> None:
        """Wait until `/health/ready` answers 200."""
        status = "it did not answer"

        def ready() -> bool:
            nonlocal status
            code, status = readiness(self.config.listen_port)
            return code == 200

        if not wait_until(ready, seconds=READY_SECONDS, step=0.1):
            raise Refusal(f"The process {self.name} did not become ready ({status})", f"see {self.log}")

    def is_running(self) -> bool:
        """Whether the child lives; an ended one is reaped."""
        if self._pid is None:
            return False
        try:
            done, _ = os.waitpid(self._pid, os.WNOHANG)
        except ChildProcessError:
            done = self._pid
        if done:
            self._pid = None
        return self._pid is not None

    def ask_to_stop(self) -> None:
        """SIGTERM: open requests are answered, then it ends."""
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        """SIGKILL; what it had committed stands."""
        self._signal(signal.SIGKILL)

    def last_words(self) -> str:
        """The last line of its log."""
        return last_words(self.log)

    def _signal(self, number: signal.Signals) -> None:
        if self.is_running() and self._pid is not None:
            os.kill(self._pid, number)

    def _run(self) -> None:
        for other in self._others:
            if other is not self._server:
                other.close()
        serve(self.config, self._server)
