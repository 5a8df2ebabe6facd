"""A file is what its contents say, whatever its name or declared type."""

import pytest

from kernel.files import sniffing
from tests.unit.kernel.files.samples import DOCX, JPEG, PDF, PNG, SCRIPT, archive


def sniffed(content: bytes) -> str | None:
    return sniffing.media_type(content[: sniffing.HEAD_BYTES], content[-sniffing.TAIL_BYTES :])


@pytest.mark.parametrize(
    ("content", "media_type"),
    [(PDF, sniffing.PDF), (PNG, sniffing.PNG), (JPEG, sniffing.JPEG), (DOCX, sniffing.DOCX)],
)
def test_each_kind_is_known_by_its_contents(content: bytes, media_type: str) -> None:
    assert sniffed(content) == media_type
    assert sniffed(content[: len(content) // 2]) is None, "half a file is none"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        SCRIPT,
        b"MZ" + bytes(100),
        archive("word/document.xml"),
        archive("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"),
        archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
        b"PK\x03\x04" + bytes(50) + b"PK\x05\x06" + b"\xff" * 18,
    ],
)
def test_everything_else_is_refused(content: bytes) -> None:
    assert sniffed(content) is None


def test_a_document_larger_than_the_part_looked_at_is_known() -> None:
    content = archive("[Content_Types].xml", "word/document.xml", *(f"word/media/{n}.png" for n in range(400)))
    assert sniffed(content) == sniffing.DOCX
