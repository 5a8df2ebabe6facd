"""Starting a program so that it never outlives its starter and never hears the terminal's Ctrl-C.

The order in which a stack stops is the supervisor's: a child in the terminal's process group would get SIGINT
at the same moment, and PostgreSQL would be gone before the services that write to it.
"""

import ctypes
import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

_libc = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG = 1
CLONE_NEWUSER = 0x10000000


def die_with_parent(parent: int, how: signal.Signals) -> None:
    """Ask the kernel to send `how` to this process when its parent ends (Linux; elsewhere it does nothing).

    `parent` is the parent's pid taken before the fork: it may have ended already.
    """
    if hasattr(_libc, "prctl"):
        _libc.prctl(_PR_SET_PDEATHSIG, int(how), 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def enter_user_namespace(uid: int, gid: int) -> None:
    """Continue in a new user namespace, in which this user is seen as `uid` (as `unshare --user` does)."""
    outer_uid, outer_gid = os.getuid(), os.getgid()
    if _libc.unshare(CLONE_NEWUSER) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{uid} {outer_uid} 1")
    Path("/proc/self/gid_map").write_text(f"{gid} {outer_gid} 1")


def spawn(
    command: Sequence[str | Path],
    *,
    enter: Callable[[], None],
    log: Path,
    folder: Path,
    environment: Mapping[str, str],
    on_parent_death: signal.Signals,
) -> "subprocess.Popen[bytes]":
    """Start a server: own session, output into `log`, identity changed by `enter`, ended with its parent."""
    parent = os.getpid()

    def prepare() -> None:
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        enter()
        # After the change of identity: that change clears the death signal.
        die_with_parent(parent, on_parent_death)

    with log.open("ab") as output:
        return subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env=dict(environment),
            start_new_session=True,
            preexec_fn=prepare,
        )
