"""A PDF where this machine has LibreOffice; without it the refusal says what to install."""

import asyncio
import io
import os
import shutil
import stat
from pathlib import Path

import pytest
from docx import Document

from kernel.documents.pdf import PROGRAMS, LibreOffice
from kernel.errors import NotImplementedHere, Unavailable


def docx() -> bytes:
    document = Document()
    document.add_paragraph("劳动合同")
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


async def test_a_pdf_is_made_or_refused_with_the_mend() -> None:
    maker = LibreOffice()
    if any(shutil.which(program) for program in PROGRAMS):
        first, second = await asyncio.gather(maker.make(docx()), maker.make(docx()))
        assert first.startswith(b"%PDF-")
        assert second.startswith(b"%PDF-")
    else:
        with pytest.raises(NotImplementedHere, match="make system"):
            await maker.make(docx())


async def test_a_program_that_makes_nothing_is_told_as_unavailable(tmp_path: Path) -> None:
    broken = tmp_path / "soffice"
    broken.write_text("#!/bin/sh\nexit 3\n")
    broken.chmod(broken.stat().st_mode | stat.S_IXUSR)
    with pytest.raises(Unavailable):
        await LibreOffice(search_path=os.fspath(tmp_path)).make(docx())
