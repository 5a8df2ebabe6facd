"""Forking this interpreter: a child has its own session, signals and log, and dies with its parent."""

import gc
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path

from deploy.cli.failures import Refusal
from deploy.cli.stack.children import die_with_parent
from deploy.cli.stack.folder import DataFolder

HANDLED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD)
CRASHED = 1


def fork(name: str, run: Callable[[], None], *, folder: DataFolder, log: Path) -> int:
    """Run `run` in a forked child and return its pid. `name` is seen in `ps -o comm`.

    The parent must have no other thread: it would not live on in the child, and its locks would never open.
    """
    if threading.active_count() > 1:
        names = ", ".join(thread.name for thread in threading.enumerate())
        raise RuntimeError(f"a thread runs before the fork: {names}")
    parent = os.getpid()
    sys.stdout.flush()
    sys.stderr.flush()
    # A signal between fork and the child's first lines would run the parent's handler in the child.
    signal.pthread_sigmask(signal.SIG_BLOCK, HANDLED)
    try:
        pid = os.fork()
        if pid == 0:
            _child(name, run, folder, log, parent)
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, HANDLED)
    return pid


def _child(name: str, run: Callable[[], None], folder: DataFolder, log: Path, parent: int) -> None:
    code = CRASHED
    try:
        os.setsid()
        for number in HANDLED:
            signal.signal(number, signal.SIG_DFL)
        signal.set_wakeup_fd(-1)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, HANDLED)
        die_with_parent(parent, signal.SIGTERM)
        folder.forget_lock()
        output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(output, 1)
        os.dup2(output, 2)
        os.close(output)
        _rename(name)
        gc.enable()
        run()
        code = 0
    except SystemExit as ending:
        code = ending.code if isinstance(ending.code, int) else CRASHED
    except Refusal as refusal:
        print(refusal, file=sys.stderr)  # noqa: T201 - standard error of the child is its log
    except BaseException:
        traceback.print_exc()
    finally:
        try:
            sys.stdout.flush()
            sys.stderr.flush()
        finally:
            os._exit(code)


def _rename(name: str) -> None:
    """The name under which the kernel lists the process: at most 15 bytes."""
    comm = Path("/proc/self/comm")
    if comm.exists():
        comm.write_text(f"shegong-{name}"[:15])
