"""The data folder of one stack (`.shegong`): its rooms, its lock, its record of what runs."""

import fcntl
import json
import os
import shutil
from pathlib import Path
from typing import Any

from deploy.cli.failures import Refusal, disk_full, from_os_error, unwritable

ENOUGH_BYTES = 300 * 1024 * 1024
"""A new PostgreSQL with five databases takes about 100 MB, its write-ahead log as much again."""


class DataFolder:
    """Paths below the data folder; `open` makes it and holds it against a second stack."""

    def __init__(self, path: Path) -> None:
        self.path = path.expanduser().absolute()
        self.run = self.path / "run"
        self.log = self.path / "log"
        self.postgres = self.path / "postgres"
        self.nats = self.path / "nats"
        self.files = self.path / "files"
        self.demonstration = self.path / "demonstration"
        self.secrets = self.path / "secrets.json"
        self.ports = self.path / "ports.json"
        self.kms = self.path / "kms.json"
        self.ready = self.run / "ready.json"
        self.urls = self.run / "urls.json"
        self._lock: int | None = None

    def open(self) -> None:
        """Make the folder and take its lock. Refuses a second stack, a full disk, an alien folder."""
        try:
            # Root's servers run as another user, who must be able to pass through (not to list).
            self.path.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
            for room in (self.run, self.log, self.files, self.demonstration):
                room.mkdir(mode=0o700, exist_ok=True)
            if not os.access(self.path, os.W_OK | os.X_OK):
                raise unwritable(self.path)
            if shutil.disk_usage(self.path).free < ENOUGH_BYTES:
                raise disk_full(self.path)
            self._take_lock()
            self._wait_for_orphans()
            self.ready.unlink(missing_ok=True)
        except OSError as error:
            raise from_os_error(error, self.path) or error from error

    @property
    def is_open(self) -> bool:
        """Whether this object holds the lock."""
        return self._lock is not None

    def close(self) -> None:
        """Let the lock go; the kernel does so too when this process ends in any way."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def forget_lock(self) -> None:
        """In a forked child: the lock is the parent's alone."""
        self.close()

    def is_open_elsewhere(self) -> int | None:
        """The pid of the stack that runs on this folder, or None."""
        try:
            handle = os.open(self.run / "lock", os.O_RDONLY)
        except FileNotFoundError:
            return None
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return int(os.read(handle, 20) or b"0")
        finally:
            os.close(handle)
        return None

    def pid_file(self, part: str) -> Path:
        """Where the pid of a running part stands."""
        return self.run / f"{part}.pid"

    def hold_file(self, part: str) -> Path:
        """While this file exists, a part that has ended is not started again (for repairs)."""
        return self.run / f"{part}.hold"

    def write_json(self, path: Path, content: Any) -> None:
        """Write a file that only this user reads, wholly or not at all."""
        try:
            half = path.with_name(f"{path.name}.half")
            handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as out:
                json.dump(content, out, ensure_ascii=False, indent=1)
                out.flush()
                os.fsync(out.fileno())
            half.replace(path)
        except OSError as error:
            raise from_os_error(error, self.path) or error from error

    def _take_lock(self) -> None:
        handle = os.open(self.run / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pid = os.read(handle, 20).decode() or "unknown"
            os.close(handle)
            raise Refusal(
                f"An old process ({pid}) still runs on the data folder {self.path}",
                f"stop it with Ctrl-C in its terminal or `kill {pid}`, or choose another with --data-dir",
            ) from None
        os.ftruncate(handle, 0)
        os.write(handle, str(os.getpid()).encode())
        self._lock = handle

    def _wait_for_orphans(self) -> None:
        """After a supervisor was killed its children end by themselves; give them a moment, then tell."""
        from deploy.cli.stack.waiting import wait_until

        def living() -> list[int]:
            found = []
            for file in self.run.glob("*.pid"):
                pid = file.read_text().strip()
                if pid.isdigit() and _is_ours(int(pid)):
                    found.append(int(pid))
                else:
                    file.unlink(missing_ok=True)
            return found

        if not wait_until(lambda: not living(), seconds=15):
            pids = " ".join(map(str, living()))
            raise Refusal(
                f"Old processes ({pids}) of an earlier start still run on {self.path}",
                f"end them with `kill {pids}`, then start again",
            )


def _is_ours(pid: int) -> bool:
    """Whether this pid is a part of a stack: pids are used again after a restart of the machine."""
    try:
        name = Path(f"/proc/{pid}/comm").read_text().strip()
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z" and name.startswith(("postgres", "nats-server", "shegong"))
