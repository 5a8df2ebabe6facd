"""A Word template filled in: what is printed is what was given, and nothing is left empty by mistake."""

import io
from pathlib import Path

import pytest
from docx import Document
from jinja2 import UndefinedError
from jinja2.exceptions import SecurityError

from kernel.documents import fill
from kernel.documents.pdf import LibreOffice
from kernel.errors import NotImplementedHere


def template(folder: Path, *paragraphs: str) -> bytes:
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    path = folder / "form.docx"
    document.save(str(path))
    return path.read_bytes()


def lines(docx: bytes) -> list[str]:
    return [paragraph.text for paragraph in Document(io.BytesIO(docx)).paragraphs]


def test_values_and_lists_are_filled_in(tmp_path: Path) -> None:
    form = template(tmp_path, "甲方：{{ employer }}", "{%p for each in items %}", "{{ each }}", "{%p endfor %}")
    assert lines(fill(form, {"employer": "青松街道", "items": ["一", "二"]})) == ["甲方：青松街道", "一", "二"]


def test_markup_in_a_value_is_printed_as_text(tmp_path: Path) -> None:
    form = template(tmp_path, "{{ value }}")
    assert lines(fill(form, {"value": "<w:b/> & {{ other }}"})) == ["<w:b/> & {{ other }}"]


def test_a_mark_without_value_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UndefinedError):
        fill(template(tmp_path, "{{ forgotten }}"), {})


def test_a_template_cannot_reach_into_the_program(tmp_path: Path) -> None:
    with pytest.raises(SecurityError):
        fill(template(tmp_path, "{{ value.__class__.__mro__ }}"), {"value": "x"})


async def test_without_libreoffice_a_pdf_is_refused_with_the_mend(tmp_path: Path) -> None:
    with pytest.raises(NotImplementedHere) as refused:
        await LibreOffice(search_path=str(tmp_path)).make(b"")
    assert refused.value.status == 501
    assert refused.value.detail is not None
    assert "make system" in refused.value.detail.en
