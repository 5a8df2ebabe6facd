"""What a file is, by its contents: names and declared types are the sender's word only (R4).

Signatures: PDF by ISO 32000-2, JPEG by ITU-T T.81, PNG by W3C PNG, docx and xlsx by ECMA-376 in a ZIP (APPNOTE 6.3).
"""

import struct

PDF = "application/pdf"
JPEG = "image/jpeg"
PNG = "image/png"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MEDIA_TYPES = (PDF, JPEG, PNG, DOCX)
"""What is taken in as a document; a workbook is taken in to be read only."""

HEAD_BYTES = 16
TAIL_BYTES = 64 * 1024
"""Enough for the directory of a ZIP with several hundred members; a document of words has a few dozen."""

_DIRECTORY_END = b"PK\x05\x06"
_DIRECTORY_ENTRY = b"PK\x01\x02"
_ENTRY_BYTES = 46
_NEEDED = {
    DOCX: {"[Content_Types].xml", "word/document.xml"},
    XLSX: {"[Content_Types].xml", "xl/workbook.xml"},
}


def media_type(head: bytes, tail: bytes) -> str | None:
    """The type of a file by its first `HEAD_BYTES` and last `TAIL_BYTES`; None for what is not taken in."""
    if head.startswith(b"%PDF-") and b"%%EOF" in tail[-1024:]:
        return PDF
    if head.startswith(b"\xff\xd8\xff") and tail.rstrip(b"\x00").endswith(b"\xff\xd9"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n") and tail.endswith(b"IEND\xaeB`\x82"):
        return PNG
    if head.startswith(b"PK\x03\x04"):
        return _office_type(_members(tail))
    return None


def _office_type(members: set[str]) -> str | None:
    """A document of words or a workbook, without macros."""
    if any(name.lower().endswith("vbaproject.bin") for name in members):
        return None
    return next((kind for kind, needed in _NEEDED.items() if members >= needed), None)


def _members(tail: bytes) -> set[str]:
    """Names in the central directory of a ZIP whose last bytes these are; none where it is not whole here."""
    end = tail.rfind(_DIRECTORY_END)
    if end < 0 or len(tail) < end + 22:
        return set()
    count, size = struct.unpack_from("<HI", tail, end + 10)
    place, names = end - size, set()
    if place < 0:
        return set()
    for _ in range(count):
        if tail[place : place + 4] != _DIRECTORY_ENTRY or place + _ENTRY_BYTES > end:
            return set()
        name, extra, comment = struct.unpack_from("<HHH", tail, place + 28)
        names.add(tail[place + _ENTRY_BYTES : place + _ENTRY_BYTES + name].decode("utf-8", "replace"))
        place += _ENTRY_BYTES + name + extra + comment
    return names
