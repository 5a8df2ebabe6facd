"""What the operator is told when something is in the way: what it is, and how to mend it; no traceback."""

import errno
from pathlib import Path

from pydantic import ValidationError


class Refusal(Exception):
    """The command cannot go on; `what` names the obstacle, `mend` what the operator can do about it."""

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(f"{what}: {mend}")
        self.what = what
        self.mend = mend


def wrong_setting(error: ValidationError) -> Refusal:
    """The refusal for settings that do not fit, by the names of their variables; their values are not repeated."""
    told = [
        f"SHEGONG_{str(each['loc'][0]).upper()} {each['msg'].removeprefix('Value error, ')}" for each in error.errors()
    ]
    return Refusal("The configuration is wrong", "; ".join(told))


_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_BARRED = {errno.EACCES, errno.EPERM, errno.EROFS}
_FULL_WORDS = ("No space left on device", "no space left on device", "Disk quota exceeded", "File too large")


def disk_full(folder: Path) -> Refusal:
    """The refusal for a disk, quota or file size limit that is used up."""
    return Refusal(
        f"The disk that holds {folder} is full",
        "free some space, or choose a folder on another disk with --data-dir (SHEGONG_DATA_DIR)",
    )


def unwritable(folder: Path) -> Refusal:
    """The refusal for a data folder that this user may not write."""
    return Refusal(
        f"The data folder {folder} cannot be written by this user",
        f"choose another with --data-dir (SHEGONG_DATA_DIR), or give it to this user: chown -R $(id -u) {folder}",
    )


def port_taken(port: int, purpose: str, option: str = "--port (SHEGONG_PORT)") -> Refusal:
    """The refusal for a port that another program listens on."""
    return Refusal(
        f"Port {port} for {purpose} is taken by another program",
        f"end that program (`ss -ltnp 'sport = :{port}'` names it), or choose another port with {option}",
    )


def from_os_error(error: OSError, folder: Path) -> Refusal | None:
    """The refusal that an operating system error under the data folder stands for; None for another error."""
    if error.errno in _FULL:
        return disk_full(folder)
    if error.errno in _BARRED:
        return unwritable(Path(error.filename or folder))
    if error.errno in (errno.EEXIST, errno.ENOTDIR):
        return Refusal(f"The data folder {folder} is no folder", "choose another with --data-dir (SHEGONG_DATA_DIR)")
    return None


def from_log(program: str, log: Path, folder: Path) -> Refusal:
    """The refusal that the last lines of a server's log stand for."""
    try:
        tail = log.read_text(encoding="utf-8", errors="replace")[-4000:]
    except OSError:
        tail = ""
    if any(words in tail for words in _FULL_WORDS):
        return disk_full(folder)
    if "ddress already in use" in tail:
        return Refusal(
            f"{program} found its port taken by another program",
            "start again; a free port is chosen for it, or end the old process that holds it",
        )
    if "pre-existing shared memory block" in tail or ("postmaster.pid" in tail and "already exists" in tail):
        return Refusal(f"An old {program} still runs on {folder}", "end it, then start again")
    if "are incompatible with server" in tail:
        return Refusal(
            f"The data in {folder} was written by another major version of {program}",
            "restore a backup into a new --data-dir, or use the version that wrote it",
        )
    lines = [line for line in tail.splitlines() if line.strip()]
    last = lines[-1].strip() if lines else "it wrote nothing"
    return Refusal(f"{program} did not start ({last})", f"read its log {log} and run `shegong doctor`")
