"""PDF of a Word document through LibreOffice, where the machine has it; elsewhere the docx is what there is."""

import asyncio
import contextlib
import os
import shutil
import signal
import tempfile
from pathlib import Path
from typing import Protocol

from kernel.errors import NotImplementedHere, Text, Unavailable

PROGRAMS = ("soffice", "libreoffice")
SECONDS = 60
"""A cold start of LibreOffice with a profile of its own takes some seconds; beyond a minute it hangs."""
AT_ONCE = asyncio.Semaphore(1)
"""One conversion of a process at a time: each takes a core and some hundred megabytes."""


class PdfMaker(Protocol):
    """Whatever makes a PDF of a docx."""

    async def make(self, docx: bytes) -> bytes:
        """The PDF; raises `NotImplementedHere` where nothing can make one."""
        ...


class LibreOffice:
    """LibreOffice, started for one document with a throw-away profile, so that no state passes between documents."""

    def __init__(self, search_path: str | None = None) -> None:
        self._search_path = search_path

    def program(self) -> str:
        """Path of the program; raises `NotImplementedHere` with what to install."""
        for name in PROGRAMS:
            found = shutil.which(name, path=self._search_path)
            if found is not None:
                return found
        raise NotImplementedHere(
            Text(
                "本机未安装 LibreOffice，不能生成 PDF；请由管理员执行 make system，或下载 docx 格式",
                "LibreOffice is not installed, so no PDF can be made: run `make system`, or ask for format=docx.",
            )
        )

    async def make(self, docx: bytes) -> bytes:
        """The PDF of the document. Raises `NotImplementedHere` without LibreOffice, `Unavailable` where it fails."""
        program = self.program()
        async with AT_ONCE:
            with tempfile.TemporaryDirectory(prefix="shegong-pdf-") as name:
                return await _convert(program, Path(name), docx)


async def _convert(program: str, folder: Path, docx: bytes) -> bytes:
    source, made = folder / "document.docx", folder / "document.pdf"
    await asyncio.to_thread(source.write_bytes, docx)
    child = await asyncio.create_subprocess_exec(
        program,
        f"-env:UserInstallation=file://{folder}/profile",
        "--headless",
        "--norestore",
        "--convert-to",
        "pdf",
        "--outdir",
        str(folder),
        str(source),
        env={"PATH": os.environ.get("PATH", os.defpath), "HOME": str(folder), "LANG": "C.UTF-8"},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        code = await asyncio.wait_for(child.wait(), SECONDS)
    except TimeoutError:
        raise Unavailable(cause="LibreOffice did not end in time", retry_after=SECONDS) from None
    finally:
        if child.returncode is None:
            # The program is a script that starts others; they are all in the session made for it.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            await child.wait()
    if code != 0 or not made.is_file():
        raise Unavailable(cause=f"LibreOffice ended with {code} and no PDF")
    return await asyncio.to_thread(made.read_bytes)
